"""Forms of completion and aftercare."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.admission.models import Episode
from hearth.admission.wording import LEVELS
from hearth.aftercare.models import TransitionPlan
from hearth.aftercare.summary import Words

REFUSALS = {
    "died": _("The death of this person is recorded."),
    "no_transition_plan": _("Write down what comes next first: who takes over, and when we follow up."),
    "criteria_missing": _("Not every required point is met. Say why you complete nevertheless."),
}


REASONS = [one for one in Episode.EndReason.choices if one[0] != Episode.EndReason.DIED]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class TransitionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What comes after, written together."""

    class Meta:
        model = TransitionPlan
        fields = [
            "next_care",
            "next_provider",
            "next_phone",
            "next_at",
            "follow_up_on",
            "warning_signs",
            "what_helps",
            "people",
        ]
        labels = {
            "next_care": _("What comes next"),
            "next_provider": _("With whom"),
            "next_phone": _("Their phone"),
            "next_at": _("First appointment"),
            "follow_up_on": _("We ask how it is going on"),
            "warning_signs": _("Signs that it is getting harder"),
            "what_helps": _("What helps then"),
            "people": _("Whom to call"),
        }
        help_texts = {
            "next_at": _("Within seven days after the last session where you can."),
            "follow_up_on": _("Within seven days after the end."),
        }
        widgets = {
            "next_at": forms.DateTimeInput(),
            "follow_up_on": forms.DateInput(),
            "warning_signs": _area(2),
            "what_helps": _area(2),
            "people": _area(2),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("follow_up_on") and data["follow_up_on"] < self.today:
            self.add_error("follow_up_on", _t("This day has passed."))
        return data

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


class DischargeForm(forms.Form):
    """What the clinician writes and signs."""

    reason = forms.ChoiceField(label=_("How it ends"), choices=REASONS)
    level_at_discharge = forms.ChoiceField(label=_("Level of care from here"), choices=list(LEVELS.items()))
    course = forms.CharField(label=_("How it went"), max_length=4000, widget=_area(4))
    medications = forms.CharField(label=_("Medications"), max_length=2000, required=False, widget=_area(2))
    risk = forms.CharField(label=_("Risk at discharge, and the safety plan"), max_length=2000, widget=_area(2))
    naloxone = forms.ChoiceField(
        label=_("Naloxone"),
        choices=[
            ("not needed", _("Not needed")),
            ("given", _("Given")),
            ("offered", _("Offered")),
            ("declined", _("Declined")),
        ],
    )
    despite = forms.CharField(
        label=_("Why complete although something is missing"), max_length=1000, required=False, widget=_area(2)
    )
    sure = forms.BooleanField(label=_("I sign this summary. It ends the episode."))

    def words(self) -> Words:
        """The clinician's words."""
        data = self.cleaned_data
        return Words(
            level_at_discharge=str(dict(LEVELS)[data["level_at_discharge"]]),
            course=data["course"],
            medications=data["medications"],
            risk=data["risk"],
            naloxone=data["naloxone"],
        )


class ContactForm(forms.Form):
    """A follow-up by phone."""

    note = forms.CharField(label=_("What came of it"), max_length=300)
