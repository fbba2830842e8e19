"""Forms of concerns and of whom to call where."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.accounts.rules import plain_phone
from hearth.lib.states import STATES
from hearth.safety.models import EmergencyArea, Severity


class ObservationForm(forms.Form):
    """What a member of staff noticed."""

    summary = forms.CharField(
        label=_("What did you see or hear?"),
        help_text=_("One sentence for the team. Their words, if you can."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        error_messages={"required": _("Say in a sentence what you saw or heard.")},
    )
    severity = forms.ChoiceField(
        label=_("How soon must somebody act?"),
        choices=[
            (Severity.EMERGENCY, _("Now: someone is in danger")),
            (Severity.URGENT, _("Today, within the hour")),
            (Severity.WATCH, _("Keep an eye on it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how soon somebody must act.")},
    )


class ResolveForm(forms.Form):
    """What was done about a concern."""

    action = forms.CharField(
        label=_("What was done?"),
        help_text=_("By whom, what they said, and what follows."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": _("Write down what was done. A concern stays open until then.")},
    )


class AreaForm(forms.Form):
    """Whom to call for somebody in one county, or in a whole state."""

    state = forms.ChoiceField(label=_("State"), choices=[("", _("Choose")), *STATES])
    county = forms.CharField(
        label=_("County"), required=False, max_length=80, help_text=_("Leave empty for the whole state.")
    )
    postal_codes = forms.CharField(
        label=_("ZIP codes in it"),
        required=False,
        max_length=2000,
        help_text=_("With spaces between. Most people know their ZIP code, not their county."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    crisis_name = forms.CharField(label=_("Mobile crisis team"), required=False, max_length=120)
    crisis_phone = forms.CharField(label=_("Its number"), required=False, max_length=30)
    dispatch_phone = forms.CharField(
        label=_("Emergency dispatch, ten figures"),
        required=False,
        max_length=30,
        help_text=_("The number that reaches this county's 911 center from anywhere."),
    )
    source = forms.CharField(label=_("Who says so"), max_length=200, help_text=_("Whom you called, or the page."))
    checked_on = forms.DateField(label=_("Checked on"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, today: date, area: EmergencyArea | None = None, **kwargs: Any) -> None:
        known: dict[str, Any] = {"checked_on": today}
        names = ("state", "county", "crisis_name", "crisis_phone", "dispatch_phone", "source", "checked_on")
        if area:
            known = {name: getattr(area, name) for name in names} | {"postal_codes": " ".join(area.postal_codes)}
        kwargs["initial"] = known
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_county(self) -> str:
        return str(self.cleaned_data["county"]).strip()

    def clean_postal_codes(self) -> list[str]:
        codes = re.split(r"[\s,;]+", self.cleaned_data["postal_codes"].strip())
        if wrong := [code for code in codes if code and not re.fullmatch(r"\d{5}", code)]:
            raise forms.ValidationError(_("A ZIP code has five figures: %(codes)s"), params={"codes": ", ".join(wrong)})
        return sorted({code for code in codes if code})

    def clean_crisis_phone(self) -> str:
        return self._number("crisis_phone")

    def clean_dispatch_phone(self) -> str:
        return self._number("dispatch_phone")

    def _number(self, name: str) -> str:
        typed = str(self.cleaned_data[name]).strip()
        if typed and not re.fullmatch(r"\+1\d{10}", plain_phone(typed)):
            raise forms.ValidationError(_("A phone number has ten figures, as in 303 555 0117."))
        return typed

    def clean_checked_on(self) -> date:
        found: date = self.cleaned_data["checked_on"]
        if found > self.today:
            raise forms.ValidationError(_("That day is still to come."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not (data["crisis_phone"] or data["dispatch_phone"]):
            self.add_error("dispatch_phone", _("Write at least one number."))
        return data
