"""What is typed about sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from itertools import combinations
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import URLValidator
from django.utils.dateformat import time_format
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from hearth.admission.coverage_models import Coverage
from hearth.lib.states import STATES
from hearth.people.models import Modality, Patient
from hearth.sessions.models import Attendance, Authorisation, OutreachAttempt, Session
from hearth.sessions.outside import meet_together
from hearth.sessions.rules.marks import on_the_clock
from hearth.sessions.rules.taking_part import Way
from hearth.sessions.rules.whereabouts import Address, one_line
from hearth.timetable.models import Section

ELSEWHERE = "elsewhere"
NOWHERE = {"required": _("Write where you are, so that help could find you.")}
MOODS = [(str(number), str(number)) for number in range(11)]


class CheckInForm(forms.Form):
    """I'm here, and how I feel."""

    mood = forms.TypedChoiceField(
        label=_("How are you right now?"),
        help_text=_("0 is the worst, 10 the best. Your group leader sees it."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=MOODS,
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label=_("Code in the room"),
        help_text=_("Six figures on the screen in the room, or scan the square there."),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Type the six figures that are shown in the room.")},
    )

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_code:
            del self.fields["code"]


class PlaceForm(forms.Form):
    """Where somebody is now, chosen from their own earlier addresses or typed, and whether nobody listens."""

    is_private = forms.BooleanField(
        label=_("Nobody can hear the others: I am alone, or I use headphones and nobody sees my screen."),
        error_messages={
            "required": _("Find a private place first. If you have none, call us: we find a way together.")
        },
    )
    known = forms.ChoiceField(
        label=_("Where are you right now?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Write where you are, so that help could find you.")},
    )
    street = forms.CharField(label=_("Street and house number"), max_length=120, error_messages=NOWHERE)
    city = forms.CharField(label=_("City"), max_length=80, error_messages=NOWHERE)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("Choose")), *STATES], error_messages=NOWHERE)
    postal_code = forms.RegexField(
        label=_("ZIP code"),
        regex=r"^\d{5}(-\d{4})?$",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("A ZIP code has five figures.")},
    )
    county = forms.CharField(label=_("County, if you do not know the ZIP code"), required=False, max_length=80)

    def __init__(self, *args: Any, addresses: Sequence[Address], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.addresses = {str(number): each for number, each in enumerate(addresses)}
        field = self.fields["known"]
        if isinstance(field, forms.ChoiceField):
            choices = [(key, one_line(each)) for key, each in self.addresses.items()]
            field.choices = [*choices, (ELSEWHERE, _("Somewhere else"))]
        field.initial = None if addresses else ELSEWHERE
        if self.data.get("known") in self.addresses:
            for name in ("street", "city", "state"):
                self.fields[name].required = False

    def address(self) -> Address:
        """The one that was chosen or typed."""
        data = self.cleaned_data
        if data["known"] != ELSEWHERE:
            return self.addresses[data["known"]]
        names = ("street", "city", "state", "postal_code", "county")
        return Address(*(str(data[name]).strip() for name in names))


class CheckOutForm(forms.Form):
    """How I feel as I leave."""

    mood = forms.TypedChoiceField(
        label=_("How are you now?"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=MOODS,
        widget=forms.RadioSelect,
    )


class CorrectForm(forms.Form):
    """Writing down or correcting how one student attended. Times are clock times of the session's own zone."""

    status = forms.ChoiceField(label=_("Attendance"), choices=Attendance.Status.choices, widget=forms.RadioSelect)
    arrived = forms.TimeField(label=_("Arrived"), required=False)
    left = forms.TimeField(label=_("Left"), required=False)
    mood_in = forms.IntegerField(label=_("Mood on arriving, 0 to 10"), required=False, min_value=0, max_value=10)
    mood_out = forms.IntegerField(label=_("Mood on leaving, 0 to 10"), required=False, min_value=0, max_value=10)
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=200,
        help_text=_("Needed for excused, and for any change after the session."),
        widget=forms.TextInput(attrs={"list": "excuses"}),
    )

    def times(self, session: Session, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """Arriving and leaving as instants of the session's day (after midnight where it runs into the next)."""
        arrived, left = self.cleaned_data["arrived"], self.cleaned_data["left"]
        return _instant(arrived, session, zone), _instant(left, session, zone)


def _instant(clock: time | None, session: Session, zone: ZoneInfo) -> datetime | None:
    return on_the_clock(clock, start=session.starts_at, end=session.ends_at, zone=zone) if clock else None


class WayForm(forms.Form):
    """How one student took part, where what is known tells it wrongly."""

    way = forms.TypedChoiceField(
        label=_("Took part"),
        choices=[(Way.IN_PERSON, Modality.IN_PERSON.label), (Way.VIRTUAL, Modality.VIRTUAL.label)],
        coerce=Way,
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why is it otherwise?"),
        max_length=200,
        error_messages={"required": _("Write why, in a few words.")},
    )


class AttemptForm(forms.Form):
    """One try to reach somebody who missed sessions."""

    how = forms.ChoiceField(label=_("How"), choices=OutreachAttempt.How.choices, widget=forms.RadioSelect)
    reached = forms.TypedChoiceField(
        label=_("Did you talk with them?"),
        choices=[("yes", _("Yes, we talked")), ("no", _("Not yet"))],
        coerce=lambda typed: typed == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What was said, what follows"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ask what made it hard to come. The task ends once you have talked."),
    )


class CannotForm(forms.Form):
    """Why another time cannot be had, if they say."""

    reason = forms.CharField(label=_("Why not, if you like"), required=False, max_length=300)


class AuthorisationForm(forms.Form):
    """What a payer approved, as its letter says."""

    coverage = forms.ModelChoiceField(
        label=_("Under which coverage?"),
        queryset=Coverage.objects.none(),
        required=False,
        empty_label=_("None of these"),
    )
    payer = forms.CharField(label=_("Payer"), max_length=120)
    number = forms.CharField(label=_("Authorization number"), required=False, max_length=60)
    first_on = forms.DateField(label=_("First day"))
    last_on = forms.DateField(label=_("Last day"))
    approved = forms.IntegerField(label=_("Approved"), min_value=1, max_value=2000)
    unit = forms.ChoiceField(label=_("Hours or days"), choices=Authorisation.Unit.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Coverage.objects.filter(patient=patient, withdrawn_at=None, kind=Coverage.Kind.INSURANCE)
        asked = self.fields["coverage"]
        assert isinstance(asked, forms.ModelChoiceField)
        asked.queryset = rows.order_by("rank", "pk")
        first = rows.filter(rank=Coverage.Rank.PRIMARY).order_by("-starts_on").first()
        if first is not None:
            self.initial.update(coverage=first.pk, payer=first.payer)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it not hold?"),
        max_length=200,
        error_messages={"required": _("Write why, in a few words.")},
    )


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why will it not take place?"),
        max_length=200,
        error_messages={"required": _("Write why, in a few words.")},
    )


