"""Telling measures who soon has a talk alone, so that its questions are asked before it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hearth.measures import services as measures
from hearth.sessions.models import Attendance
from hearth.timetable.models import Kind

AHEAD = timedelta(days=4)


@transaction.atomic
def tell_of_talks(*, at: datetime) -> dict[UUID, date]:
    """Tell on which day each student has their next talk alone within the next days; returns what was told."""
    rows = (
        Attendance.objects.filter(
            session__kind=Kind.INDIVIDUAL, session__cancelled_at=None, session__starts_at__range=(at, at + AHEAD)
        )
        .order_by("-session__starts_at")
        .values_list("patient_id", "session__starts_at")
    )
    days = {patient: timezone.localdate(starts_at) for patient, starts_at in rows}
    measures.expect_individual(days=days)
    return days
