"""Forms of concerns and of whom to call where."""

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.rules import plain_phone
from hearth.lib.states import STATES
from hearth.safety.models import ConcernAssessment, ConcernContact, EmergencyArea, Severity
from hearth.safety.protection_forms import DangersField


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
    dangers = DangersField(label=_("Is somebody else in danger, or somebody who cannot say no?"), required=False)


class GradeForm(forms.Form):
    """How severe it is, as a clinician judges it, and why."""

    severity = forms.ChoiceField(label=_("How soon must somebody act?"), choices=Severity, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why: it stands among the steps.")},
    )


class ContactForm(forms.Form):
    """One try to reach somebody."""

    whom = forms.ChoiceField(
        label=_("Whom did you try?"), choices=ConcernContact.Whom, initial=ConcernContact.Whom.STUDENT,
        widget=forms.RadioSelect,
    )  # fmt: skip
    how = forms.ChoiceField(label=_("How?"), choices=ConcernContact.How, initial=ConcernContact.How.PHONE)
    reached = forms.TypedChoiceField(
        label=_("Did you speak with each other?"),
        help_text=_("A voicemail or a text without an answer is a try, not a conversation."),
        choices=[("yes", _("Yes, we spoke")), ("no", _("No, not yet"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you spoke with each other.")},
    )
    words = forms.CharField(
        label=_("In a few words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AssessmentForm(forms.Form):
    """What a clinician found about the risk and decided."""

    thoughts = forms.ChoiceField(
        label=_("Thoughts of suicide"), choices=ConcernAssessment.Thoughts, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you found.")},
    )  # fmt: skip
    means = forms.ChoiceField(
        label=_("Means"), choices=ConcernAssessment.Means, widget=forms.RadioSelect,
        help_text=_("Medications, firearms, anything they spoke of. Talk about putting distance between."),
        error_messages={"required": _("Choose what you know of means.")},
    )  # fmt: skip
    risk = forms.ChoiceField(
        label=_("Risk as you judge it"), choices=ConcernAssessment.Risk, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you judge the risk.")},
    )  # fmt: skip
    found = forms.CharField(
        label=_("What this rests on"),
        help_text=_("What they said, what protects them, what makes it worse."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": _("Say what your judgment rests on.")},
    )
    disposition = forms.ChoiceField(
        label=_("What happens now"), choices=ConcernAssessment.Disposition, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens now.")},
    )  # fmt: skip
    plan_reviewed = forms.BooleanField(label=_("We looked at the safety plan together"), required=False)
    call_on = forms.DateField(
        label=_("Follow-up call on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_call_on(self) -> date | None:
        found: date | None = self.cleaned_data["call_on"]
        if found and found < self.today:
            raise forms.ValidationError(_("That day is over."))
        return found


class OnCallForm(forms.Form):
    """Who is on call, from when until when."""

    person = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none(), empty_label=_("Choose"))
    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    ends_at = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


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
