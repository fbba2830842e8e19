"""What of the chart may go ahead to the next provider."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.aftercare.transfer_consent import part_names
from hearth.aftercare.transfer_rules import Part


class PartsForm(forms.Form):
    """Which parts: all are ticked, each can be left out."""

    parts = forms.MultipleChoiceField(
        label=_("What may we send?"),
        help_text=_("Take out what you would rather tell them yourself, or not at all."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Leave at least one ticked, or do not send anything: that is fine, too.")},
    )

    def __init__(self, data: Any = None, *, parts: frozenset[Part]) -> None:
        super().__init__(data)
        self.fields["parts"].choices = [(str(part), name[:1].upper() + name[1:]) for part, name in part_names().items()]  # type: ignore[attr-defined]
        self.fields["parts"].initial = [str(part) for part in Part if part in parts]

    def chosen(self) -> frozenset[Part]:
        """The parts that were ticked."""
        return frozenset(map(Part, self.cleaned_data["parts"]))
