"""Forms of concerns."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.safety.models import Severity


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
