"""Forms of the plan."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.plan.models import Goal

REASONS = {
    "below_level": _("This is less than the level of care asks for: 9 hours a week for adults, 6 for adolescents."),
    "above_level": _("This is more than 19 hours a week; that is a higher level of care."),
    "too_many_days": _("Choose 1 to 5 days a week."),
    "more_groups_than_days": _("There are more groups than the days can hold."),
    "too_short": _("That is shorter than the program's least length."),
    "too_long": _("That is longer than the program's greatest length."),
    "not_fewer_days": _("The program has no dose of so few days, or it is given already."),
    "why_missing": _("Say why the plan changes; the student reads it."),
}
"""Words for the codes of `plan.rules.problems`."""

KIND_LABELS = {
    "group": _("Groups a week"),
    "skills": _("Skills blocks a week"),
    "individual": _("Individual hours a week"),
    "family": _("Family hours a week"),
}


class DoseForm(forms.Form):
    """The weekly dose, the length, and why."""

    def __init__(self, *args: Any, dose: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = dose
        for kind, label in KIND_LABELS.items():
            self.fields[f"{kind}_count"] = forms.IntegerField(
                label=label, min_value=0, max_value=7, initial=dose[kind]["count"]
            )
            self.fields[f"{kind}_minutes"] = forms.IntegerField(
                label=_("Minutes each"), min_value=30, max_value=240, step_size=30, initial=dose[kind]["minutes"]
            )
        self.fields["days"] = forms.IntegerField(label=_("Days a week"), min_value=1, max_value=5, initial=dose["days"])
        self.fields["weeks"] = forms.IntegerField(label=_("Weeks in all"), min_value=1, max_value=30)
        self.fields["why"] = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def dose(self) -> dict[str, Any]:
        """The dose as boards and plans hold it."""
        data = self.cleaned_data
        kinds = {kind: {"count": data[f"{kind}_count"], "minutes": data[f"{kind}_minutes"]} for kind in KIND_LABELS}
        kinds["group"]["per_day"] = self.base["group"].get("per_day", 1)
        return {**kinds, "days": data["days"]}

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """How often and how long, per kind, for the page."""
        return [(self[f"{kind}_count"], self[f"{kind}_minutes"]) for kind in KIND_LABELS]


def _to_ten(label: Any, help_text: Any = "", *, required: bool = False) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"})
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=0, max_value=10, required=required, widget=widget
    )


class GoalForm(forms.Form):
    """A goal in the student's words."""

    words = forms.CharField(label=_("What do you want to be different?"), max_length=300)
    first_step = forms.CharField(label=_("A first small step"), max_length=300, required=False)
    confidence = _to_ten(_("How sure are you that you can do it, 0 to 10?"))


class GoalProgressForm(forms.Form):
    """How far along, how sure, and what helped, as the student sees it."""

    progress = _to_ten(_("How far along, 0 to 10"), required=True)
    confidence = _to_ten(
        _("How sure are you that you can do it, 0 to 10?"),
        _("Below 5? Then make the next step smaller, or ask your counselor what would make it a 6."),
    )
    helped = forms.CharField(
        label=_("What helped so far?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    status = forms.ChoiceField(label=_("Where it stands"), choices=Goal.Status)


class StepForm(forms.Form):
    """A step toward a goal."""

    words = forms.CharField(label=_("A small step"), help_text=_("What, when and where."), max_length=300)


class StepTogetherForm(StepForm):
    """A step toward one of these goals, written down with the student."""

    def __init__(self, data: Any = None, *, goals: Sequence[Goal]) -> None:
        super().__init__(data)
        self.goals = {str(goal.pk): goal for goal in goals}
        choices = [(pk, f"{goal.number}. {goal.words}") for pk, goal in self.goals.items()]
        self.fields["goal"] = forms.ChoiceField(label=_("Toward which goal?"), choices=choices)
        self.order_fields(["goal", "words"])

    def clean_goal(self) -> Goal:
        return self.goals[self.cleaned_data["goal"]]


class ProblemForm(forms.Form):
    """What the plan is about."""

    text = forms.CharField(label=_("Problem, in plain words"), max_length=200)
    code = forms.CharField(label=_("ICD-10-CM code"), max_length=20, required=False)
    is_primary = forms.BooleanField(label=_("This is the main one"), required=False)
