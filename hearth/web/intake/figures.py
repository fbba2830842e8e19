"""Where the ways in of a quarter came from and how far they came: sums alone, and nothing of few."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.measures.small_numbers import FEWEST
from hearth.web.intake.board import straight_in, ways_in
from hearth.web.intake.rules import Column
from hearth.web.intake.wording import SOURCES
from hearth.web.leader_today import LEADERS

DAYS = 90
EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Row:
    """One source: how many stand in each column, how many came, and the share admitted. None tells of too few."""

    source: str
    counts: tuple[int | None, ...]
    total: int | None
    admitted: float | None


def figures(*, viewer: User, at: datetime) -> list[Row]:
    """The ways in that began within the last ninety days, a row for each source and one for everyone."""
    if not viewer.has_any(LEADERS):
        raise PermissionDenied
    since = at - timedelta(days=DAYS)
    found = ways_in(viewer=viewer, since=since, at=at, but_straight=True)
    counted = Counter((card.source, card.standing.column) for card in found if card.began_at >= since)
    counted["direct", Column.ADMITTED] += straight_in(viewer=viewer, since=since)
    told = suppressed([[counted[source, column] for column in Column] for source in SOURCES])
    return [_row(source, cells) for source, cells in zip([*SOURCES, EVERYONE], told, strict=True)]


def _row(source: str, cells: Sequence[int | None]) -> Row:
    counts, total = tuple(cells[:-1]), cells[-1]
    came_in = counts[list(Column).index(Column.ADMITTED)]
    share = came_in / total if came_in is not None and total else None
    return Row(source, counts, total, share)


def suppressed(table: Sequence[Sequence[int]]) -> list[list[int | None]]:
    """This table with its sums (a last column and a last row), and None for what tells of fewer than FEWEST people.

    What is left out must not follow from what is told: in every line with a gap there are two gaps or more, what a
    line leaves out comes to FEWEST or more wherever its sum is told, and no gap follows from several lines together.
    """
    whole = [[*row, sum(row)] for row in table]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    height, width = len(whole), len(whole[0])
    lines = [[(row, column) for column in range(width)] for row in range(height)]
    lines += [[(row, column) for row in range(height)] for column in range(width)]
    hidden = {(row, column) for row in range(height) for column in range(width) if 0 < whole[row][column] < FEWEST}
    while gap := next(filter(None, (_to_hide(line, whole, hidden) for line in lines)), None) or _to_ring(whole, hidden):
        hidden.add(gap)
    return [
        [None if (row, column) in hidden else whole[row][column] for column in range(width)] for row in range(height)
    ]


Cell = tuple[int, int]


def _to_hide(line: Sequence[Cell], whole: Sequence[Sequence[int]], hidden: set[Cell]) -> Cell | None:
    """The next cell of this line to leave out, so that its gaps cannot be worked out; None where they cannot."""
    *parts, total = line
    gaps = [cell for cell in line if cell in hidden]
    in_parts = sum(whole[row][column] for row, column in parts if (row, column) in hidden)
    if not gaps or (len(gaps) > 1 and (total in hidden or in_parts >= FEWEST)):
        return None
    if total == (len(whole) - 1, len(whole[0]) - 1) and total not in hidden:
        return total  # in a line of sums, the sum of all is the least loss
    shown = [cell for cell in parts if cell not in hidden]
    return min(shown, key=lambda cell: (whole[cell[0]][cell[1]] == 0, whole[cell[0]][cell[1]], cell), default=total)


def _to_ring(whole: Sequence[Sequence[int]], hidden: set[Cell]) -> Cell | None:
    """The next cell to leave out where a gap follows from several lines together; None where none does.

    Gaps may be other numbers than they are only along a ring of gaps, each in a row or column with the next: one more
    on this, one less on that. A gap in no ring is thereby told.
    """
    for row, column in sorted(hidden):
        rows, columns, others = {row}, set[int](), hidden - {(row, column)}
        while reached := {cell for cell in others if (cell[0] in rows) != (cell[1] in columns)}:
            rows |= {cell[0] for cell in reached}
            columns |= {cell[1] for cell in reached}
        if column not in columns:
            beside = [(row, other) for other in range(len(whole[0]))], [(other, column) for other in range(len(whole))]
            shown = next(filter(None, ([cell for cell in line if cell not in hidden] for line in beside)))
            return min(shown, key=lambda cell: (whole[cell[0]][cell[1]] == 0, whole[cell[0]][cell[1]], cell))
    return None
