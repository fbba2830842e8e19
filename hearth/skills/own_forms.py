"""Forms of the student's own tools. A phone without a connection fills in the same ones, later."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.skills import late


def rating(label: Any, help_text: Any = "", *, required: bool = False) -> forms.IntegerField:
    """A number from 0 to 10."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=10,
        required=required,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )


class KeysField(forms.CharField):
    """The keys of what was written before on this phone and goes on here; filled in by own.js."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=4000, widget=forms.HiddenInput)

    def clean(self, value: Any) -> Any:
        try:
            return late.keys(super().clean(value))
        except ValueError:
            raise forms.ValidationError(_("This could not be read.")) from None


class OwnForm(forms.Form):
    """A form that is stored once, however often it is sent."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"token": uuid4()} | (initial or {}))


class HelpedForm(OwnForm):
    """“This helped me”: everything here may be left empty."""

    before = rating(_("How strong was it before, 0 to 10?"), _("0 is not at all, 10 is as strong as it gets."))
    after = rating(_("And after, 0 to 10?"))


class UrgeForm(OwnForm):
    """An urge that came: only how strong it was is asked for."""

    about = forms.CharField(label=_("An urge for what?"), max_length=80, required=False)
    strength = rating(_("How strong is it now, 0 to 10?"), required=True)
    after = rating(_("And after the wave, 0 to 10?"))
    trigger = forms.CharField(label=_("What was going on?"), max_length=300, required=False)
    helped = forms.CharField(
        label=_("What helped?"), help_text=_("It becomes one of your coping cards."), max_length=300, required=False
    )


class ActivityForm(OwnForm):
    """A small thing to do, on a day."""

    what = forms.CharField(
        label=_("What would you like to do?"), help_text=_("So small that it cannot go wrong."), max_length=120
    )
    on = forms.DateField(label=_("On which day?"))


class DidForm(OwnForm):
    """It was done. Both moods may be left empty."""

    before = rating(_("Your mood before, 0 to 10?"), _("0 is as low as it gets, 10 is the best."))
    after = rating(_("And your mood after, 0 to 10?"))


def clock(label: Any, help_text: Any = "", *, required: bool = True) -> forms.TimeField:
    """A time of day."""
    widget = forms.TimeInput(attrs={"type": "time", "class": "short"}, format="%H:%M")
    return forms.TimeField(label=label, help_text=help_text, required=required, widget=widget)


class NightForm(OwnForm):
    """A night: when they went to bed and got up. The rest may be left empty."""

    def __init__(self, data: Any = None, *, today: date | None) -> None:
        """`today` is None on a page kept for later: whoever opens it then says which morning."""
        super().__init__(data, initial={"on": today} if today else {})
        self.today = today

    on = forms.DateField(label=_("Which morning?"))
    bed = clock(_("When did you go to bed?"), _("Lights out, about. Nobody needs the minute."))
    up = clock(_("When did you get up?"))
    rested = rating(_("How rested were you, 0 to 10?"), _("0 is not at all, 10 is as good as it gets."))
    helped = forms.CharField(label=_("What helped, or got in the way?"), max_length=300, required=False)

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("This morning has not come yet."))
        return on


class SleepRoutineForm(OwnForm):
    """How the day ends, in the student's own words."""

    prefix = "routine"  # it stands on one page with the form of a night

    up = clock(_("I get up at, most days"), _("The same time each day helps more than an early night."), required=False)
    evening = forms.CharField(
        label=_("My last hour, one thing a line"),
        help_text=_("Dim the light. Phone into another room. Music."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HabitForm(OwnForm):
    """A tiny thing to do every day, and what it follows."""

    anchor = forms.CharField(
        label=_("When or where?"), help_text=_("After I brush my teeth. When I sit down on the bus."), max_length=120
    )
    what = forms.CharField(
        label=_("Then I …"), help_text=_("So small that it takes less than two minutes."), max_length=120
    )
