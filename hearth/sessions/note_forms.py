"""What is typed into a group note: the part said once for all, and a line for each student present."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hearth.sessions.chairs import Chair
from hearth.sessions.models import Session
from hearth.sessions.note_words import FIELDS, interventions_of, proposal
from hearth.sessions.rules.notes import Draft, Line
from hearth.sessions.wording import PROGRESS, RISKS


class SharedForm(forms.Form):
    """What is said once for all. Nothing is required to keep a draft; signing asks for the rest.

    Its two proposals count once they were changed or kept, as a line's does.
    """

    text = forms.CharField(
        label=_("What was done"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 2})
    )
    interventions = forms.MultipleChoiceField(
        label=FIELDS["interventions"], required=False, widget=forms.CheckboxSelectMultiple
    )
    process = forms.CharField(
        label=_("How the group worked together"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    plan = forms.CharField(
        label=FIELDS["plan"], required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    text_proposed = forms.CharField(required=False, widget=forms.HiddenInput)
    text_keep = forms.BooleanField(label=_("Keep as proposed"), required=False)
    plan_proposed = forms.CharField(required=False, widget=forms.HiddenInput)
    plan_keep = forms.BooleanField(label=_("Keep as proposed"), required=False)

    def __init__(self, data: QueryDict | None, *, draft: Draft, chairs: Sequence[Chair], offered: Mapping[str, str]):
        offered = {name: words for name, words in offered.items() if not getattr(draft, name)}
        initial = {
            "text": draft.text or offered.get("text", ""),
            "interventions": draft.interventions,
            "process": draft.process,
            "plan": draft.plan or offered.get("plan", ""),
            "text_proposed": offered.get("text", ""),
            "plan_proposed": offered.get("plan", ""),
        }
        super().__init__(data, initial=initial)
        field = self.fields["interventions"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(interventions_of(chairs).items())

    def typed(self, name: str) -> str:
        """The words of this field; a proposal that nobody kept or changed is none yet."""
        sent = self.cleaned_data
        proposed, keeps = sent.get(f"{name}_proposed", ""), sent.get(f"{name}_keep", False)
        words: str = sent.get(name, "")
        return "" if words.strip() == proposed.strip() and not keeps else words


class LineForm(forms.Form):
    """One student's own line. Its text begins as a proposal; it counts once it was changed or kept as it stands."""

    text = forms.CharField(
        label=_("In their note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    proposed = forms.CharField(required=False, widget=forms.HiddenInput)
    keep = forms.BooleanField(label=_("Keep as proposed"), required=False)
    took_part = forms.TypedChoiceField(
        label=FIELDS["took_part"],
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(str(number), str(number)) for number in range(1, 6)],
        widget=forms.RadioSelect,
    )
    goal = forms.TypedChoiceField(label=FIELDS["goal"], required=False, coerce=int, empty_value=None)
    progress = forms.ChoiceField(
        label=FIELDS["progress"], required=False, choices=[("", _("Progress …")), *PROGRESS.items()]
    )
    risk = forms.ChoiceField(label=FIELDS["risk"], required=False, choices=[("", _("Risk …")), *RISKS.items()])
    risk_text = forms.CharField(label=FIELDS["risk_text"], required=False, max_length=300)
    plan = forms.CharField(label=_("Own next step, if different"), required=False, max_length=600)
    location = forms.CharField(label=FIELDS["location"], required=False, max_length=200)

    def __init__(self, *args: Any, chair: Chair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = [(str(goal.number), f"{goal.number} · {goal.words}") for goal in chair.goals]
        goal_field = self.fields["goal"]
        if isinstance(goal_field, forms.TypedChoiceField):
            goal_field.choices = [("", _("Goal …")), *goals]
        if not chair.goals:
            del self.fields["goal"], self.fields["progress"]
        if not chair.is_virtual:
            del self.fields["location"]

    def typed(self, stored: Line) -> Line:
        """The line as it was typed; a proposal that nobody kept or changed is no text yet."""
        found: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name in Line.__slots__}
        untouched = found["text"].strip() == self.cleaned_data["proposed"].strip() and not self.cleaned_data["keep"]
        return replace(stored, **(found | {"text": ""} if untouched else found))


class NoteForms:
    """The forms of one group note together: what is said for all, and a line for each student present."""

    def __init__(
        self,
        *,
        session: Session,
        draft: Draft,
        chairs: Sequence[Chair],
        offered: Mapping[str, str],
        data: QueryDict | None = None,
    ) -> None:
        self._draft, self._data = draft, data
        self.shared = SharedForm(data, draft=draft, chairs=chairs, offered=offered)
        self.lines = {
            chair.id: LineForm(
                data, chair=chair, prefix=chair.id, initial=initial_of(session, chair, draft.lines.get(chair.id))
            )
            for chair in chairs
            if chair.is_here
        }

    def is_valid(self) -> bool:
        return all([self.shared.is_valid(), *(line.is_valid() for line in self.lines.values())])

    def draft(self) -> Draft:
        """What was typed, as far as it is usable; lines of students not here any more are kept."""
        shared = self.shared.cleaned_data
        typed = {pk: form.typed(self._draft.lines.get(pk, Line())) for pk, form in self.lines.items()}
        return Draft(
            text=self.shared.typed("text"),
            interventions=tuple(shared.get("interventions", ())),
            process=shared.get("process", ""),
            plan=self.shared.typed("plan"),
            lines={**self._draft.lines, **typed},
        )

    def values(self) -> dict[str, str | list[str]]:
        """What every field shows, by the name it is sent under."""
        found: dict[str, str | list[str]] = {}
        for form in (self.shared, *self.lines.values()):
            for field in form:
                value = field.value()
                if not field.name.endswith("keep"):
                    found[field.html_name] = [*value] if isinstance(value, list | tuple) else _shown(value)
        return found

    def bases(self) -> tuple[int | None, dict[str, int]]:
        """The version the whole was begun from, and that of single fields, as the page knows them."""
        sent = self._data.get("base", "") if self._data else ""
        try:
            single = json.loads(self._data.get("bases") or "{}") if self._data else {}
        except ValueError:
            single = {}
        known = single.items() if isinstance(single, dict) else ()
        return int(sent) if sent.isdecimal() else None, {key: at for key, at in known if isinstance(at, int)}


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def initial_of(session: Session, chair: Chair, stored: Line | None) -> dict[str, Any]:
    """What a line's form shows: what is stored, and what is proposed where nothing is."""
    line = stored or Line()
    goal = line.goal if line.goal is not None else _proposed_goal(chair)
    line = replace(line, goal=goal, location=line.location or chair.attendance.location)
    offered = "" if line.text else proposal(session, chair, line)
    return {**asdict(line), "text": line.text or offered, "proposed": offered, "keep": False}


def _proposed_goal(chair: Chair) -> int | None:
    """The goal of their last note, while it is one of theirs; their only one; else none."""
    numbers = [goal.number for goal in chair.goals]
    if chair.last_goal in numbers:
        return chair.last_goal
    return numbers[0] if len(numbers) == 1 else None
