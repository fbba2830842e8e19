"""What is typed into the private store."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.sessions.models import PrivateNoteRelease
from hearth.sessions.private_notes import Kind
from hearth.sessions.wording import PRIVATE_KINDS


class PrivateNoteForm(forms.Form):
    """A clinician's own analysis of what was said."""

    kind = forms.ChoiceField(label=_("What it is"), choices=PRIVATE_KINDS, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Your own analysis of what was said"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        error_messages={"required": _("Write something, or leave the page.")},
    )

    def clean_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


class ReleaseForm(forms.Form):
    """Who may read the private notes of somebody who left, and on what ground."""

    author = forms.ModelChoiceField(label=_("Whose notes, of those who left"), queryset=User.objects.none())
    reader = forms.ModelChoiceField(label=_("Who may read them"), queryset=User.objects.none())
    ground = forms.ChoiceField(
        label=_("On what ground"), choices=PrivateNoteRelease.Ground.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("What happened, and where the paper for it is kept"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what happened.")},
    )

    def __init__(self, *args: Any, left: QuerySet[User], readers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["author"].queryset = left  # type: ignore[attr-defined]
        self.fields["reader"].queryset = readers  # type: ignore[attr-defined]
