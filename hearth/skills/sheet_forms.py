"""The form of a working sheet, made of what sheets.toml says of it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t

from hearth.skills.own_forms import KeysField, OwnForm
from hearth.skills.sheet_kinds import Field, Kind, in_words, name_of

MOST = {"ten": 10, "hundred": 100}


class SheetForm(OwnForm):
    """A sheet of this kind. Every field may be left empty for later; one of them says something."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    over = KeysField()

    def __init__(
        self, data: Any = None, *, kind: Kind, language: str, answers: Mapping[str, Any] | None = None, version: int = 0
    ) -> None:
        self.kind = kind
        super().__init__(data, initial=_initial(kind, answers or {}) | {"version": version})
        for field in kind.fields:
            self.fields[field.id] = _control(field, language)
        if kind.steps:
            for n in range(kind.steps.most):
                for field in kind.steps.fields:
                    self.fields[f"step_{n}_{field.id}"] = _control(field, language)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not name_of(self.kind, self.answers()):
            raise forms.ValidationError(_t("Write down one thing first. The rest can wait."))
        return cleaned

    def answers(self) -> dict[str, Any]:
        """What was written, as a row holds it. Steps that say nothing are left out."""
        data, steps = self.cleaned_data, self.kind.steps
        said = {field.id: data[field.id] for field in self.kind.fields}
        if steps is None:
            return said
        rows = [{field.id: data[f"step_{n}_{field.id}"] for field in steps.fields} for n in range(steps.most)]
        return said | {"steps": [row for row in rows if any(value not in ("", None, False) for value in row.values())]}

    def first_fields(self) -> list[forms.BoundField]:
        """The fields that stand before the steps, for the page."""
        return [self[field.id] for field in self.kind.fields[: self._after()]]

    def last_fields(self) -> list[forms.BoundField]:
        """The fields that stand after the steps, all where there are none, for the page."""
        return [self[field.id] for field in self.kind.fields[self._after() :]]

    def step_rows(self) -> list[tuple[bool, list[forms.BoundField]]]:
        """The fields of each step, and whether anything is written there, for the page."""
        steps = self.kind.steps
        rows = [[self[f"step_{n}_{field.id}"] for field in steps.fields] for n in range(steps.most)] if steps else []
        return [(any(each.value() for each in row) or any(each.errors for each in row), row) for row in rows]

    def _after(self) -> int:
        return self.kind.steps.after if self.kind.steps else 0


def _control(field: Field, language: str) -> forms.Field:
    label, hint = in_words(field.label, language), in_words(field.hint, language)
    if field.sort == "yes":
        return forms.BooleanField(label=label, required=False)
    if field.sort in MOST:
        widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"})
        return forms.IntegerField(
            label=label, help_text=hint, min_value=0, max_value=MOST[field.sort], required=False, widget=widget
        )
    area = forms.Textarea(attrs={"rows": 3}) if field.sort == "text" else forms.TextInput()
    longest = 2000 if field.sort == "text" else 300
    return forms.CharField(label=label, help_text=hint, required=False, max_length=longest, widget=area)


def _initial(kind: Kind, answers: Mapping[str, Any]) -> dict[str, Any]:
    values = {field.id: answers.get(field.id) for field in kind.fields}
    for n, step in enumerate(answers.get("steps", ())):
        values |= {f"step_{n}_{name}": value for name, value in step.items()}
    return values
