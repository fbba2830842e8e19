"""Forms of medications, drug tests, naloxone and checks for withdrawal."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.medical import wording
from hearth.medical.models import Medication


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OwnMedicationForm(forms.Form):
    """What the student takes, in their words."""

    name = forms.CharField(
        label=_("What is it called?"), max_length=200, help_text=_("As on the label, if you have it at hand."),
        error_messages={"required": _("Write what it is called.")},
    )  # fmt: skip
    dose = forms.CharField(
        label=_("How much, and when?"),
        max_length=200,
        required=False,
        help_text=_("For example: 10 mg, every morning."),
    )
    reason = forms.CharField(label=_("What is it for?"), max_length=200, required=False)
    prescriber = forms.CharField(label=_("Who prescribes it?"), max_length=160, required=False)


class MedicationForm(OwnMedicationForm):
    """A line that staff add."""

    source = forms.ChoiceField(label=_("Who says so?"), choices=Medication.Source, initial=Medication.Source.STUDENT)


class EndForm(forms.Form):
    """Why a medication is no longer taken, or not so."""

    why = forms.CharField(
        label=_("Why, and who decided it?"), max_length=300, error_messages={"required": _("Say why, in a few words.")}
    )


class ReconcileForm(forms.Form):
    """What the list was compared with, and what was found."""

    sources = forms.MultipleChoiceField(
        label=_("Compared with"), choices=Medication.Source, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
    found = forms.CharField(
        label=_("What differed, and what was done about it?"), max_length=4000, widget=_area(3),
        help_text=_("Or write that nothing differed."),
        error_messages={"required": _("Write what you found, or that nothing differed.")},
    )  # fmt: skip


class OrderForm(forms.Form):
    """A drug test is ordered, with its reason."""

    reason = forms.CharField(
        label=_("Why?"), max_length=300, help_text=_("The student can read this."),
        error_messages={"required": _("Write the reason; the student can read it.")},
    )  # fmt: skip
    panel = forms.MultipleChoiceField(
        label=_("What is looked for"), choices=list(wording.SUBSTANCES.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
    is_observed = forms.BooleanField(label=_("Somebody is in the room while it is collected"), required=False)
    observed_why = forms.CharField(
        label=_("Why watched?"), max_length=300, required=False,
        help_text=_("Only a medical provider orders this, and only with the student's yes to this one test."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_observe: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_observe:
            del self.fields["is_observed"], self.fields["observed_why"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_observed") and not data.get("observed_why", "").strip():
            self.add_error("observed_why", _("Write why this collection must be watched."))
        return {"is_observed": False, "observed_why": ""} | data


class WordsForm(forms.Form):
    """A step that is told in words."""

    words = forms.CharField(label=_("In a few words"), max_length=2000, widget=_area(2))

    def __init__(self, *args: Any, is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = is_needed


class ResultsForm(forms.Form):
    """What was found for each substance of the panel."""

    words = forms.CharField(label=_("In a few words"), max_length=2000, required=False, widget=_area(2))

    def __init__(self, *args: Any, panel: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in panel:
            self.fields[f"found_{one}"] = forms.ChoiceField(
                label=wording.SUBSTANCES[one],
                choices=[("", _("Choose")), *wording.RESULTS.items()],
                error_messages={"required": _("Choose what was found.")},
            )
        self.order_fields([*(f"found_{one}" for one in panel), "words"])

    @property
    def results(self) -> dict[str, str]:
        return {name.removeprefix("found_"): value for name, value in self.cleaned_data.items() if name != "words"}


class NaloxoneForm(forms.Form):
    """Naloxone was handed over."""

    to = forms.CharField(
        label=_("To whom?"), max_length=160, help_text=_("The student, or somebody they live with."),
        error_messages={"required": _("Write to whom.")},
    )  # fmt: skip
    expires_on = forms.DateField(label=_("Expires on"), widget=forms.DateInput(attrs={"type": "date"}))
    taught = forms.BooleanField(label=_("I showed how and when to use it"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_expires_on(self) -> date:
        found: date = self.cleaned_data["expires_on"]
        if found <= self.today:
            raise forms.ValidationError(_("This has expired."))
        return found


class WithdrawalForm(forms.Form):
    """Stopping or using less, and signs; nothing is an answer too."""

    stopped = forms.MultipleChoiceField(
        label=_("In the last week, did you stop or use less of any of these?"), choices=list(wording.STOPPED.items()),
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    signs = forms.MultipleChoiceField(
        label=_("Which of these are there now?"), choices=list(wording.SIGNS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
