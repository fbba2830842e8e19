"""Asking the team, and answering a family."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.family.queries import Sheet

LONGEST = 2000


class AskForm(forms.Form):
    """A question to the care team. Whom it is about is asked only where there are several."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    tie = forms.ChoiceField(label=_("Whom is it about?"))
    text = forms.CharField(label=_("Your question"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, data: Any = None, *, ties: Sequence[Sheet]) -> None:
        first = str(ties[0].tie.pk) if ties else ""
        super().__init__(data, initial={"token": uuid4(), "tie": first})
        field = self.fields["tie"]
        assert isinstance(field, forms.ChoiceField)
        names = [one.tie.patient.chosen_name if one.may_confirm else _t("Somebody I care about") for one in ties]
        field.choices = [(str(one.tie.pk), name) for one, name in zip(ties, names, strict=True)]
        if len(ties) == 1:
            field.widget = forms.HiddenInput()


class AnswerForm(forms.Form):
    """The answer, with what might be confirmed when it was begun."""

    confirming = forms.BooleanField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
