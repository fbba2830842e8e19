"""The form of hours that come again every week."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.skills.models import WeekHours
from hearth.skills.own_forms import OwnForm, clock


class WeekHoursForm(OwnForm):
    """What, on which weekdays, from when until when."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=WeekHours.Kind, widget=forms.RadioSelect)
    what = forms.CharField(label=_("In your own words"), max_length=60, required=False)
    days = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        coerce=int,
        choices=[(number, WEEKDAYS[number]) for number in range(7)],
        widget=forms.CheckboxSelectMultiple,
    )
    starts = clock(_("From"))
    ends = clock(_("Until"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and starts >= ends:
            self.add_error(
                "ends", _t("It ends before it begins. Write a night shift as two: until 23:59, and from 0:00 on.")
            )
        return cleaned
