"""Forms of the student's own tools. A phone without a connection fills in the same ones, later."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _


def strength(label: Any, help_text: Any = "", *, required: bool = False) -> forms.IntegerField:
    """A number from 0 to 10."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=10,
        required=required,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )


class OwnForm(forms.Form):
    """A form that is stored once, however often it is sent."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"token": uuid4()} | (initial or {}))


class HelpedForm(OwnForm):
    """“This helped me”: everything here may be left empty."""

    before = strength(_("How strong was it before, 0 to 10?"), _("0 is not at all, 10 is as strong as it gets."))
    after = strength(_("And after, 0 to 10?"))
