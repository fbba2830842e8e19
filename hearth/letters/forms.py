"""Asking for a letter, answering, and writing to oneself."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.consent.models import Consent
from hearth.letters.models import Letter
from hearth.letters.rules import LONGEST_YEARS, last_day
from hearth.letters.services import Wanted
from hearth.letters.telling import tells
from hearth.letters.wording import LANGUAGES, names_nobody
from hearth.lib.written_dates import written

USUAL = timedelta(days=27)  # back from today: four weeks, as a school or an employer asks for
FURTHEST = timedelta(days=366)
TELLING = _("Words in it would tell what the care is for. Leave them out, or write “To whom it may concern”.")
UNNAMED = _("Name the person, school or company: we may hand it to nobody else.")
GUARDIAN_TOO = _(
    "Until you are 18 we may send it only if your parent or guardian signs, too, and for a letter that you ask for"
    " they cannot do it here. Choose “I do: give it to me”: that needs no such signature."
)
UNTIL = {
    Letter.Kind.ATTENDANCE: _("More appointments until when?"),
    Letter.Kind.SCHOOL: _("Back in class on which day?"),
    Letter.Kind.EMPLOYER: _("More appointments until when?"),
}


class AskForm(forms.Form):
    """For whom, which days, until when. Every field has an answer already, so that two taps are enough."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    reader = forms.CharField(label=_("For whom?"), max_length=160, help_text=_("A name, and the school or company."))
    to_reader = forms.TypedChoiceField(
        label=_("Who hands it over?"),
        choices=[("no", _("I do: give it to me")), ("yes", _("You do: send it straight there"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    first_on = forms.DateField(label=_("From which day?"), widget=forms.DateInput)
    last_on = forms.DateField(label=_("To which day?"), widget=forms.DateInput)
    with_hours = forms.TypedChoiceField(
        label=_("What may it say?"),
        choices=[("yes", _("Days and hours")), ("no", _("Days alone"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    until = forms.DateField(required=False, widget=forms.DateInput)
    named = forms.TypedChoiceField(label=_("Which name?"), coerce=lambda said: said == "legal", required=False)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=list(LANGUAGES.items()))

    def __init__(self, data: Any = None, *, kind: str, today: date, names: tuple[str, str], may_send: bool) -> None:
        usual = {
            "token": uuid4(), "reader": _t("To whom it may concern"), "to_reader": "no", "first_on": today - USUAL,
            "last_on": today, "with_hours": "yes", "named": "chosen", "language": "en",
        }  # fmt: skip
        super().__init__(data, initial=usual)
        self.kind, self.today, self.may_send = kind, today, may_send
        self.fields["until"].label = UNTIL[Letter.Kind(kind)]
        chosen, legal = names
        named = self.fields["named"]
        assert isinstance(named, forms.TypedChoiceField)
        named.choices = [("chosen", chosen), ("legal", legal)]
        if not legal or legal == chosen:
            del self.fields["named"]

    def clean_reader(self) -> str:
        reader = " ".join(self.cleaned_data["reader"].split())
        if tells(reader):
            raise forms.ValidationError(TELLING)
        return reader

    def clean_to_reader(self) -> bool:
        to_reader: bool = self.cleaned_data["to_reader"]
        if to_reader and not self.may_send:
            raise forms.ValidationError(GUARDIAN_TOO)
        return to_reader

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last, until = data.get("first_on"), data.get("last_on"), data.get("until")
        if first and last and not first <= last:
            self.add_error("last_on", _t("It lies before the first day."))
        elif first and last and last - first > FURTHEST:
            self.add_error("first_on", _t("A letter tells of a year at most."))
        if last and last > self.today:
            self.add_error("last_on", _t("A letter tells of days that have been. Choose today or earlier."))
        if data.get("to_reader") and "reader" in data and names_nobody(data["reader"]):
            self.add_error("reader", UNNAMED)
        if until and until < self.today:
            self.add_error("until", _t("This day has passed."))
        return data

    def wanted(self, left_out: Sequence[date]) -> Wanted:
        """What was filled in, or what stands there before anything was."""
        told = self.cleaned_data if self.is_bound else {**self.initial, "to_reader": False, "with_hours": True}
        return Wanted(
            kind=self.kind,
            reader=told["reader"],
            first_on=told["first_on"],
            last_on=told["last_on"],
            to_reader=told["to_reader"],
            left_out=left_out,
            with_hours=told["with_hours"],
            until=told.get("until"),
            language=told["language"],
            by_legal_name=told.get("named") is True,
        )


def left_out_of(data: Any) -> list[date]:
    """The days that were shown to be kept or not (`offered`), and of which the tick was taken away."""
    return [day for day, is_kept in days_shown(data) if not is_kept]


def days_shown(data: Any) -> list[tuple[date, bool]]:
    """The days that were shown to be kept or not, the earliest first, and whether each was kept."""
    kept = set(_days(data.getlist("day")))
    return [(day, day in kept) for day in sorted(set(_days(data.getlist("offered"))))]


def _days(sent: Iterable[str]) -> Iterator[date]:
    for said in sent:
        with suppress(ValueError):
            yield date.fromisoformat(said)


class ReaderForm(forms.Form):
    """The reader's name as staff type it."""

    reader = forms.CharField(
        label=_("Reader's full name"),
        max_length=160,
        help_text=_("A release must name exactly the same. New words wait for a yes again."),
    )

    def __init__(self, data: Any = None, *, letter: Letter) -> None:
        super().__init__(data, initial={"reader": letter.reader})
        self.to_reader = letter.to_reader

    def clean_reader(self) -> str:
        reader = " ".join(self.cleaned_data["reader"].split())
        if tells(reader):
            raise forms.ValidationError(TELLING)
        if self.to_reader and names_nobody(reader):
            raise forms.ValidationError(UNNAMED)
        return reader


class DeclineForm(forms.Form):
    """Why not, or why not any more."""

    why = forms.CharField(
        label=_("Why not, as they read it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandOverForm(forms.Form):
    """Under which release."""

    release = forms.TypedChoiceField(
        label=_("Under which release?"), coerce=UUID, widget=forms.RadioSelect, help_text=_("Read it first.")
    )
    sure = forms.BooleanField(label=_("It covers this letter and what it is for, and I hand it to the reader now."))

    def __init__(self, data: Any = None, *, releases: Sequence[Consent]) -> None:
        super().__init__(data, initial={"release": str(releases[0].pk)} if len(releases) == 1 else None)
        field = self.fields["release"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(str(row.pk), _release_words(row)) for row in releases]


def _release_words(row: Consent) -> str:
    words = _t("%(what)s. For: %(purpose)s.") % {"what": row.information, "purpose": row.purpose}
    return f"{words} {_t('Until %(day)s') % {'day': written(row.expires_on, 'j F Y')}}" if row.expires_on else words


class LetterheadForm(forms.Form):
    """Under which name the house signs."""

    name = forms.CharField(
        label=_("Name on letters"),
        max_length=120,
        help_text=_("A name that tells nobody what you treat, and by which the phone is answered."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("name", "address"):
            if tells(data.get(name, "")):
                self.add_error(name, _t("These words tell what you treat. A school or an employer must not learn it."))
        return data


class FutureForm(forms.Form):
    """A letter to oneself, and its day."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("Your letter"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"})
    )
    due_on = forms.DateField(
        label=_("On which day shall it come?"),
        help_text=_("From tomorrow on, up to five years."),
        widget=forms.DateInput,
    )

    def __init__(self, data: Any = None, *, today: date, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"token": uuid4(), **(initial or {})})
        self.today = today
        self.fields["due_on"].widget.attrs |= {"min": today + timedelta(days=1), "max": last_day(today)}

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if not self.today < day <= last_day(self.today):
            raise forms.ValidationError(
                _t("Choose a day from tomorrow on, %(years)s years ahead at most.") % {"years": LONGEST_YEARS}
            )
        return day
