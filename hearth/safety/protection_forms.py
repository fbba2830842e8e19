"""Forms of a duty to protect or to report."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.safety.protection_models import ProtectiveStep
from hearth.safety.protection_rules import Outcome
from hearth.safety.protection_words import PATHWAYS

DANGERS = [(one, words.label) for one, words in PATHWAYS.items()]


class DangersField(forms.MultipleChoiceField):
    """Who else may be in danger; nothing is an answer too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=DANGERS, widget=forms.CheckboxSelectMultiple, **kwargs)


class DangersForm(forms.Form):
    """What a concern may mean besides the student's own life."""

    dangers = DangersField(
        label=_("It may be about"),
        error_messages={"required": _("Choose what it may be about.")},
    )


class _DoneForm(forms.Form):
    """Something that was done at a moment, which is not to come."""

    at_moment = forms.DateTimeField(label=_("When?"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"at_moment": now.replace(second=0, microsecond=0)}
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_at_moment(self) -> datetime:
        found: datetime = self.cleaned_data["at_moment"]
        if found > self.now:
            raise forms.ValidationError(_("That is still to come."))
        return found


class ToldForm(_DoneForm):
    """Who was told, what was said, on what ground."""

    whom = forms.CharField(
        label=_("Whom did you tell?"), max_length=200, help_text=_("The office or person, and who took it."),
        error_messages={"required": _("Write down whom you told.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("What did you say?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Word for word, as far as you can. Say no more than they need."),
        error_messages={"required": _("Write down what you said.")},
    )  # fmt: skip
    basis = forms.ChoiceField(
        label=_("Why could it be said?"), choices=ProtectiveStep.Basis, widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it could be said.")},
    )  # fmt: skip
    reference = forms.CharField(
        label=_("Their number for it"), required=False, max_length=80, help_text=_("If they gave you one.")
    )
    field_order = ("whom", "at_moment", "words", "basis", "reference")


class KeptSafeForm(_DoneForm):
    """What else was done so that nobody is hurt."""

    words = forms.CharField(
        label=_("What was done?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write down what was done.")},
    )  # fmt: skip
    field_order = ("words", "at_moment")


class SettleForm(forms.Form):
    """What it asks is done, or it does not apply."""

    outcome = forms.ChoiceField(
        label=_("How does it stand?"),
        choices=[(Outcome.DONE, _("What it asks is done")), (Outcome.NOT_DUE, _("It does not apply"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it stands.")},
    )
    words = forms.CharField(
        label=_("Why, or what follows"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where it does not apply, say what that rests on."),
    )  # fmt: skip
