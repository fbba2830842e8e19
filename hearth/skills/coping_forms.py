"""Forms of the plan for hard days and its cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.accounts.rules import dialled
from hearth.skills.models import CopingPlan
from hearth.skills.own_forms import OwnForm

PEOPLE = 4  # whom to call, at most


def _lines(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlanForm(forms.Form):
    """The plan, one thing a line. Every part may be left empty for later."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    triggers = _lines(_("What sets it off"), _("One a line: a place, a feeling, a time of day, a person."))
    warning_signs = _lines(_("How I notice it early"), _("In my body, my thoughts, what I stop doing."))
    situations = _lines(_("Times that are risky for me"), _("Payday, being alone on Sunday, after a fight."))
    what_i_do = _lines(_("What I do then"), _("Small steps that have worked. The first one first."))

    def __init__(self, data: Any = None, *, plan: CopingPlan | None) -> None:
        super().__init__(data, initial=_values(plan))
        for n in range(PEOPLE):
            number = {"number": n + 1}
            self.fields[f"name_{n}"] = forms.CharField(
                label=_t("Person %(number)s") % number, max_length=80, required=False
            )
            self.fields[f"phone_{n}"] = forms.CharField(
                label=_t("Phone of person %(number)s") % number,
                max_length=30,
                required=False,
                widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for n in range(PEOPLE):
            if cleaned.get(f"phone_{n}") and not cleaned.get(f"name_{n}"):
                self.add_error(f"name_{n}", _t("Whose number is this?"))
            phone = cleaned.get(f"phone_{n}", "")
            if any(sign.isdigit() for sign in phone) and not dialled(phone):
                self.add_error(f"phone_{n}", _t("This is no number that can be called."))
        return cleaned

    def people(self) -> list[dict[str, str]]:
        """Whom to call, those who were named."""
        data = self.cleaned_data
        named = [n for n in range(PEOPLE) if data[f"name_{n}"].strip()]
        return [{"name": data[f"name_{n}"].strip(), "phone": data[f"phone_{n}"].strip()} for n in named]

    def people_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and phone, for the page."""
        return [(self[f"name_{n}"], self[f"phone_{n}"]) for n in range(PEOPLE)]


class CardForm(OwnForm):
    """A card in one's own words."""

    words = forms.CharField(
        label=_("A card in your own words"),
        help_text=_("What would you tell yourself on a hard day?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _values(plan: CopingPlan | None) -> dict[str, Any]:
    if plan is None:
        return {"version": 0}
    values: dict[str, Any] = {
        name: getattr(plan, name) for name in ("version", "triggers", "warning_signs", "situations", "what_i_do")
    }
    for n, one in enumerate(plan.people[:PEOPLE]):
        values |= {f"name_{n}": one["name"], f"phone_{n}": one["phone"]}
    return values
