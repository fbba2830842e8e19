"""Forms of the list of support groups."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.circle.models import SupportGroup
from hearth.people.models import Population

DAYS = [(str(day), WEEKDAYS[day]) for day in range(7)]


class SupportGroupForm(forms.Form):
    """One meeting on the list."""

    name = forms.CharField(label=_("Name"), max_length=120)
    weekday = forms.TypedChoiceField(label=_("Day"), choices=DAYS, coerce=int)
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput)
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput, required=False)
    way = forms.ChoiceField(label=_("How people meet"), choices=SupportGroup.Way.choices, widget=forms.RadioSelect)
    place = forms.CharField(label=_("Place, or number to call"), max_length=200, required=False)
    link = forms.URLField(label=_("Link"), max_length=300, required=False)
    for_whom = forms.CharField(
        label=_("Who it is for"),
        help_text=_("As those who hold it say it: open to all, women, people who are grieving."),
        max_length=200,
        required=False,
    )
    population = forms.ChoiceField(
        label=_("Shown to"), choices=[("", _("Everyone")), *Population.choices], required=False
    )
    language = forms.CharField(label=_("Language spoken there"), max_length=60)
    is_ours = forms.BooleanField(label=_("We hold it ourselves"), required=False)
    source = forms.CharField(
        label=_("Where you found it"), help_text=_("A page, a leaflet, a person who goes there."), max_length=200
    )
    checked_on = forms.DateField(label=_("When you made sure that it meets"), widget=forms.DateInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("place", "").strip() or cleaned.get("link")):
            self.add_error("place", _t("Write a place, a number or a link."))
        if cleaned.get("is_ours") and not cleaned.get("population"):
            self.add_error("population", _t("Adults and adolescents never meet in a group of ours: choose one."))
        return cleaned


class FindForm(forms.Form):
    """A day and a way to look for."""

    day = forms.ChoiceField(label=_("Day"), choices=[("", _("Any day")), *DAYS], required=False)
    way = forms.ChoiceField(
        label=_("How people meet"), choices=[("", _("Any way")), *SupportGroup.Way.choices], required=False
    )
