"""What is typed into the note of a contact outside sessions."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.sessions.contact_words import CHOICES, NAMES
from hearth.sessions.rules.contacts import LONG, MAY_BE_EMPTY, Kind, fields_of

HELP = {
    "contacted": _("Who, when, and on which ground: a consent, or a medical emergency (42 CFR 2.51). Or: nobody."),
    "disclosed": _("Leave it empty where they were told nothing."),
    "who": _("First and last name, or the organization, as the student would write it in a release."),
    "said": _("Theirs to say: listening needs no consent."),
    "location": _("Where help could have found them."),
}


class ContactForm(forms.Form):
    """The fields of one kind of contact. Nothing is required to keep a draft; signing asks for the rest."""

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in fields_of(kind):
            self.fields[name] = _field(name)

    @property
    def said(self) -> dict[str, str]:
        """What was typed, each field as text."""
        return {name: _as_text(value) for name, value in self.cleaned_data.items()}


def _as_text(value: object) -> str:
    """As drafts keep it; a clock time without seconds, as it was begun with."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def _field(name: str) -> forms.Field:
    facts: dict[str, Any] = {"label": NAMES[name], "help_text": HELP.get(name, "")}
    facts |= {"required": False}
    if name in CHOICES:
        return forms.ChoiceField(choices=[("", _("Choose")), *CHOICES[name].items()], **facts)
    if name == "day":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **facts)
    if name == "clock":
        return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **facts)
    if name == "minutes":
        return forms.IntegerField(min_value=1, max_value=600, **facts)
    if name in LONG:
        rows = 2 if name in MAY_BE_EMPTY or name in ("plan", "follow_up", "contacted") else 3
        return forms.CharField(max_length=8000, widget=forms.Textarea(attrs={"rows": rows}), **facts)
    return forms.CharField(max_length=200, **facts)


class SetAsideForm(forms.Form):
    why = forms.CharField(
        label=_("Why is this not a note?"),
        max_length=200,
        error_messages={"required": _("Write why, in a few words.")},
    )
