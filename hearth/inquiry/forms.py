"""Forms of first contact: talk to us, the self-check, what intake writes down."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.inquiry.models import Inquiry, InquiryContact, WayOut
from hearth.inquiry.selfcheck import filled, reading
from hearth.inquiry.selfcheck.filled import Filled
from hearth.lib.states import STATES
from hearth.people.models import Modality

LEAST_DIGITS = 7
MOST_YEARS = 120
MOST_BUTTONS = 20  # choices; more of them are a list to pick from


def text_box(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def checked_phone(value: str) -> str:
    """This phone number as typed; a sentence where it cannot be one."""
    if value and len(re.sub(r"\D", "", value)) < LEAST_DIGITS:
        raise forms.ValidationError(_t("This phone number looks too short. Please type it with the area code."))
    return value


def checked_birth_date(day: date, *, today: date) -> date:
    """This birth date; a sentence where nobody alive was born then."""
    if day > today:
        raise forms.ValidationError(_t("This day is in the future."))
    if day < today - timedelta(days=MOST_YEARS * 365):
        raise forms.ValidationError(_t("Please check the year."))
    return day


class TalkForm(forms.Form):
    """First contact, in under two minutes."""

    asked_for = forms.ChoiceField(
        label=_("Who is it for?"), choices=Inquiry.AskedFor, widget=forms.RadioSelect, initial=Inquiry.AskedFor.ME
    )
    first_name = forms.CharField(
        label=_("Your first name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Tell us what to call you. Any name is fine.")},
    )
    reach = forms.ChoiceField(
        label=_("How may we answer?"), choices=Inquiry.Reach, widget=forms.RadioSelect, initial=Inquiry.Reach.CALL
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Type your phone number, or choose e-mail.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("This does not look like an e-mail address. It needs an @ and a dot."),
            "required": _("Type your e-mail address, or choose a call or a text."),
        },
    )
    best_time = forms.ChoiceField(
        label=_("When is a good time?"), choices=Inquiry.Best, widget=forms.RadioSelect, initial=Inquiry.Best.ANY
    )
    message_ok = forms.BooleanField(label=_("You may leave a message or write there. It is safe."), required=False)
    name_us_ok = forms.BooleanField(label=_("The message may say who you are."), required=False)
    words = forms.CharField(
        label=_("Anything you would like to say first"), max_length=4000, required=False, widget=text_box()
    )
    answers = forms.CharField(required=False, max_length=filled.LONGEST, widget=forms.HiddenInput)
    nothing_here = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One of phone and e-mail is needed: the one by which the answer is to come."""
        super().__init__(*args, **kwargs)
        by_mail = self["reach"].value() == Inquiry.Reach.MAIL
        self.fields["phone"].required = not by_mail
        self.fields["email"].required = by_mail

    def clean_phone(self) -> str:
        return checked_phone(self.cleaned_data["phone"].strip())

    def clean_nothing_here(self) -> str:
        if self.cleaned_data["nothing_here"]:
            raise forms.ValidationError(
                _t("A hidden field was filled in, which people cannot see. Please press Send once more, or call us.")
            )
        return ""

    def clean_answers(self) -> dict[str, Any]:
        """Self-check answers that were sent along; anything that is none is left out."""
        found = filled.read(self.cleaned_data["answers"])
        return found.as_json() if found else {}

    def asked(self) -> dict[str, Any]:
        """What is kept, as fields of Inquiry."""
        return {name: value for name, value in self.cleaned_data.items() if name != "nothing_here"}


