"""The form of an event that a circle is told of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.circle import rules
from hearth.circle.models import SupportGroup
from hearth.lib.templatetags.hearth import hours

LENGTHS = (30, 45, 60, 90, 120, 180, 240)


class EventForm(forms.Form):
    """Something that takes place once. Day and time are read on the clock of the program."""

    name = forms.CharField(label=_("What"), max_length=120)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput)
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput)
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int, initial=60)
    support_group = forms.TypedChoiceField(
        label=_("Support group"),
        help_text=_(
            "Those on the list for this age band alone. Without a place or link below, it is where the group meets."
        ),
        required=False,
        coerce=UUID,
        empty_value=None,
    )
    way = forms.ChoiceField(label=_("How people meet"), choices=SupportGroup.Way.choices, widget=forms.RadioSelect)
    place = forms.CharField(label=_("Place, or number to call"), max_length=200, required=False)
    link = forms.URLField(label=_("Link"), max_length=300, required=False)
    words = forms.CharField(
        label=_("What it is, in your words"),
        help_text=_("What happens there, whether somebody may bring a friend, how to find the door."),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_ours = forms.BooleanField(label=_("We hold it ourselves"), required=False)

    def __init__(self, data: Any = None, *, groups: Iterable[SupportGroup], zone: ZoneInfo, at: datetime) -> None:
        super().__init__(data)
        self.zone, self.at, self.groups = zone, at, {one.pk: one for one in groups}
        self.fields["starts"].help_text = _t("On the clock of %(zone)s.") % {
            "zone": zone.key.split("/")[-1].replace("_", " ")
        }
        self.fields["minutes"].choices = [(one, hours(one)) for one in LENGTHS]  # type: ignore[attr-defined]
        named = [(one.pk, f"{one.name}, {one.day_name}") for one in self.groups.values()]
        self.fields["support_group"].choices = [("", _t("None")), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        group = self.groups.get(cleaned.get("support_group"))  # type: ignore[arg-type]
        if group is not None and not (cleaned.get("place") or cleaned.get("link")):
            cleaned["place"], cleaned["link"] = group.place, group.link
        if not (cleaned.get("place") or cleaned.get("link") or self.has_error("link")):
            self.add_error("place", _t("Write a place, a number or a link."))
        day, clock = cleaned.pop("day", None), cleaned.pop("starts", None)
        if day and clock:
            starts_at = rules.instant(day, clock, zone=self.zone)
            if starts_at is None:
                self.add_error("starts", _t("There is no such time on that day: the clocks are put forward."))
            elif not self.at < starts_at < self.at + rules.FURTHEST_EVENT:
                self.add_error("day", _t("Choose a time that is still to come, within a year."))
            cleaned["starts_at"] = starts_at
        return cleaned
