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
    beside: str = ""
    is_sure: bool = False


def group_words(group: str) -> str:
    """What a group is called."""
    return _t("Not known") if group == NOT_KNOWN else group


def lines(table: Table) -> list[Line]:
    """Everyone, then the groups; those of which nothing is told share the last line."""
    told = [_line(row, is_share=table.is_share) for row in table.rows]
    shown = [line for line in told if line.value or line.is_everyone]
    silent = [line.group for line in told if line not in shown]
    return [*shown, Line(", ".join(silent), is_everyone=False)] if silent else shown


def _line(row: Row, *, is_share: bool) -> Line:
    return Line(
        group=_t("Everyone") if row.group is None else group_words(row.group),
        is_everyone=row.group is None,
        counted=row.counted,
        value=_rounded(row.value, is_share=is_share),
        difference=_rounded(row.difference, is_share=is_share),
        beside=str(BESIDE[row.difference.direction]) if row.difference else "",
        is_sure=row.difference is not None and row.difference.direction != 0,
    )


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
                told = line.beside if line.value else _t("too few to tell")
                figures = (*_cells(line.value), *_cells(line.difference))
                found.append((part.title, table.title, _safe(line.group), counted, unit, *figures, told))
    return found


def _cells(found: Rounded | None) -> tuple[object, object, object]:
    return (found.value, found.low, found.high) if found else ("", "", "")


def _safe(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words
