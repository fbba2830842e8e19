"""The forms in which one change is asked about: what would be."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.people.models import Population
from hearth.timetable.board import CLOSE, OPEN, SLOT, Span, clock
from hearth.timetable.compared import topic_word
from hearth.timetable.pictures import Means
from hearth.timetable.what_if import Away, Capacity, Change, ClosedRoom, Hire, MoreHours
from hearth.timetable.what_if_words import language_word

KINDS: dict[str, Promise] = {
    "hire": gettext_lazy("Hire somebody"),
    "hours": gettext_lazy("More hours"),
    "room": gettext_lazy("Close a room"),
    "capacity": gettext_lazy("Another group size"),
    "away": gettext_lazy("Somebody away"),
}
FIELDS: dict[str, tuple[str, ...]] = {
    "hire": ("day", "start", "end", "population", "language", "topics"),
    "hours": ("staff", "day", "start", "end"),
    "room": ("room",),
    "capacity": ("most",),
    "away": ("staff",),
}
SMALLEST, LARGEST = 2, 30


class WhatIfForm(forms.Form):
    """One change to ask about: only the fields of its kind are there. `means` are who and what there is.

    `wish` is what another page suggests.
    """

    staff = forms.ChoiceField(label=gettext_lazy("Who"))
    room = forms.ChoiceField(label=gettext_lazy("Room"))
    most = forms.IntegerField(label=gettext_lazy("Most people in a group"), min_value=SMALLEST, max_value=LARGEST)
    day = forms.TypedChoiceField(label=gettext_lazy("Day"), coerce=int, choices=[(d, WEEKDAYS[d]) for d in range(7)])
    start = forms.TypedChoiceField(label=gettext_lazy("From"), coerce=int)
    end = forms.TypedChoiceField(label=gettext_lazy("Until"), coerce=int)
    population = forms.ChoiceField(label=gettext_lazy("For"), choices=Population.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, kind: str, means: Means, data: QueryDict | None = None, *, wish: dict[str, Any]) -> None:
        super().__init__(data, prefix=kind, initial=_usual(means) | wish)
        for name in set(self.fields) - set(FIELDS[kind]):
            del self.fields[name]
        times = [(minute, clock(minute)) for minute in range(OPEN, CLOSE + 1, SLOT)]
        choices: dict[str, list[tuple[Any, str]]] = {
            "staff": list(means.staff),
            "room": list(means.rooms),
            "start": times[:-1],
            "end": times[1:],
            "language": _by_name((code, language_word(code)) for code in means.languages),
            "topics": _by_name((topic, topic_word(topic)) for topic in means.topics),
        }
        for name in choices.keys() & self.fields.keys():
            self.fields[name].choices = choices[name]  # type: ignore[attr-defined]

    @property
    def title(self) -> Promise:
        """What it would be."""
        return KINDS[str(self.prefix)]

    def clean(self) -> dict[str, Any]:
        """The hours end after they begin."""
        cleaned = super().clean() or {}
        if "start" in cleaned and "end" in cleaned and cleaned["end"] <= cleaned["start"]:
            self.add_error("end", _("This ends before it begins."))
        return cleaned

    def change(self) -> Change:
        """What was asked; the form is valid."""
        found = self.cleaned_data
        match self.prefix:
            case "hire":
                return Hire((found["population"],), tuple(found["topics"]), (found["language"],), (self._span(),))
            case "hours":
                return MoreHours(found["staff"], self._span())
            case "room":
                return ClosedRoom(found["room"])
            case "capacity":
                return Capacity(found["most"])
            case _:
                return Away(found["staff"])

    def _span(self) -> Span:
        return Span(self.cleaned_data["day"], self.cleaned_data["start"], self.cleaned_data["end"])


def _usual(means: Means) -> dict[str, Any]:
    """A Spanish speaker on Tuesday evening is what most houses lack; groups a little larger come next."""
    return {
        "day": 1,
        "start": 16 * 60,
        "end": 20 * 60,
        "language": "es",
        "population": "adult",
        "most": means.capacity + 2,
        "topics": list(means.adult_topics[:1]),
    }


def _by_name(choices: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return sorted(choices, key=lambda choice: choice[1])
