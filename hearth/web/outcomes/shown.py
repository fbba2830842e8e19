"""Figures as they are read: rounded once, for the screen and for the file alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.measures.outcomes import Interval
from hearth.web.outcomes.report import Part
from hearth.web.outcomes.rules import Row, Table
from hearth.web.outcomes.splits import NOT_KNOWN

BESIDE: dict[int, Promise] = {1: _("above the rest"), 0: _("no sure difference"), -1: _("below the rest")}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so would be worked out by a spreadsheet
HEADINGS = (
    _("Kind"), _("Figure"), _("Group"), _("People counted"), _("Unit"), _("Value"), _("Lowest"), _("Highest"),
    _("Difference to the rest"), _("Lowest difference"), _("Highest difference"), _("Read as"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rounded:
    """An interval in whole percents, or in points with one place after the comma."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a figure's table."""

    group: str
    is_everyone: bool
    counted: int | None = None
    value: Rounded | None = None
    difference: Rounded | None = None
    read_as: str = ""
    is_sure: bool = False


def group_words(group: str) -> str:
    """What a group is called."""
    return _t("Not known") if group == NOT_KNOWN else group


def lines(table: Table) -> list[Line]:
    """Everyone, then the groups; those of which nothing is told share a line at the end."""
    told = [_line(row, is_share=table.is_share) for row in table.rows]
    silent = [line for line in told if not (line.value or line.is_everyone)]
    found = [line for line in told if line not in silent]
    for why in dict.fromkeys(line.read_as for line in silent):
        names = ", ".join(line.group for line in silent if line.read_as == why)
        found.append(Line(names, is_everyone=False, read_as=why))
    return found


def _line(row: Row, *, is_share: bool) -> Line:
    return Line(
        group=_t("Everyone") if row.group is None else group_words(row.group),
        is_everyone=row.group is None,
        counted=row.counted,
        value=_rounded(row.value, is_share=is_share),
        difference=_rounded(row.difference, is_share=is_share),
        read_as=_read_as(row),
        is_sure=row.difference is not None and row.difference.direction != 0,
    )


def _read_as(row: Row) -> str:
    if row.value is None:
        return _t("nobody yet") if row.counted == 0 else _t("too few to tell")
    return str(BESIDE[row.difference.direction]) if row.difference else ""


def _rounded(found: Interval | None, *, is_share: bool) -> Rounded | None:
    if found is None:
        return None
    ends = (found.value, found.low, found.high)
    return Rounded(*(round(100 * end) if is_share else round(end, 1) + 0.0 for end in ends))


def as_rows(parts: Sequence[Part]) -> list[tuple[object, ...]]:
    """What the page's tables tell, a row for each of theirs and none more."""
    found: list[tuple[object, ...]] = [HEADINGS]
    for part in parts:
        for table in part.tables:
            unit = "%" if table.is_share else _t("points")
            for line in lines(table):
                counted = "" if line.counted is None else line.counted
                figures = (*_cells(line.value), *_cells(line.difference))
                found.append((part.title, table.title, _safe(line.group), counted, unit, *figures, line.read_as))
    return found


def _cells(found: Rounded | None) -> tuple[object, object, object]:
    return (found.value, found.low, found.high) if found else ("", "", "")


def _safe(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words
