"""Forms of the timetable: the hours of a week, dates beside it, and which week to work out."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.lib.written_dates import written
from hearth.program.models import Program
from hearth.timetable import hours, one_offs
from hearth.timetable.board import CLOSE, OPEN, Span, clock
from hearth.timetable.busy import MOST_DATES, Busy
from hearth.timetable.hours import BEST, COULD, Change, Changed, Row, Trouble
from hearth.timetable.importing import LARGEST
from hearth.timetable.models import minutes_after_midnight

TROUBLES: dict[Trouble, Promise] = {
    Trouble.NOT_A_TIME: gettext_lazy("This is not a time of day. Write it like 17:30."),
    Trouble.ONE_MISSING: gettext_lazy("One of the two times is missing."),
    Trouble.ENDS_BEFORE: gettext_lazy("This ends before it begins. Are the two times the other way round?"),
    Trouble.OVERLAPS: gettext_lazy("These hours overlap with others on the same day. Make them one."),
    Trouble.OUTSIDE: gettext_lazy("We meet between 08:00 and 21:00; these hours lie outside."),
    Trouble.TOO_SHORT: gettext_lazy("No whole half hour fits in here. Make it longer, or leave it out."),
}
"""Words for the codes of `hours.read_rows`."""

LONGEST_NOTE = 300
LONGEST_TAKEN = 4000
TAKEN = re.compile(r"[0-6]-[0-9]{1,4}-[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row of the form: as typed, with what is wrong. `number` makes its ids."""

    number: int
    start: str
    end: str
    problem: Promise | str
    level: str = COULD


@dataclass(frozen=True, slots=True)
class Day:
    """One weekday of the form. `spare` is the empty row for another stretch."""

    number: int
    name: str
    field: str
    rows: tuple[TypedRow, ...]
    spare: TypedRow


class WeekOfHours:
    """The rows of one person's week: read from a post, or from what is stored.

    `taken` are the hours that their calendar holds, as "day-start-end" in minutes: drawn on the grid, kept nowhere.
    """

    def __init__(
        self, name: str, data: QueryDict | None, stored: Sequence[Span], best: Sequence[Span], *, has_levels: bool
    ) -> None:
        self.name, self.is_bound, self.has_levels = name, data is not None, has_levels
        self.taken = data.get("taken", "")[:LONGEST_TAKEN] if data is not None else ""
        self.rows = list(_posted(name, data)) if data is not None else hours.rows_of(stored, best)

    @cached_property
    def reading(self) -> hours.Reading:
        return hours.read_rows(self.rows)

    @property
    def days(self) -> list[Day]:
        """The seven days with their rows; each has at least one."""
        found = []
        for day in range(7):
            here = [(number, row) for number, row in enumerate(self.rows) if row.day == day and not row.is_empty]
            rows = tuple(TypedRow(number, row.start, row.end, self._problem(number), row.level) for number, row in here)
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
        best: Sequence[Span] = (),
        stored_family: Sequence[Span] = (),
        with_family: bool,
        busy: Busy | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.week = WeekOfHours("week", data, stored, best, has_levels=True)
        self.family = WeekOfHours("family", data, stored_family, (), has_levels=False) if with_family else None
        if busy is not None:
            self.week.taken = " ".join(f"{span.day}-{span.start}-{span.end}" for span in busy.weekly)
        self.offered = list(_dates_in(data, "offered")) if data is not None else list(busy.dates) if busy else []
        self.chosen = list(_dates_in(data, "date")) if data is not None else self.offered

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

    def best(self) -> tuple[Span, ...]:
        """The best of the person's hours."""
        return self.week.reading.best

    def family_spans(self) -> tuple[Span, ...]:
        """The family's hours on the grid."""
        return self.family.reading.spans if self.family else ()

    def busy(self) -> Busy:
        """What the calendar on this page holds, as our own page sent it back."""
        spans = (each.split("-") for each in self.week.taken.split() if TAKEN.fullmatch(each))
        return Busy(tuple(Span(*map(int, each)) for each in spans), tuple(self.offered))

    def dates(self) -> list[tuple[one_offs.Dates, bool]]:
        """Single dates that the calendar holds, and whether they are to be kept."""
        return [(dates, dates in self.chosen) for dates in self.offered]

    def changes(self) -> list[str]:
        """What was rounded or cut, in sentences."""
        return [*self.week.changes(), *(self.family.changes() if self.family else ())]


