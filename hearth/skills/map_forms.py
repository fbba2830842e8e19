"""Forms of the support map."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.skills.models import MapEntry
from hearth.skills.own_forms import OwnForm
from hearth.skills.support_map import Effect, Kind, Knows, Ring

SAID = ("name", "kind", "ring", "effect", "knows", "note")


class EntryForm(OwnForm):
    """Somebody or some place, and how it is with them."""

    name = forms.CharField(
        label=_("Who, or what?"), help_text=_("A first name or a nickname is enough."), max_length=60
    )
    kind = forms.ChoiceField(label=_("Who is that?"), choices=Kind.choices)
    ring = forms.TypedChoiceField(
        label=_("How close?"), choices=Ring.choices, coerce=int, initial=Ring.NEAR, widget=forms.RadioSelect
    )
    effect = forms.ChoiceField(label=_("And for you?"), choices=Effect.choices, widget=forms.RadioSelect)
    knows = forms.ChoiceField(
        label=_("Do they know of the program?"), choices=Knows.choices, initial=Knows.UNSURE, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("A note"),
        help_text=_("What you can do together, what you would rather not talk about."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, row: MapEntry | None = None) -> None:
        super().__init__(data, initial={name: getattr(row, name) for name in SAID} if row else None)

    def said(self) -> dict[str, Any]:
        """What was filled in."""
        return {name: self.cleaned_data[name] for name in SAID}


class ChooseForm(forms.Form):
    """Who of the map goes into a plan."""

    chosen = forms.TypedMultipleChoiceField(
        label=_("Who?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose somebody, or go back.")},
    )

    def __init__(self, data: Any = None, *, rows: Sequence[MapEntry]) -> None:
        super().__init__(data)
        self.fields["chosen"].choices = [(str(row.pk), row.name) for row in rows]  # type: ignore[attr-defined]
