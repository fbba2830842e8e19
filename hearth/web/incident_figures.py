"""Incidents by kind and month for those who lead: sums alone, and nothing of few."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.safety.incident_queries import READERS, incidents_seen_by
from hearth.safety.incident_words import KINDS
from hearth.web.intake.figures import suppressed

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of reports: a row for each kind and one for all, with a cell for each month and one for all of them.

    A cell has the words of its column beside it; None stands for too few to tell.
    """

    months: list[str]
    rows: list[tuple[str, list[tuple[str, int | None]]]]


def incident_figures(*, viewer: User, at: datetime, near_misses: bool) -> Figures:
    """Incidents, or near misses, of this month and those before it. One query. Raises PermissionDenied."""
    if not viewer.has_any(READERS):
        raise PermissionDenied
    zone = viewer.organisation.zone
    months = _months(at.astimezone(zone).date())
    since = datetime(months[0].year, months[0].month, 1, tzinfo=zone)
    rows = incidents_seen_by(viewer).filter(happened_at__gte=since, is_near_miss=near_misses)
    found = rows.values_list("kind", "happened_at")
    counted = Counter((kind, happened.astimezone(zone).date().replace(day=1)) for kind, happened in found)
    told = suppressed([[counted[kind, month] for month in months] for kind in KINDS])
    labels = [date_format(month, "M Y") for month in months]
    kinds = [*map(str, KINDS.values()), _("All")]
    cells = [list(zip([*labels, _("All")], row, strict=True)) for row in told]
    return Figures(labels, list(zip(kinds, cells, strict=True)))


def _months(today: date) -> list[date]:
    """The first days of the last months, this one last."""
    number = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number - MONTHS + 1, number + 1)]
