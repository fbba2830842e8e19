"""Forms of the program: days off, rooms and the ways between sites, duty hours, interpreters, who leads with whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.accounts.models import Site, User
from hearth.people.models import Modality, Population
from hearth.program import queries
from hearth.program.hours_text import NotHours, read_day, write_day
from hearth.program.models import Equipment, GroupNeed, Interpreter, Room, StaffDuty, StaffPair
from hearth.program.services import Duty

LANGUAGES = [("en", gettext_lazy("English")), ("es", gettext_lazy("Spanish"))]
INTERPRETED = [
    ("ase", gettext_lazy("American Sign Language")),
    ("es", gettext_lazy("Spanish")),
    ("ar", gettext_lazy("Arabic")),
    ("so", gettext_lazy("Somali")),
    ("vi", gettext_lazy("Vietnamese")),
    ("zh", gettext_lazy("Chinese")),
    ("captions", gettext_lazy("Live captions")),
]
"""What interpreters and captioners offer; people say what they need in the same words."""

LONGEST = 366  # days in one go


class DatesForm(forms.Form):
    """The first and the last day; one day where the last is left empty."""

    first_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_on = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """The last day is the first where it is empty, never before it, and not over yet."""
        data = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on") or data.get("first_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first."))
        elif last and last < self.today:
            self.add_error("first_on", _("These days are over already."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last_on", _("That is more than a year. Write a shorter time."))
        data["last_on"] = last
        return data


class ClosureForm(DatesForm):
    """A site, or everything, is closed."""

    name = forms.CharField(label=gettext_lazy("What is it called?"), max_length=80)
    site = forms.ModelChoiceField(
        label=gettext_lazy("Where"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=gettext_lazy("Everywhere"),
    )
    field_order = ["name", "site", "first_on", "last_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = queries.sites()  # type: ignore[attr-defined]


class RoomForm(forms.Form):
    """A room, its seats and what it has."""

    site = forms.ModelChoiceField(label=gettext_lazy("Site"), queryset=Site.objects.none())
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=2,
        max_value=200,
        help_text=gettext_lazy("With those of leaders and interpreter."),
    )
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("What it has"),
        choices=Equipment.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, room: Room | None = None, **kwargs: Any) -> None:
        if room is not None:
            known = {"site": room.site_id, "name": room.name, "seats": room.seats, "equipment": room.equipment}
            kwargs["initial"] = known
        super().__init__(*args, **kwargs)
        self.room = room
        self.fields["site"].queryset = queries.sites()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A room has a name of its own at its site."""
        data = super().clean() or {}
        if site := data.get("site"):
            same = Room.objects.filter(site=site, name=str(data.get("name", "")).strip())
            if (same.exclude(pk=self.room.pk) if self.room else same).exists():
                self.add_error("name", _("There is a room of this name at this site already."))
        return data


