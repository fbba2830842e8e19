"""Figures over many people at once, for a caller who has passed the doors of those people or leads them all."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DateField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncWeek

from hearth.people.models import Patient
from hearth.sessions.models import Attendance, ContactNote
from hearth.sessions.rules.notes import OVERDUE
from hearth.sessions.to_sign import over_and_unsigned

Status = Attendance.Status
HERE = (Status.PRESENT, Status.LATE, Status.LEFT_EARLY)


def attended_by_week(*, since: date, until: date, zone: ZoneInfo) -> dict[tuple[UUID, date], int]:
    """Minutes attended by program and calendar week (its Monday) from one Monday in `zone` until another. One query."""
    rows = (
        Attendance.objects.filter(
            session__starts_at__gte=datetime.combine(since, time.min, tzinfo=zone),
            session__starts_at__lt=datetime.combine(until, time.min, tzinfo=zone),
            session__cancelled_at=None,
            patient__episodes__starts_on__lte=F("session__starts_at__date"),
            patient__episodes__planned_end_on__gt=F("session__starts_at__date"),
        )
        .annotate(week=TruncWeek("session__starts_at", tzinfo=zone, output_field=DateField()))
        .values_list("patient__episodes__program", "week")
        .annotate(attended=Sum("minutes"))
    )
    return {(program, week): attended for program, week, attended in rows}


def missed_in_a_row(*, patients: Collection[UUID], at: datetime) -> dict[UUID, int]:
    """Absences without excuse since each of `patients` last came, where there are any. Two queries."""
    over = Attendance.objects.filter(
        Q(session__ends_at__lte=at) | Q(session__ended_at__isnull=False), session__cancelled_at=None
    )
    missed = over.filter(status=Status.ABSENT, patient__in=patients).values_list("patient", "session__starts_at")
    away = list(missed)
    # Person by person, so that the database reads their sessions and not those of everyone.
    came = over.filter(status__in=HERE, patient=OuterRef("pk")).order_by("-session__starts_at")
    people = Patient.objects.filter(pk__in={who for who, _starts_at in away})
    last = dict(people.values_list("pk", Subquery(came.values("session__starts_at")[:1])))
    return Counter(who for who, starts_at in away if last[who] is None or starts_at > last[who])


def overdue_notes(*, at: datetime) -> int:
    """How many notes of the organisation are overdue: of sessions and of contacts outside them. Two queries."""
    contacts = ContactNote.objects.filter(signed_at=None, set_aside_at=None, happened_at__lte=at - OVERDUE)
    return over_and_unsigned(at=at).filter(Q(over__lte=at - OVERDUE)).count() + contacts.count()
