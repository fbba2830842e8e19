"""Incidents by kind and month. Nothing of few is hidden: whoever reads the figures may read each report."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.safety.incident_queries import READERS, incidents_seen_by
from hearth.safety.incident_words import KINDS

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of reports: a row for each kind and one for all, with a cell for each month and one for all of them.

    A cell has the words of its column beside it. A kind of which nothing was reported has no row.
    """

    months: list[str]
    rows: list[tuple[str, list[tuple[str, int]]]]


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
    counts = {words: [counted[kind, month] for month in months] for kind, words in KINDS.items()}
    told = [(str(words), row) for words, row in counts.items() if any(row)]
    told.append((_("All"), [sum(column) for column in zip(*counts.values(), strict=True)]))
    labels = [*(date_format(month, "M Y") for month in months), _("All")]
    return Figures(labels[:-1], [(words, list(zip(labels, [*row, sum(row)], strict=True))) for words, row in told])


def _months(today: date) -> list[date]:
    """The first days of the last months, this one last."""
    number = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number - MONTHS + 1, number + 1)]
