"""Figures over everyone, for those who lead. They say nothing of any one student."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DateField, F, Sum
from django.db.models.functions import TruncWeek

from hearth.sessions.models import Attendance


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
