"""Whose latest answers ask to look for them when they stay away. Callers are deeds on those patients' rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from hearth.measures import course
from hearth.measures import instrument as instruments
from hearth.measures.instrument import Instrument
from hearth.measures.models import Response, Rule
from hearth.measures.standing import courses_of
from hearth.measures.warning import FRESH, Low, low

GRAVE = frozenset({"urgent", "emergency"})
GRAVEST_FIRST: tuple[Low, ...] = ("answer", "band", "course")


@dataclass(frozen=True, slots=True)
class LowScore:
    """The latest answers on one instrument, on the day they were given, and why they ask to be looked at."""

    instrument: Instrument
    on: date
    why: Low
    total: int | None


def low_scores_of(patients: Collection[UUID], *, at: datetime) -> dict[UUID, LowScore]:
    """The gravest for each of `patients` who has one, from answers of this stay not older than `FRESH`.

    Three queries, and those of courses that are not known yet.
    """
    fresh = Response.objects.filter(patient__in=patients, answered_at__gt=at - FRESH, answered_at__lte=at)
    names = set(fresh.values_list("instrument", flat=True))
    if not names:
        return {}
    rows = Response.objects.filter(patient__in=patients, instrument__in=names, answered_at__lte=at)
    began = dict(
        Rule.objects.filter(patient__in=patients).values_list("patient").annotate(on=Max("started_on")).order_by()
    )
    lines: dict[tuple[UUID, str], list[Response]] = {}
    for row in rows.select_related("organisation").order_by("answered_at", "pk"):
        start = began.get(row.patient_id)
        if start is None or _day(row) >= start:
            lines.setdefault((row.patient_id, row.instrument), []).append(row)
    courses = courses_of(names)
    found: dict[UUID, LowScore] = {}
    for (patient, name), line in lines.items():
        one = _low(instruments.get(name), line, courses[name])
        if line[-1].answered_at > at - FRESH and one is not None:
            found[patient] = min(found.get(patient, one), one, key=lambda each: GRAVEST_FIRST.index(each.why))
    return found


def _low(instrument: Instrument, line: list[Response], known: course.Course) -> LowScore | None:
    latest = line[-1]
    totals = [(_day(row), row.total) for row in line if row.total is not None]
    why = low(
        instrument,
        total=latest.total,
        has_grave_answer=any(alert["severity"] in GRAVE for alert in latest.alerts),
        standing=course.standing(instrument, totals, known),
    )
    return LowScore(instrument, _day(latest), why, latest.total) if why else None


def _day(row: Response) -> date:
    return row.answered_at.astimezone(row.organisation.zone).date()
