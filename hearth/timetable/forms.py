"""Forms of the timetable: the hours of a week, and which week to work out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.lib.written_dates import written
from hearth.timetable import hours
from hearth.timetable.board import CLOSE, OPEN, Span, clock
from hearth.timetable.hours import Change, Changed, Row, Trouble

TROUBLES: dict[Trouble, Promise] = {
    Trouble.NOT_A_TIME: gettext_lazy("This is not a time of day. Write it like 17:30."),
    Trouble.ONE_MISSING: gettext_lazy("One of the two times is missing."),
    Trouble.ENDS_BEFORE: gettext_lazy("This ends before it begins. Are the two times the other way round?"),
    Trouble.OVERLAPS: gettext_lazy("These hours overlap with others on the same day. Make them one."),
    Trouble.OUTSIDE: gettext_lazy("We meet between 08:00 and 21:00; these hours lie outside."),
    Trouble.TOO_SHORT: gettext_lazy("No whole half hour fits in here. Make it longer, or leave it out."),
}
"""Words for the codes of `hours.read_rows`."""

WEEKS_AHEAD = 4
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row of the form: as typed, with what is wrong. `number` makes its ids."""

    number: int
    start: str
    end: str
    problem: Promise | str


@dataclass(frozen=True, slots=True)
class Day:
    """One weekday of the form. `spare` is the empty row for another stretch."""

    number: int
    name: str
    field: str
    rows: tuple[TypedRow, ...]
    spare: TypedRow


class WeekOfHours:
    """The rows of one person's week: read from a post, or from what is stored."""

    def __init__(self, name: str, data: QueryDict | None, stored: Sequence[Span]) -> None:
        self.name, self.is_bound = name, data is not None
        self.rows = list(_posted(name, data)) if data is not None else hours.rows_of(stored)

    @cached_property
    def reading(self) -> hours.Reading:
        return hours.read_rows(self.rows)

    @property
    def days(self) -> list[Day]:
        """The seven days with their rows; each has at least one."""
        found = []
        for day in range(7):
            here = [(number, row) for number, row in enumerate(self.rows) if row.day == day and not row.is_empty]
            rows = tuple(TypedRow(number, row.start, row.end, self._problem(number)) for number, row in here)
            empty = TypedRow(1000 + day, "", "", "")
            spare = TypedRow(2000 + day, "", "", "")
            found.append(Day(day, str(WEEKDAYS[day]), f"{self.name}-{day}", rows or (empty,), spare))
        return found

    def _problem(self, number: int) -> Promise | str:
        trouble = self.reading.troubles.get(number) if self.is_bound else None
        return TROUBLES[trouble] if trouble else ""

    def changes(self) -> list[str]:
        """What was taken otherwise than typed, in sentences."""
        return [_changed(one) for one in self.reading.changed]


class HoursForm(forms.Form):
    """When someone could come, and their family where it takes part. `week` and `family` hold the rows."""

    note = forms.CharField(
        label=gettext_lazy("Anything we should know about your week?"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        stored: Sequence[Span] = (),
        stored_family: Sequence[Span] = (),
        with_family: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.week = WeekOfHours("week", data, stored)
        self.family = WeekOfHours("family", data, stored_family) if with_family else None

    def clean(self) -> dict[str, Any]:
        """Collect the rows' troubles into one line above the form."""
        cleaned = super().clean() or {}
        parts = [self.week, self.family] if self.family else [self.week]
        count = sum(len(part.reading.troubles) for part in parts)
        if count:
            raise forms.ValidationError(_("Some hours need another look; the sentence beside each says why."))
        if not self.week.reading.spans:
            raise forms.ValidationError(_("No hours are marked yet. Mark when you could come."))
        return cleaned

    def spans(self) -> tuple[Span, ...]:
        """The person's hours on the grid."""
        return self.week.reading.spans

    def family_spans(self) -> tuple[Span, ...]:
        """The family's hours on the grid."""
        return self.family.reading.spans if self.family else ()

    def changes(self) -> list[str]:
        """What was rounded or cut, in sentences."""
        return [*self.week.changes(), *(self.family.changes() if self.family else ())]


def _posted(name: str, data: QueryDict) -> Iterator[Row]:
    for day in range(7):
        starts, ends = data.getlist(f"{name}-{day}-from"), data.getlist(f"{name}-{day}-to")
        length = max(len(starts), len(ends))
        starts += [""] * (length - len(starts))
        ends += [""] * (length - len(ends))
        for start, end in zip(starts, ends, strict=True):
            yield Row(day, start[:20], end[:20])


def _changed(one: Changed) -> str:
    words = {
        "day": str(WEEKDAYS[one.row.day]),
        "typed": f"{one.row.start}–{one.row.end}",
        "kept": f"{clock(one.span.start)}–{clock(one.span.end)}",
        "open": clock(OPEN),
        "close": clock(CLOSE),
    }
    if one.change == Change.CLIPPED:
        return _("%(day)s: we meet between %(open)s and %(close)s, so %(typed)s counts as %(kept)s.") % words
    return _("%(day)s: sessions begin on the half hour, so %(typed)s counts as %(kept)s.") % words


class ProposeForm(forms.Form):
    """Which week to work out: this one or one of the next."""

    week_of = forms.TypedChoiceField(label=gettext_lazy("From the week of"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, monday: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weeks = [monday + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD + 1)]
        self.usual_week = weeks[1]
        choices = [(week.isoformat(), written(week, "j F")) for week in weeks]
        self.fields["week_of"].choices = choices  # type: ignore[attr-defined]
        self.fields["week_of"].initial = self.usual_week.isoformat()
