"""Asking the team, and answering a family."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.family import rules
from hearth.family.queries import Sheet
from hearth.people.models import Patient

LONGEST = 2000


class AskForm(forms.Form):
    """A question to the care team. Whom it is about is asked only where there are several.

    Those of whom nothing may be confirmed are one choice without a name. Where there are several of them the asker
    writes the name, and the page says the same whether we know it or not.
    """

    token = forms.UUIDField(widget=forms.HiddenInput)
    tie = forms.ChoiceField(label=_("Whom is it about?"))
    name = forms.CharField(
        label=_("Their first name"),
        help_text=_("So that the right person reads it. It is no sign that we know them."),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),  # a browser would offer the asker's own
    )
    text = forms.CharField(label=_("Your question"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, data: Any = None, *, ties: Sequence[Sheet]) -> None:
        self.unnamed = [one.tie for one in ties if not one.may_confirm]
        choices = [(str(one.tie.pk), one.tie.patient.chosen_name) for one in ties if one.may_confirm]
        if self.unnamed:
            choices.append((str(self.unnamed[0].pk), _t("Somebody I care about")))
        super().__init__(data, initial={"token": uuid4(), "tie": choices[0][0] if choices else ""})
        field = self.fields["tie"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
        if len(self.unnamed) < 2:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "name" not in self.fields or cleaned.get("tie") != str(self.unnamed[0].pk):
            return cleaned
        name = cleaned.get("name", "")
        if not name:
            self.add_error("name", _t("Write the first name of whom you mean."))
            return cleaned
        meant = next((tie for tie in self.unnamed if _is_called(tie.patient, name)), self.unnamed[0])
        # Whoever reads it sees the name too: where it is none of ours, they know that another may be meant.
        return cleaned | {"tie": str(meant.pk), "text": f"{name}: {cleaned.get('text', '')}"}


def _is_called(patient: Patient, written: str) -> bool:
    return rules.is_called((patient.chosen_name, patient.legal_given), written)


class AnswerForm(forms.Form):
    """The answer, with what might be confirmed when it was begun."""

    confirming = forms.BooleanField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
