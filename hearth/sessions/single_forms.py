"""What is typed to make a single session or to change it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.accounts.models import User
from hearth.lib.written_dates import written
from hearth.people.models import Modality, Patient
from hearth.program.models import Interpreter, Room
from hearth.sessions.models import SessionKind
from hearth.sessions.rules.free_times import FreeTime
from hearth.sessions.singles import Single

LENGTHS = (15, 30, 45, 60, 90, 120, 150, 180)
DAYS = 7
FAR = timedelta(days=120)


class SingleForm(forms.Form):
    """What, who, where, how long and in which days; the time is chosen from those at which all of them are free."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=SessionKind)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Students read it. Left empty, it is called what it is."),
    )
    topic = forms.CharField(
        label=gettext_lazy("Topic"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Left empty, a group has what the curriculum has for its students that week."),
        widget=forms.TextInput(attrs={"list": "topics"}),
    )
    students = forms.MultipleChoiceField(
        label=gettext_lazy("Who comes"), widget=forms.SelectMultiple(attrs={"size": 10})
    )
    leader = forms.ChoiceField(label=gettext_lazy("Led by"))
    second = forms.ChoiceField(label=gettext_lazy("And by"), required=False)
    modality = forms.ChoiceField(label=gettext_lazy("How"), choices=Modality)
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)
    interpreter = forms.ChoiceField(label=gettext_lazy("Interpreter"), required=False)
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("How long"), coerce=int, choices=[(one, one) for one in LENGTHS], initial=60
    )
    week = forms.DateField(label=gettext_lazy("Look for times from"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self,
        *args: Any,
        people: Sequence[Patient],
        staff: Sequence[User],
        rooms: Sequence[Room],
        interpreters: Sequence[Interpreter],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self.staff = {str(one.pk): one for one in staff}
        self.rooms = {str(one.pk): one for one in rooms}
        self.interpreters = {str(one.pk): one for one in interpreters}
        self.today = today
        self._choose("students", self.people, None)
        self._choose("leader", self.staff, None)
        self._choose("second", self.staff, _("nobody else"))
        self._choose("room", self.rooms, _("no room"))
        self._choose("interpreter", self.interpreters, _("none"))
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (one, _("%(minutes)s minutes") % {"minutes": one}) for one in LENGTHS
        ]

    def _choose(self, name: str, rows: dict[str, Any], nobody: str | None) -> None:
        none = [] if nobody is None else [("", nobody)]
        self.fields[name].choices = [*none, *((key, row.name) for key, row in rows.items())]  # type: ignore[attr-defined]

    def clean_week(self) -> date:
        """Not in the past and not too far ahead."""
        week: date = self.cleaned_data["week"]
        return min(max(week, self.today), self.today + FAR)

    def days(self) -> list[date]:
        """The days that are looked at."""
        first: date = self.cleaned_data["week"]
        return [first + timedelta(days=number) for number in range(DAYS)]

    def single(self, starts_at: datetime) -> Single:
        """What was typed, at this time."""
        said = self.cleaned_data
        return Single(
            kind=said["kind"],
            name=said["name"],
            topic=said["topic"],
            starts_at=starts_at,
            minutes=said["minutes"],
            leader=self.staff[said["leader"]],
            second=self.staff.get(said["second"]),
            modality=said["modality"],
            room=self.rooms.get(said["room"]),
            interpreter=self.interpreters.get(said["interpreter"]),
            students=tuple(self.people[one] for one in said["students"]),
        )


class TimeForm(forms.Form):
    """One of the times at which all of them are free."""

    time = forms.ChoiceField(
        label=gettext_lazy("Time"),
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid_choice": gettext_lazy("This time is not free any more. Choose another."),
        },
    )

    def __init__(self, *args: Any, times: Iterable[FreeTime], zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = groupby(times, key=lambda one: one.starts_at.astimezone(zone).date())
        groups = [(written(day, "l j F"), [_choice(one, zone) for one in each]) for day, each in days]
        self.fields["time"].choices = groups  # type: ignore[attr-defined]
        self.is_empty = not groups

    def starts_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.cleaned_data["time"]), UTC)


def _choice(one: FreeTime, zone: ZoneInfo) -> tuple[str, str]:
    words = f"{one.starts_at.astimezone(zone):%H:%M}"
    beside = "" if one.suits else _("outside the hours somebody gave")
    return f"{one.starts_at.timestamp():.0f}", " · ".join(filter(None, [words, beside]))
