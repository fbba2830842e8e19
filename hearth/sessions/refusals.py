"""What was refused at sessions' doors lately, for those who run the house: counts by kind and day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.sessions.models import RefusalCount

READERS = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})
DAYS = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of refusal with its counts, the oldest day first."""

    kind: str
    words: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Refusals:
    """The days, and each kind that happened on any of them, the most frequent first."""

    days: tuple[date, ...]
    lines: tuple[Line, ...]


def refusals(*, viewer: User, today: date) -> Refusals:
    """The last fourteen days. One query. Raises PermissionDenied."""
    if not viewer.has_any(READERS):
        raise PermissionDenied
    days = tuple(today - timedelta(days=back) for back in reversed(range(DAYS)))
    rows = RefusalCount.objects.filter(day__gte=days[0], day__lte=days[-1])
    found = {(kind, day): count for kind, day, count in rows.values_list("kind", "day", "count")}
    kinds = {kind for kind, _day in found}
    lines = [
        Line(kind, str(RefusalCount.Kind(kind).label), tuple(found.get((kind, day), 0) for day in days))
        for kind in kinds
    ]
    return Refusals(days, tuple(sorted(lines, key=lambda line: (-line.total, line.kind))))