class CheckForm(forms.Form):
    """The self-check for one audience on one page, for browsers without JavaScript. Every question may be skipped."""

    def __init__(self, *args: Any, audience: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience = audience
        words = reading.words(language)
        for question in reading.check().of(audience):
            said = words.asked[question.id, audience]
            kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
            is_long = len(said.choices) > MOST_BUTTONS
            boxes = forms.CheckboxSelectMultiple if question.many else forms.RadioSelect
            self.fields[question.id] = kind(
                label=said.text,
                help_text=said.hint,
                choices=[("", _("Choose, if you like")), *said.choices] if is_long else said.choices,
                required=False,
                widget=forms.Select if is_long else boxes,
            )

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The parts of the check in words, each with its fields."""
        questions = reading.check().of(self.audience)
        words = reading.words(str(translation.get_language()))
        return [
            (words.parts[part], [self[one.id] for one in questions if one.part == part])
            for part in dict.fromkeys(one.part for one in questions)
        ]

    def filled(self) -> Filled:
        """What was answered; a choice that is none is left out rather than scolded."""
        values = {
            name: field.widget.value_from_datadict(self.data, self.files, name) for name, field in self.fields.items()
        }
        return filled.loosely(self.audience, values)


class TimeForm(forms.Form):
    """One of the free times for a first conversation; `times` are (ISO instant, words)."""

    starts = forms.ChoiceField(
        label=_("When shall we talk?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a time, or leave this page: we answer as promised."),
            "invalid_choice": _("This time was just taken. These are still free."),
        },
    )

    def __init__(self, *args: Any, times: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts"].choices = times  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """A try to reach the person."""

    way = forms.ChoiceField(label=_("How"), choices=InquiryContact.Way, widget=forms.RadioSelect)
    result = forms.ChoiceField(label=_("What came of it"), choices=InquiryContact.Result, widget=forms.RadioSelect)
    note = forms.CharField(label=_("What was said and agreed"), max_length=4000, required=False, widget=text_box())


class CloseForm(forms.Form):
    """Why a way in ends here."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=WayOut.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one, so that nobody calls again for nothing.")},
    )
    note = forms.CharField(
        label=_("What came of it"),
        max_length=2000,
        required=False,
        widget=text_box(2),
        help_text=_("For example: found a weekly therapist nearby; will call again in spring."),
    )


class HandOverForm(CloseForm):
    """Who cares for them from here on, and why it is not us."""

    to_whom = forms.CharField(
        label=_("Who has taken it over?"),
        max_length=200,
        help_text=_("The person you spoke with, and where: not a list that was handed out."),
        error_messages={"required": _("A hand-over names who has taken it over.")},
    )
    field_order = ("to_whom", "reason", "note")


class FollowForm(forms.Form):
    """What became of a hand-over."""

    followed = forms.ChoiceField(label=_("What became of it?"), choices=WayOut.Followed, widget=forms.RadioSelect)


LANGUAGES = (
    ("en", _("English")),
    ("es", _("Spanish")),
    ("ase", _("American Sign Language")),
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("fr", _("French")),
    ("ht", _("Haitian Creole")),
    ("ko", _("Korean")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    ("so", _("Somali")),
    ("tl", _("Tagalog")),
    ("vi", _("Vietnamese")),
)


class PersonForm(forms.Form):
    """What a chart begins with."""

    chosen_name = forms.CharField(label=_("Name to use"), max_length=80)
    legal_given = forms.CharField(label=_("Legal given names"), max_length=120, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=120)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={"invalid": _("Type the day as year-month-day, for example 1990-05-31.")},
    )
    state = forms.ChoiceField(label=_("State they live in"), choices=[("", _("Choose")), *STATES])
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("Choose")), *LANGUAGES], required=False)
    modality = forms.ChoiceField(label=_("Takes part"), choices=Modality, initial=Modality.EITHER)
    same_as = forms.ChoiceField(label=_("Someone very like this is known here"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, today: date, known: list[tuple[str, str]], **kwargs: Any) -> None:
        """`known`: (patient id, name with reasons) of people who may be the same."""
        super().__init__(*args, **kwargs)
        self.today = today
        if known:
            self.fields["same_as"].choices = [*known, ("new", _("None of these: open a new chart"))]  # type: ignore[attr-defined]
            self.fields["same_as"].error_messages["required"] = str(_("Is it one of these people, or someone new?"))
        else:
            del self.fields["same_as"]

    def clean_phone(self) -> str:
        return checked_phone(self.cleaned_data["phone"].strip())

    def clean_birth_date(self) -> date:
        return checked_birth_date(self.cleaned_data["birth_date"], today=self.today)

    def same_person(self) -> str | None:
        """The id of the patient it is said to be; None for somebody new."""
        chosen = self.cleaned_data.get("same_as", "new")
        return None if chosen == "new" else str(chosen)

    def person(self) -> dict[str, Any]:
        """Fields of Patient."""
        fields = {name: value for name, value in self.cleaned_data.items() if name not in ("same_as", "language")}
        spoken = self.cleaned_data["language"]
        return fields | ({"languages": [spoken]} if spoken else {})
