"""What is typed when a student has died."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.people.models import Patient, Relationship


class DeathForm(forms.Form):
    """The day, who told us and how it became known."""

    died_on = forms.DateField(
        label=_("Day of death"), required=False, help_text=_("Leave it empty if it is not known.")
    )
    told_by = forms.CharField(
        label=_("Who told us?"), max_length=160, help_text=_("Name, and who they are to the student.")
    )
    known_how = forms.CharField(
        label=_("How did it become known?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was said, when, and whether somebody has confirmed it. Only what is known."),
    )

    def __init__(self, *args: Any, today: date, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.patient = today, patient

    def clean_died_on(self) -> date | None:
        day: date | None = self.cleaned_data["died_on"]
        if day and day > self.today:
            raise forms.ValidationError(_t("This day has not come yet."))
        if day and day < self.patient.birth_date:
            raise forms.ValidationError(_t("This is before they were born."))
        return day


class NameForm(forms.Form):
    """The second look: whose record this is, typed once more."""

    family_name = forms.CharField(label=_("Type their family name"), max_length=120)

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patient = patient

    def clean_family_name(self) -> str:
        typed = " ".join(str(self.cleaned_data["family_name"]).split())
        if typed.casefold() != self.patient.family_name.casefold():
            raise forms.ValidationError(_t("This is not the family name of the student whose record this is."))
        return typed


class TakeBackForm(forms.Form):
    """Why it was a mistake."""

    why = forms.CharField(
        label=_("What was wrong, and how do you know?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RelativesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Family of a student, by name and what they are to them."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Relationship) -> str:
        return f"{obj.person.name} ({obj.get_kind_display()})"


class SpokenForm(forms.Form):
    """With whom of the family we have spoken."""

    spoken_with = RelativesField(
        label=_("With whom have we spoken?"),
        queryset=Relationship.objects.none(),
        required=False,
        help_text=_("Only they read on their page that we are sorry. Others read that we want to speak with them."),
    )

    def __init__(self, *args: Any, relatives: QuerySet[Relationship], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spoken_with"].queryset = relatives  # type: ignore[attr-defined]


class DoneForm(SpokenForm):
    """What came of a task; of the family's, with whom."""

    note = forms.CharField(
        label=_("What was done"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("note", "spoken_with")

    def __init__(self, *args: Any, relatives: QuerySet[Relationship], **kwargs: Any) -> None:
        super().__init__(*args, relatives=relatives, **kwargs)
        if not relatives:
            del self.fields["spoken_with"]


class HandOverForm(forms.Form):
    """Who does it instead, and by when."""

    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none())
    due_on = forms.DateField(label=_("By"))

    def __init__(self, *args: Any, staff: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff  # type: ignore[attr-defined]
