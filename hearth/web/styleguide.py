"""Every component in its states, on made-up but believable content. Shown only in debug."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hearth.accounts.doors import anyone
from hearth.lib.charts import Band

MONDAY = date(2026, 11, 23)
ROOMS = {"student": "web/styleguide/student.html", "staff": "web/styleguide/staff.html"}
PHQ_9 = (
    Band("minimal", 0, 4, "pine"),
    Band("mild", 5, 9, "dusk"),
    Band("moderate", 10, 14, "gold"),
    Band("moderately severe", 15, 19, "ember"),
    Band("severe", 20, 27, "alarm"),
)


@dataclass(frozen=True)
class Score:
    date: date
    value: float


@dataclass(frozen=True)
class Session:
    day: date
    starts: time
    ends: time
    title: str
    note: str = ""
    tone: str = "dusk"
    state: str = ""
    href: str = ""


@dataclass(frozen=True)
class StripDay:
    day: date
    state: str
    words: str


@dataclass(frozen=True)
class Dose:
    label: str
    prescribed: int
    planned: int
    attended: int


class ExampleForm(forms.Form):
    """One field of every usual kind."""

    name = forms.CharField(label=_("What should we call you?"), help_text=_("Your chosen name."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    born = forms.DateField(label=_("Date of birth"))
    call_at = forms.TimeField(label=_("When may we call?"), required=False)
    heard = forms.ChoiceField(label=_("Who told you about us?"), choices=[("", "–"), ("dr", _("A doctor"))])
    how = forms.ChoiceField(
        label=_("How would you like to come?"),
        choices=[("here", _("In person")), ("video", _("By video")), ("both", _("Some of each"))],
        widget=forms.RadioSelect,
    )
    when = forms.MultipleChoiceField(
        label=_("When could you come, most weeks?"),
        choices=[("evening", _("Weekday evenings")), ("morning", _("Weekday mornings")), ("sat", _("Saturday"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose all that would work."),
    )
    words = forms.CharField(label=_("Anything we should know?"), widget=forms.Textarea, required=False)
    agrees = forms.BooleanField(label=_("You may leave a message on this number"), required=False)


def _evening(day: int, title: str, **more: str) -> Session:
    return Session(MONDAY + timedelta(days=day), time(17, 30), time(20, 30), title, **more)


def _hour(day: int, hour: int, minutes: int, title: str, **more: str) -> Session:
    end = hour * 60 + minutes
    return Session(MONDAY + timedelta(days=day), time(hour), time(end // 60, end % 60), title, **more)


WEEK = (
    _hour(0, 9, 180, "Day group", note="11 of 12 · lounge", tone="pine"),
    _hour(0, 13, 50, "1:1 Maya R.", note="room 2"),
    _evening(0, "Evening group", note="12 of 12 · video", tone="ember"),
    _hour(1, 9, 180, "Day group", note="11 of 12", tone="pine"),
    _hour(1, 11, 60, "Family, Lee", note="video"),
    _evening(1, "Evening, Spanish", note="5 · video", tone="ember", state="new"),
    _hour(2, 12, 90, "Life skills", note="12 of 12", tone="gold"),
    _hour(3, 9, 180, "Day group", tone="pine", state="off"),
    _hour(3, 15, 120, "After school", note="8 · room 1", tone="pine"),
    _evening(3, "Evening group", note="12", tone="ember"),
    _evening(3, "Trauma", note="7 · video"),
    _hour(5, 11, 90, "Life skills", note="10 · video", tone="gold"),
)
DOSES = ((540, 540), (540, 360), (540, 540), (630, 570), (540, 480), (540, 180))  # minutes planned and attended
STRIP = tuple(
    StripDay(MONDAY + timedelta(days=n), state, words)
    for n, (state, words) in enumerate(
        [
            ("done", "you came to the evening group"),
            ("now", "today, evening group at 17:30"),
            ("", "free"),
            ("next", "evening group at 17:30"),
            ("missed", "group called off"),
            ("next", "life skills at 11:00"),
            ("", "free"),
        ]
    )
)


def _known(request: HttpRequest) -> dict[str, object]:
    asked = ExampleForm({"email": "maya@", "born": "2030-13-01", "how": "video"})
    asked.is_valid()
    return {
        "days": [MONDAY + timedelta(days=n) for n in range(7)],
        "today": MONDAY + timedelta(days=1),
        "slots": WEEK,
        "strip": STRIP,
        "points": [Score(MONDAY - timedelta(days=14 * (5 - n)), v) for n, v in enumerate([17, 15, 16, 12, 11, 9])],
        "bands": PHQ_9,
        "dose": [
            Dose(str(n + 1), 540, planned, came)
            for n, (planned, came) in enumerate(
                [(540, 540), (540, 360), (540, 540), (630, 570), (540, 480), (540, 180)]
            )
        ],
        "form": ExampleForm(),
        "answered": asked,
        "better": [17, 15, 12, 9],
        "worse": [11, 13, 14, 18],
        "page_of_rows": Paginator(range(120), 50).page(2),
        "steps": [_("You"), _("Your week"), _("Your goals"), _("Done")],
    }


@require_safe
@anyone
def styleguide(request: HttpRequest) -> HttpResponse:
    """The components, in words' order."""
    if not settings.TRIAL:
        raise Http404
    return render(request, "web/styleguide/components.html", _known(request))


@require_safe
@anyone
def room(request: HttpRequest, room: str) -> HttpResponse:
    """A whole example page of the students' or the staff's room."""
    if room not in ROOMS or not settings.TRIAL:
        raise Http404
    return render(request, ROOMS[room], _known(request))
