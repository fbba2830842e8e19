"""Forms of what somebody needs to take part, and of whom to keep apart."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.accounts.models import User
from hearth.people.models import Patient
from hearth.program.forms import INTERPRETED
from hearth.program.models import Equipment
from hearth.timetable.models import Accommodation

NEEDED = [each for each in Equipment.choices if each[0] != Equipment.SCREEN]
"""What a person, rather than a group, may need of a room."""


class NeedsForm(forms.Form):
    """What somebody needs to take part in groups."""

    interpreting = forms.ChoiceField(
        label=gettext_lazy("Interpreter or captions"),
        choices=[("", gettext_lazy("not needed")), *INTERPRETED],
        required=False,
    )
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("The room must have"), choices=NEEDED, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, known: Accommodation | None = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs["initial"] = {"interpreting": known.interpreting, "equipment": known.equipment}
        super().__init__(*args, **kwargs)


class ApartForm(forms.Form):
    """From whom one student is kept apart, and why."""

    other = forms.ModelChoiceField(
        label=gettext_lazy("From whom"), queryset=Patient.objects.none(), required=False, empty_label="–"
    )
    member = forms.ModelChoiceField(
        label=gettext_lazy("Or from a member of staff"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        help_text=gettext_lazy("Only supervisors read this. It is shown nowhere else."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, others: Iterable[Patient], staff: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Patient.objects.filter(pk__in=[one.pk for one in others])
        self.fields["other"].queryset = people.order_by("family_name", "pk")  # type: ignore[attr-defined]
        members = User.objects.filter(pk__in=[one.pk for one in staff])
        self.fields["member"].queryset = members.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two, and only one."""
        data = super().clean() or {}
        if not self.errors and bool(data.get("other")) == bool(data.get("member")):
            self.add_error("other", _("Choose one person: a student or a member of staff."))
        return data
