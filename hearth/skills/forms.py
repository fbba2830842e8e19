"""Forms of the skills tools. What cannot be used is told beside the field."""

from typing import Any, TypedDict
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.skills.models import ThoughtRecord
from hearth.skills.own_forms import KeysField
from hearth.skills.rules import Feeling

FEELINGS = 3  # how many feelings one record holds
WORDS = ("situation", "thought", "evidence_for", "evidence_against", "balanced")


def _text(label: Any, help_text: Any = "", *, required: bool = False, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _strength(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False)


class Said(TypedDict):
    """What a thought record says, and whether the care team may read it."""

    words: dict[str, str]
    feelings: list[Feeling]
    is_shared: bool


class PracticeForm(forms.Form):
    """“I practised”: everything here may be left empty."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    before = _strength(_("How strong was it before, 0 to 10?"), 10)
    after = _strength(_("And after, 0 to 10?"), 10)
    note = _text(_("A note for yourself"), rows=2)
    is_shared = forms.BooleanField(label=_("My counselor may read this note"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"token": uuid4()})


class ThoughtRecordForm(forms.Form):
    """A thought looked at from both sides."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    over = KeysField()
    situation = _text(_("What happened?"), _("Where were you, when, with whom? Just the facts."), required=True, rows=2)
    thought = _text(_("What went through your mind?"), _("The thought that hurt most."), required=True, rows=2)
    evidence_for = _text(_("What speaks for this thought?"), _("Only what a camera would have seen."))
    evidence_against = _text(_("What speaks against it?"), _("What would you say to a friend who thought this?"))
    balanced = _text(_("A fairer thought"), _("One that takes both sides in."), rows=2)
    is_shared = forms.BooleanField(label=_("Share this with my counselor"), required=False)

    def __init__(self, data: Any = None, *, record: ThoughtRecord | None = None) -> None:
        super().__init__(data, initial=_values(record) if record else {"token": uuid4()})
        for n in range(FEELINGS):
            number = {"number": n + 1}
            before = _strength(_t("How strong was feeling %(number)s, 0 to 100?") % number, 100)
            before.required = n == 0
            self.fields[f"feeling_{n}"] = forms.CharField(
                label=_t("Feeling %(number)s") % number, max_length=60, required=n == 0
            )
            self.fields[f"before_{n}"] = before
            self.fields[f"after_{n}"] = _strength(_t("How strong is feeling %(number)s now, 0 to 100?") % number, 100)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for n in range(1, FEELINGS):
            name, before = cleaned.get(f"feeling_{n}"), cleaned.get(f"before_{n}")
            rated = before is not None or cleaned.get(f"after_{n}") is not None
            if rated and not name and f"feeling_{n}" not in self.errors:
                self.add_error(f"feeling_{n}", _t("Which feeling was this?"))
            if name and before is None and f"before_{n}" not in self.errors:
                self.add_error(f"before_{n}", _t("Please say how strong it was, 0 to 100."))
        return cleaned

    def feelings(self) -> list[Feeling]:
        """The feelings that were named."""
        data = self.cleaned_data
        return [
            Feeling(data[f"feeling_{n}"].strip(), data[f"before_{n}"], data[f"after_{n}"])
            for n in range(FEELINGS)
            if data[f"feeling_{n}"].strip()
        ]

    def said(self) -> Said:
        """What was written, as the services of thought records take it."""
        words = {name: self.cleaned_data[name] for name in WORDS}
        return {"words": words, "feelings": self.feelings(), "is_shared": self.cleaned_data["is_shared"]}

    def feeling_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and strength, for the page."""
        return [(self[f"feeling_{n}"], self[f"before_{n}"]) for n in range(FEELINGS)]

    def again_rows(self) -> list[forms.BoundField]:
        """The strength now, for the page."""
        return [self[f"after_{n}"] for n in range(FEELINGS)]


def _values(record: ThoughtRecord) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(record, name) for name in WORDS}
    values |= {"is_shared": record.is_shared, "version": record.version}
    for n, feeling in enumerate(record.feelings[:FEELINGS]):
        values |= {f"feeling_{n}": feeling["name"], f"before_{n}": feeling["before"], f"after_{n}": feeling["after"]}
    return values


class AssignForm(forms.Form):
    """Hand a lesson to a student."""

    lesson_id = forms.ChoiceField(label=_("Lesson"))
    due_on = forms.DateField(label=_("Practised by"))

    def __init__(self, data: Any = None, *, lessons: list[tuple[str, str]], today: Any) -> None:
        super().__init__(data, initial={"due_on": today})
        self.today = today
        field = self.fields["lesson_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = lessons

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return day
