"""What figures are made of: each person's first stay of a period, and what was seen in and after it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from hearth.admission.models import Assessment, Episode
from hearth.admission.rules import Level
from hearth.measures.models import Response
from hearth.measures.outcomes import Time
from hearth.web.outcomes.rules import AS_LONG_AS_MEANT, Period

AT_COMPLETION = timedelta(days=7)  # after a stay, in which its completion answers come (product default)
SOON_AFTER = timedelta(days=30)  # in which a return to higher care counts as one after this stay (as HEDIS counts)
HIGHER = [one for one in Level if one > Level.IOP]  # levels sort by their figures


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's stay, as it stood when figures were last counted."""

    pk: UUID
    patient: UUID
    program: str
    starts_on: date
    planned_end_on: date
    ended_at: datetime | None
    end_reason: str
    age: int  # on the first day
    sex: str
    language: str
    came_back_higher: bool


def stays_of(period: Period, *, at: datetime) -> list[Stay]:
    """Everyone who began in the period, each with their first stay there, as it stood at `at`. One query.

    A stay that ended before its first day never began.
    """
    higher = Assessment.objects.filter(
        patient=OuterRef("patient"),
        decided_level__in=HIGHER,
        signed_at__gte=OuterRef("ended_at"),
        signed_at__lte=OuterRef("ended_at") + SOON_AFTER,
    )
    rows = Episode.objects.filter(starts_on__gte=period.first, starts_on__lt=period.until, admitted_at__lt=at)
    rows = rows.exclude(ended_at__lt=at, ended_at__date__lt=F("starts_on"))
    rows = rows.annotate(higher=Exists(higher)).order_by("patient", "starts_on", "pk").distinct("patient")
    told = ("starts_on", "planned_end_on", "ended_at", "end_reason", "program__name")
    of_them = ("patient__birth_date", "patient__sex", "patient__languages")
    return [_stay(row, at=at) for row in rows.select_related("patient", "program").only(*told, *of_them)]


def _stay(row: Episode, *, at: datetime) -> Stay:
    is_over = row.ended_at is not None and row.ended_at < at
    return Stay(
        pk=row.pk,
        patient=row.patient_id,
        program=row.program.name,
        starts_on=row.starts_on,
        planned_end_on=row.planned_end_on,
        ended_at=row.ended_at if is_over else None,
        end_reason=row.end_reason if is_over else "",
        age=row.patient.age(on=row.starts_on),
        sex=row.patient.sex,
        language=next(iter(row.patient.languages), ""),
        came_back_higher=row.higher,  # type: ignore[attr-defined]
    )


def times_of(stays: Iterable[Stay], *, at: datetime) -> dict[UUID, Time]:
    """How long each was seen in the program. Whoever completed was there as long as was meant."""
    found = {}
    for stay in stays:
        if stay.end_reason == Episode.EndReason.COMPLETED:
            found[stay.patient] = Time(AS_LONG_AS_MEANT, left=False)
            continue
        until = timezone.localdate(stay.ended_at or at)
        found[stay.patient] = Time(max(0, (until - stay.starts_on).days), left=stay.ended_at is not None)
    return found


def completed(stays: Iterable[Stay], *, at: datetime) -> dict[UUID, bool]:
    """Of those whose stay was planned to be over and is, who completed it."""
    due = (stay for stay in stays if stay.ended_at and stay.planned_end_on <= timezone.localdate(at))
    return {stay.patient: stay.end_reason == Episode.EndReason.COMPLETED for stay in due}


def came_to_higher_care(stays: Iterable[Stay], *, at: datetime) -> dict[UUID, bool]:
    """Of those whose stay ended long enough ago, who moved to more care, or came to need it soon after."""
    ended = (stay for stay in stays if stay.ended_at and stay.ended_at <= at - SOON_AFTER)
    return {
        stay.patient: stay.end_reason == Episode.EndReason.STEPPED_UP or stay.came_back_higher
        for stay in ended
        if stay.end_reason != Episode.EndReason.DIED
    }


@dataclass(frozen=True, slots=True)
class Totals:
    """One measure's totals by person: the latest of everyone who has one, and the first of those who have two."""

    latest: dict[UUID, int]
    first: dict[UUID, int]


def totals_of(stays: Sequence[Stay], names: Sequence[str], *, at: datetime) -> Mapping[str, Totals]:
    """What was answered in these stays and before `at`, by instrument. One query."""
    within = Q(answered_at__date__gte=F("patient__episodes__starts_on"), answered_at__lt=at) & (
        Q(patient__episodes__ended_at=None) | Q(answered_at__lte=F("patient__episodes__ended_at") + AT_COMPLETION)
    )
    given = Response.objects.filter(
        within, patient__episodes__in=[stay.pk for stay in stays], instrument__in=names, total__isnull=False
    )
    found = {name: Totals({}, {}) for name in names}
    several = given.values_list("instrument", "patient").annotate(
        totals=ArrayAgg("total", order_by=("answered_at", "pk"))
    )
    for name, one, totals in several.order_by():
        found[name].latest[one] = totals[-1]
        if len(totals) > 1:
            found[name].first[one] = totals[0]
    return found
