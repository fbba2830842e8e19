"""The form of what a circle does together."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.circle import rules
from hearth.circle.challenging import LessonToDo


class ChallengeForm(forms.Form):
    """Something that a circle does together."""

    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Something small, as “One small walk each day this week”."),
        required=False,
        max_length=200,
    )
    lesson = forms.ChoiceField(
        label=_("From the curriculum"),
        help_text=_("Without words of yours it is called as the lesson is."),
        required=False,
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput)

    def __init__(self, data: Any = None, *, lessons: Iterable[LessonToDo], today: date) -> None:
        super().__init__(data, initial={"starts_on": today, "ends_on": today + timedelta(days=6)})
        choices = [("", _t("No lesson")), *((one.lesson, one.title) for one in lessons)]
        self.fields["lesson"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and not first <= last < first + timedelta(days=rules.LONGEST_CHALLENGE):
            self.add_error("ends_on", _t("A challenge lasts from one day to a month."))
        if not (cleaned.get("words", "").strip() or cleaned.get("lesson")):
            self.add_error("words", _t("Write what to do, or choose a lesson."))
        return cleaned
