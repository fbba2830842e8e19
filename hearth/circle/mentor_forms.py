"""Forms of peer mentors, for supervisors."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.circle import rules
from hearth.circle.models import Membership


def _places(rows: Iterable[Membership]) -> list[tuple[UUID, str]]:
    return [(row.pk, row.patient.name) for row in rows]


class MentorForm(forms.Form):
    """An alumnus who is to be a peer mentor, and who made sure that they can."""

    place = forms.TypedChoiceField(label=_("Who"), coerce=UUID)
    words = forms.CharField(
        label=_("What a student reads about them"),
        help_text=_("In words you found together. No diagnosis, no number, no address."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    trained_on = forms.DateField(label=_("Trained on"), widget=forms.DateInput)
    checked_on = forms.DateField(label=_("Background check of"), widget=forms.DateInput)
    checked_by = forms.TypedChoiceField(label=_("Who saw its result"), coerce=UUID)
    supervisor = forms.TypedChoiceField(label=_("Who supervises them"), coerce=UUID)

    def __init__(self, data: Any = None, *, people: Iterable[Membership], staff: Iterable[User], today: date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["place"].choices = _places(people)  # type: ignore[attr-defined]
        named = [(one.pk, one.name) for one in staff]
        for name in ("checked_by", "supervisor"):
            self.fields[name].choices = named  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        trained, checked = cleaned.get("trained_on"), cleaned.get("checked_on")
        if trained and trained > self.today:
            self.add_error("trained_on", _t("Name them once they are trained."))
        if checked and not self.today - rules.CHECK_HOLDS < checked <= self.today:
            self.add_error("checked_on", _t("The check is of the last twelve months, and its result is known."))
        return cleaned


class SupervisorForm(forms.Form):
    """Who supervises a mentor from now on."""

    hand_over = forms.UUIDField(widget=forms.HiddenInput)
    supervisor = forms.TypedChoiceField(label=_("Who supervises them from now on"), coerce=UUID)

    def __init__(self, data: Any = None, *, staff: Iterable[User]) -> None:
        super().__init__(data)
        self.fields["supervisor"].choices = [(one.pk, one.name) for one in staff]  # type: ignore[attr-defined]


class IntroduceForm(forms.Form):
    """A student to whom a mentor is suggested."""

    place = forms.TypedChoiceField(label=_("Student"), coerce=UUID)
    where = forms.CharField(
        label=_("Where and when they meet"),
        help_text=_("In our rooms or by our video, while somebody of us is near."),
        max_length=300,
    )

    def __init__(self, data: Any = None, *, people: Iterable[Membership]) -> None:
        super().__init__(data)
        self.fields["place"].choices = _places(people)  # type: ignore[attr-defined]