class TravelForm(forms.Form):
    """Minutes from one site to another."""

    one = forms.ModelChoiceField(label=gettext_lazy("From"), queryset=Site.objects.none())
    other = forms.ModelChoiceField(label=gettext_lazy("To"), queryset=Site.objects.none())
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=0, max_value=600)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].queryset = queries.sites()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two different sites."""
        data = super().clean() or {}
        if data.get("one") and data.get("one") == data.get("other"):
            self.add_error("other", _("Choose two different sites."))
        return data


class WeekOfTextForm(forms.Form):
    """Hours of a week, one field for each weekday: `12:00–17:00, 18–21`."""

    def __init__(self, *args: Any, hours: list[dict[str, Any]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            self.fields[f"day_{day}"] = forms.CharField(
                label=str(WEEKDAYS[day]),
                required=False,
                max_length=80,
                initial=write_day(day, hours or []),
                widget=forms.TextInput(attrs={"placeholder": "09:00–17:00", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        """Read each weekday; together they are `hours`."""
        data = super().clean() or {}
        data["hours"] = []
        for day in range(7):
            try:
                data["hours"] += read_day(day, data.pop(f"day_{day}", ""))
            except NotHours:
                self.add_error(f"day_{day}", _("Write it like 12:00–17:00, on the half hour; several with a comma."))
        return data

    def days(self) -> list[forms.BoundField]:
        """The seven fields, for the page."""
        return [self[f"day_{day}"] for day in range(7)]


class WorkingHoursForm(WeekOfTextForm):
    """When a team is at work; some hour there must be."""

    def clean(self) -> dict[str, Any]:
        """A week without an hour promises nothing to anybody."""
        data = super().clean()
        if not data["hours"] and not self.errors:
            self.add_error("day_0", _("Write the hours of at least one day."))
        return data


class DutyForm(WeekOfTextForm):
    """What a member of staff can be given from a Monday on."""

    since = forms.DateField(
        label=gettext_lazy("From Monday"),
        help_text=gettext_lazy("Until then it stays as it is."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    populations = forms.MultipleChoiceField(
        label=gettext_lazy("For"), choices=Population.choices, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Leads groups on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("In"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    hours_week = forms.IntegerField(label=gettext_lazy("Most hours with people a week"), min_value=0, max_value=60)
    run_minutes = forms.IntegerField(
        label=gettext_lazy("Longest without a break, in minutes"), min_value=60, max_value=600, step_size=30
    )
    site = forms.ModelChoiceField(
        label=gettext_lazy("Office at"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=gettext_lazy("Any site"),
    )

    def __init__(self, *args: Any, duty: StaffDuty | None, monday: date, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"since": monday, "hours_week": 26, "run_minutes": 300, "languages": ["en"]}
        if duty is not None:
            initial |= {
                "populations": duty.populations,
                "topics": duty.topics,
                "languages": duty.languages,
                "hours_week": duty.max_minutes_week // 60,
                "run_minutes": duty.max_minutes_run,
                "site": duty.site_id,
            }
        super().__init__(*args, initial=initial, hours=duty.hours if duty else None, **kwargs)
        self.fields["topics"].choices = queries.topics()  # type: ignore[attr-defined]
        self.fields["site"].queryset = queries.sites()  # type: ignore[attr-defined]

    def clean_since(self) -> date:
        """A Monday."""
        since: date = self.cleaned_data["since"]
        if since.weekday() != 0:
            raise forms.ValidationError(_("New hours begin on a Monday."))
        return since

    def duty(self) -> Duty:
        """What was written."""
        data = self.cleaned_data
        return Duty(
            populations=data["populations"],
            topics=data["topics"],
            languages=data["languages"],
            hours=data["hours"],
            max_minutes_week=data["hours_week"] * 60,
            max_minutes_run=data["run_minutes"],
            site=data["site"],
        )


class InterpreterForm(WeekOfTextForm):
    """An interpreter or captioner."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    agency = forms.CharField(label=gettext_lazy("Agency"), max_length=120, required=False)
    offers = forms.MultipleChoiceField(
        label=gettext_lazy("Interprets into"), choices=INTERPRETED, widget=forms.CheckboxSelectMultiple
    )
    modalities = forms.MultipleChoiceField(
        label=gettext_lazy("Works"),
        choices=[(Modality.IN_PERSON, Modality.IN_PERSON.label), (Modality.VIRTUAL, Modality.VIRTUAL.label)],
        widget=forms.CheckboxSelectMultiple,
    )
    bound_on = forms.DateField(
        label=gettext_lazy("Signed confidentiality on"),
        required=False,
        help_text=gettext_lazy("Nobody can be booked before they signed that they keep everything to themselves."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    left_on = forms.DateField(
        label=gettext_lazy("No longer with us from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, interpreter: Interpreter | None = None, **kwargs: Any) -> None:
        names = ("name", "agency", "offers", "modalities", "bound_on", "left_on")
        initial = {name: getattr(interpreter, name) for name in names} if interpreter else {}
        hours = interpreter.hours if interpreter else None
        super().__init__(*args, initial=initial, hours=hours, **kwargs)
        self.interpreter = interpreter

    def clean_name(self) -> str:
        """A name that nobody else here has."""
        name = str(self.cleaned_data["name"]).strip()
        same = Interpreter.objects.filter(name=name)
        if (same.exclude(pk=self.interpreter.pk) if self.interpreter else same).exists():
            raise forms.ValidationError(_("There is an interpreter of this name already."))
        return name


class OwnWayInForm(forms.Form):
    """The e-mail with which an interpreter signs in."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy(
            "They get an invitation, and then see when, where and which group. Nothing of anyone in it."
        ),
    )


class PairForm(forms.Form):
    """How one member of staff leads groups with another."""

    first = forms.ModelChoiceField(label=gettext_lazy("Who"), queryset=User.objects.none())
    lead = forms.ChoiceField(label=gettext_lazy("leads groups"), choices=StaffPair.Lead.choices)
    second = forms.ModelChoiceField(label=gettext_lazy("With whom"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = User.objects.filter(pk__in=[one.pk for one in people]).order_by("name")
        for name in ("first", "second"):
            self.fields[name].queryset = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two different people."""
        data = super().clean() or {}
        if data.get("first") and data.get("first") == data.get("second"):
            self.add_error("second", _("Choose two different people."))
        return data


class GroupNeedForm(forms.Form):
    """How many leaders and which equipment groups need."""

    kind = forms.ChoiceField(label=gettext_lazy("Which groups"), choices=GroupNeed.Kind.choices)
    topic = forms.ChoiceField(label=gettext_lazy("On"), required=False)
    leaders = forms.TypedChoiceField(
        label=gettext_lazy("Leaders"), coerce=int, choices=[(1, gettext_lazy("one")), (2, gettext_lazy("two"))]
    )
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("What the room must have"),
        choices=Equipment.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("every topic")), *queries.topics()]  # type: ignore[attr-defined]
