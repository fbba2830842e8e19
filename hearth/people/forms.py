"""What staff type about people's accounts and licences."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.accounts import rules
from hearth.accounts.models import User
from hearth.people.models import Relationship


class LicenceForm(forms.Form):
    """A licence: where, in what, which number, how long."""

    state = forms.CharField(label=_("State"), help_text=_("Two letters"), min_length=2, max_length=2)
    discipline = forms.CharField(label=_("Discipline"), help_text=_("As in LPC, LCSW, LMFT, RN"), max_length=20)
    number = forms.CharField(label=_("Number"), max_length=40)
    first_on = forms.DateField(label=_("Held since"))
    last_on = forms.DateField(label=_("Expires on"), required=False)

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"].upper()
        if not (state.isascii() and state.isalpha()):
            raise ValidationError(_("A state is two letters, as in CO."))
        return state

    def clean(self) -> dict[str, Any] | None:
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("It cannot expire before it is held."))
        return self.cleaned_data


class EndLicenceForm(forms.Form):
    """The last day a licence is held."""

    last_on = forms.DateField(label=_("Last day held"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["last_on"] = today


class SupervisionForm(forms.Form):
    """Who supervises somebody, from which day on."""

    supervisor = forms.ModelChoiceField(label=_("Supervisor"), queryset=User.objects.none())
    first_on = forms.DateField(label=_("From"))

    def __init__(self, *args: Any, choices: QuerySet[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supervisor"].queryset = choices  # type: ignore[attr-defined]
        self.initial["first_on"] = today


class EndSupervisionForm(forms.Form):
    """The last day of a supervision."""

    last_on = forms.DateField(label=_("Last day under supervision"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["last_on"] = today


class SafeContactForm(forms.Form):
    """How somebody is reached safely."""

    message_ok = forms.BooleanField(label=_("A message may be left, or written"), required=False)
    name_us_ok = forms.BooleanField(label=_("It may say who we are"), required=False)
    words = forms.CharField(
        label=_("By which way, and when"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: text first; not while their partner is at home."),
    )


class AddressesForm(forms.Form):
    """Where a student's invitation goes and how they sign in."""

    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Mobile phone"), max_length=30, required=False)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        number = rules.plain_phone(typed)
        if typed and not number:
            raise ValidationError(_("A phone number has ten figures, as in 303 555 0117."))
        return number

    def clean(self) -> dict[str, Any] | None:
        if not self.errors and not any(self.cleaned_data.values()):
            raise ValidationError(_("Without e-mail and phone, print a code instead."))
        return self.cleaned_data


class FamilyForm(forms.Form):
    """Someone close to a student."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    kind = forms.ChoiceField(label=_("Who they are"), choices=Relationship.Kind)
    is_guardian = forms.BooleanField(label=_("Legally decides for them (a minor's guardian)"), required=False)
    agreed = forms.BooleanField(
        label=_("They themselves want this person invited"),
        error_messages={"required": _("Ask first: an invitation tells that somebody is in care here.")},
    )