class HttpsField(forms.URLField):
    """The address of an outside video room. Only an encrypted one is taken: what is said there is about health."""

    default_validators = [URLValidator(schemes=["https"])]

    def __init__(self, **kwargs: Any) -> None:
        wrong = {"invalid": _("This is not a safe web address. It begins with https://")}
        super().__init__(required=False, max_length=200, assume_scheme="https", error_messages=wrong, **kwargs)


class DescribeForm(forms.Form):
    topic = forms.CharField(
        label=_("Topic today"),
        required=False,
        max_length=160,
        help_text=_("Choose one of the curriculum, or write another."),
        widget=forms.TextInput(attrs={"list": "topics"}),
    )
    link = HttpsField(
        label=_("Video link"), help_text=_("The address of an outside video room, if this session meets in one.")
    )


class VideoForm(forms.Form):
    """Hearth's room or an outside service for the house, and the link at which each section by video meets."""

    where = forms.ChoiceField(
        label=_("Where does your house meet by video?"),
        choices=[("here", _("In Hearth's own room")), ("outside", _("With an outside service: Zoom, Teams, …"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, sections: Sequence[Section], links: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {f"link-{section.pk}": section for section in sections}
        for name, section in self.sections.items():
            # The name of an hour alone may say whose it is.
            words = section.name if section.is_group else section.get_kind_display()
            when = f"{WEEKDAYS[section.weekday]} {time_format(section.starts, 'H:i')}"
            self.fields[name] = HttpsField(
                label=f"{words} · {when} · {section.facilitator.name}", initial=links.get(section.pk, "")
            )

    def clean(self) -> None:
        """Two sections that meet at the same time never meet in one room."""
        super().clean()
        typed = [(name, section) for name, section in self.sections.items() if self.cleaned_data.get(name)]
        for (one, first), (other, second) in combinations(typed, 2):
            if self.cleaned_data.get(one) == self.cleaned_data.get(other) and meet_together(first, second):
                words = _("Another section meets at this link at the same time. Both would be in one room.")
                self.add_error(other, words)

    def links(self) -> dict[UUID, str]:
        """What was typed for each section; empty: none."""
        return {section.pk: self.cleaned_data[name] for name, section in self.sections.items()}


class AddendumForm(forms.Form):
    text = forms.CharField(
        label=_("Add to this note"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what you want to add.")},
    )


class SendBackForm(forms.Form):
    """What a supervisor asks to be added before co-signing."""

    comment = forms.CharField(
        label=_("What should be added?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The author reads this and adds to the note. It does not become part of the note."),
        error_messages={"required": _("Write what should be added.")},
    )