class FamilyHoursForm(forms.Form):
    """When somebody's family could come."""

    def __init__(self, data: QueryDict | None = None, *, stored: Sequence[Span] = ()) -> None:
        super().__init__(data)
        self.family = WeekOfHours("family", data, stored, (), has_levels=False)

    def clean(self) -> dict[str, Any]:
        """Collect the rows' troubles into one line above the form."""
        if self.family.reading.troubles:
            raise forms.ValidationError(_("Some hours need another look; the sentence beside each says why."))
        return super().clean() or {}


class CalendarForm(forms.Form):
    """Somebody's own calendar: a file, or the text of one."""

    file = forms.FileField(
        label=gettext_lazy("The calendar file (it ends in .ics)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste what is in the file"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """One of the two, and not too large."""
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), (cleaned.get("text") or "").strip()
        if not self.errors and not file and not text:
            raise forms.ValidationError(_("Choose a file or paste its text."))
        if (file.size if file else len(text)) > LARGEST:
            raise forms.ValidationError(_("This file is too large for one person's calendar (2 MB at most)."))
        cleaned["content"] = file.read() if file else text.encode()
        return cleaned


class CopyForm(forms.Form):
    """Which day's hours go onto which others."""

    day = forms.TypedChoiceField(
        label=gettext_lazy("The hours of"), coerce=int, choices=[(number, WEEKDAYS[number]) for number in range(7)]
    )
    to = forms.ChoiceField(
        label=gettext_lazy("also on"),
        choices=[
            ("workdays", gettext_lazy("Monday to Friday")),
            ("all", gettext_lazy("every day")),
            *((str(number), WEEKDAYS[number]) for number in range(7)),
        ],
    )

    def days(self) -> tuple[int, ...]:
        """The days that get the hours."""
        named = {"workdays": tuple(hours.WORKDAYS), "all": tuple(range(7))}
        chosen = self.cleaned_data["to"]
        return named[chosen] if chosen in named else (int(chosen),)


class OneOffForm(forms.Form):
    """Dates on which somebody cannot come: whole days, or a part of one."""

    first_on = forms.DateField(label=gettext_lazy("The day, or the first of them"), widget=forms.DateInput)
    last_on = forms.DateField(label=gettext_lazy("The last day"), required=False, widget=forms.DateInput)
    starts = forms.TimeField(label=gettext_lazy("From"), required=False, widget=forms.TimeInput)
    ends = forms.TimeField(label=gettext_lazy("To"), required=False, widget=forms.TimeInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Put a sentence beside the first thing that cannot be."""
        cleaned = super().clean() or {}
        first, starts, ends = (cleaned.get(name) for name in ("first_on", "starts", "ends"))
        if first is None or self.errors:
            return cleaned
        last = cleaned["last_on"] = cleaned.get("last_on") or first
        if last < first:
            self.add_error("last_on", _("This is before the first day. Are the two days the other way round?"))
        elif last < self.today:
            self.add_error("first_on", _("This is over. Write a day to come."))
        elif (last - first).days >= one_offs.LONGEST:
            self.add_error("last_on", _("That is very long. For more than two months, talk with your team."))
        elif (starts is None) != (ends is None):
            self.add_error("ends" if ends is None else "starts", str(TROUBLES[Trouble.ONE_MISSING]))
        elif starts and ends and starts >= ends:
            self.add_error("ends", str(TROUBLES[Trouble.ENDS_BEFORE]))
        elif starts and last != first:
            self.add_error("starts", _("Times are for one day alone. Leave them out for several days."))
        return cleaned

    def dates(self) -> one_offs.Dates:
        """What was written, as plain data."""
        starts, ends = (minutes_after_midnight(self.cleaned_data[name]) for name in ("starts", "ends"))
        return one_offs.Dates(self.cleaned_data["first_on"], self.cleaned_data["last_on"], starts, ends)


def _posted(name: str, data: QueryDict) -> Iterator[Row]:
    for day in range(7):
        columns = [data.getlist(f"{name}-{day}-{part}") for part in ("from", "to", "level")]
        for start, end, level in zip_longest(*columns, fillvalue=""):
            yield Row(day, start[:20], end[:20], BEST if level == BEST else COULD)


def _dates_in(data: QueryDict, name: str) -> Iterator[one_offs.Dates]:
    """The dates that our own page sent back; what it cannot have sent says nothing."""
    for text in data.getlist(name)[:MOST_DATES]:
        with suppress(one_offs.NotDates):
            yield one_offs.from_text(text)


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


class ChangeForm(forms.Form):
    """What to offer a student instead of one of their places, and until when they may answer."""

    to = forms.ChoiceField(label=gettext_lazy("Instead"), widget=forms.RadioSelect)
    until = forms.TypedChoiceField(label=gettext_lazy("An answer until"), coerce=datetime.fromisoformat)
    note = forms.CharField(
        label=gettext_lazy("A word to them"),
        help_text=gettext_lazy("They read it beside the change."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, options: Sequence[tuple[str, str]], until: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = options  # type: ignore[attr-defined]
        self.fields["until"].choices = until  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why a student cannot take what was offered, if they like to say."""

    reason = forms.CharField(
        label=gettext_lazy("Why not? It helps us to find something better."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ProposeForm(forms.Form):
    """Which week to work out and for whom: this one, or any up to the `last`. `scopes`: the programs of each choice."""

    week_of = forms.TypedChoiceField(
        label=gettext_lazy("From the week of"),
        help_text=gettext_lazy("It holds from that Monday on. Once it is accepted, no earlier week can be accepted."),
        coerce=date.fromisoformat,
    )
    scope = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)

    def __init__(self, *args: Any, monday: date, last: date, programs: Sequence[Program] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weeks = [monday + timedelta(weeks=ahead) for ahead in range((last - monday) // timedelta(weeks=1) + 1)]
        self.usual_week = weeks[1]
        choices = [(one.isoformat(), written(one, "j F" if one.year == monday.year else "j F Y")) for one in weeks]
        self.fields["week_of"].choices = choices  # type: ignore[attr-defined]
        self.fields["week_of"].initial = self.usual_week.isoformat()
        self.scopes = _scopes(programs)
        if len(programs) < 2:
            del self.fields["scope"]
            return
        each = (EACH, _("Each site and program by itself, side by side"))
        scopes = [("", _("Everyone together")), each, *((key, label) for key, (label, _ids) in self.scopes.items())]
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]

    def asked(self) -> list[tuple[UUID, ...]]:
        """The programs of each proposal that is asked for; none of them: everyone's."""
        scope = self.cleaned_data.get("scope", "")
        if scope == EACH:
            return [ids for key, (_label, ids) in self.scopes.items() if key in _apart(self.scopes)]
        return [self.scopes[scope][1]] if scope else [()]


EACH = "each"
Scopes = dict[str, tuple[str, tuple[UUID, ...]]]


def _scopes(programs: Sequence[Program]) -> Scopes:
    """Every site that has programs, and every program: what it is called, and which programs it is."""
    found: Scopes = {}
    for site in dict.fromkeys(one.site for one in programs if one.site is not None):
        label = _("%(site)s: all programs there") % {"site": site.name}
        found[f"site {site.pk}"] = (label, tuple(one.pk for one in programs if one.site_id == site.pk))
    return found | {str(one.pk): (one.name, (one.pk,)) for one in programs}


def _apart(scopes: Scopes) -> set[str]:
    """The scopes that cover every program once: the sites, and the programs that are at none."""
    sites = {key for key in scopes if key.startswith("site ")}
    at_sites = {program for key in sites for program in scopes[key][1]}
    return sites | {key for key, (_label, ids) in scopes.items() if key not in sites and not set(ids) & at_sites}
