"""Forms of incidents: the report, what is written down afterwards, and a house's own deadlines."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import Site, User
from hearth.lib.states import STATES
from hearth.people.models import Patient
from hearth.people.queries import patients_open_to
from hearth.safety.incident_models import Incident, IncidentDuty
from hearth.safety.incident_words import DEATH, KINDS, UNITS

AT_SITE = "site:"
ALIKE = 8  # people of one name to choose from; more need more of the name
WHEN = {"type": "datetime-local"}


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _is_clear(line: str, people: list[Patient]) -> bool:
    """Whether the line is the whole name, chosen or legal, of the only one found: “Ann” also finds a Joanna."""
    if len(people) != 1:
        return False
    [one] = people
    return line.casefold() in {f"{given} {one.family_name}".casefold() for given in (one.chosen_name, one.legal_given)}


class OnceForm(forms.Form):
    """A form that is stored once, however often it is sent."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class ReportForm(OnceForm):
    """What happened, or nearly did."""

    kind = forms.ChoiceField(
        label=_("What kind?"),
        choices=[("", _("Choose")), *KINDS.items()],
        error_messages={"required": _("Choose what comes closest.")},
    )
    is_near_miss = forms.TypedChoiceField(
        label=_("Did it happen?"),
        choices=[("no", _("Yes, it happened")), ("yes", _("Nearly: somebody or something stopped it"))],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it happened.")},
    )
    happened_at = forms.DateTimeField(label=_("When?"), widget=forms.DateTimeInput(attrs=WHEN))
    where = forms.ChoiceField(
        label=_("Where?"), widget=forms.RadioSelect, error_messages={"required": _("Choose where it was.")}
    )
    names = forms.CharField(
        label=_("Who was in it?"),
        help_text=_("Students by name, one a line. Nobody is named to people who may not open their chart."),
        required=False,
        max_length=1000,
        widget=_lines(2),
    )
    which = forms.MultipleChoiceField(label=_("Which of them?"), required=False, widget=forms.CheckboxSelectMultiple)
    what_happened = forms.CharField(
        label=_("What happened?"),
        help_text=_("In plain words, what you saw and heard. Nobody is blamed for a report."),
        max_length=4000,
        widget=_lines(4),
        error_messages={"required": _("Say in a few words what happened.")},
    )
    done_at_once = forms.CharField(
        label=_("What was done at once?"),
        max_length=2000,
        widget=_lines(2),
        error_messages={"required": _("Say what was done at once, even if it was nothing.")},
    )
    harm = forms.ChoiceField(
        label=_("Was somebody harmed?"),
        choices=Incident.Harm,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes closest.")},
    )
    staff = forms.ModelMultipleChoiceField(
        label=_("Staff who were in it"),
        help_text=_("Hold Ctrl to choose several."),
        queryset=User.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    others = forms.CharField(label=_("Visitors and others"), required=False, max_length=200)
    learned_at = forms.DateTimeField(
        label=_("When did one of us learn of it, if later?"),
        help_text=_("Deadlines count from here."),
        required=False,
        widget=forms.DateTimeInput(attrs=WHEN),
    )

    def __init__(
        self, *args: Any, viewer: User, staff: QuerySet[User], sites: list[Site], now: datetime, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"happened_at": now}
        super().__init__(*args, **kwargs)
        self.viewer, self.now = viewer, now
        self.sites = {f"{AT_SITE}{site.pk}": site for site in sites}
        at_sites = [(key, _t("At %(site)s") % {"site": site.name}) for key, site in self.sites.items()]
        others = [("video", Incident.Place.VIDEO.label), ("elsewhere", Incident.Place.ELSEWHERE.label)]
        self.fields["where"].choices = [*at_sites, *others]  # type: ignore[attr-defined]
        self.fields["staff"].queryset = staff  # type: ignore[attr-defined]
        if self.is_bound:
            self.fields["harm"].required = self.data.get("is_near_miss") != "yes"
            self._look_for_names()

    def _look_for_names(self) -> None:
        """Who is meant by the lines typed; where it is no whole name, or one of several, they are offered to choose."""
        typed = [" ".join(line.split()) for line in str(self.data.get("names", "")).splitlines()]
        self.found = {
            line: list(patients_open_to(viewer=self.viewer, named=line)[: ALIKE + 1]) for line in typed if line
        }
        alike = {
            one.pk: one
            for line, people in self.found.items()
            if len(people) <= ALIKE and not _is_clear(line, people)
            for one in people
        }
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            (str(pk), f"{one.name}, {one.birth_date.year}") for pk, one in alike.items()
        ]

    @property
    def asks_which(self) -> bool:
        """Whether it is not clear yet who is meant by a name typed."""
        return bool(self.fields["which"].choices)  # type: ignore[attr-defined]

    def clean_happened_at(self) -> datetime:
        return self._past("happened_at")

    def clean_learned_at(self) -> datetime | None:
        return self._past("learned_at") if self.cleaned_data["learned_at"] else None

    def _past(self, name: str) -> datetime:
        found: datetime = self.cleaned_data[name]
        if found > self.now:
            raise forms.ValidationError(_("That moment is still to come."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._name(data)
        if data.get("is_near_miss"):
            data["harm"] = Incident.Harm.NONE
        elif data.get("kind") == DEATH and data.get("harm", Incident.Harm.DEATH) != Incident.Harm.DEATH:
            self.add_error("harm", _("Say here that somebody died, or choose another kind."))
        happened, learned = data.get("happened_at"), data.get("learned_at")
        if happened and learned and learned < happened:
            self.add_error("learned_at", _("Nobody learns of it before it happens."))
        return data

    def _name(self, data: dict[str, Any]) -> None:
        chosen = set(data.get("which") or ())
        students = []
        for line, people in self.found.items():
            meant = people if _is_clear(line, people) else [one for one in people if str(one.pk) in chosen]
            if not people:
                self.add_error("names", _t("Nobody called “%(name)s” whose chart is open to you.") % {"name": line})
            elif len(people) > ALIKE:
                self.add_error("names", _t("Many are called “%(name)s”. Write more of the name.") % {"name": line})
            elif not meant and len(people) == 1:
                self.add_error("which", _t("“%(name)s” is not a whole name. Choose who is meant.") % {"name": line})
            elif not meant:
                self.add_error("which", _t("Several are called “%(name)s”. Choose who is meant.") % {"name": line})
            students += [one.pk for one in meant]
        data["students"] = list(dict.fromkeys(students))

    @property
    def said(self) -> dict[str, Any]:
        """What the service is told."""
        data = self.cleaned_data
        site = self.sites.get(data["where"])
        names = (
            "kind", "happened_at", "what_happened", "done_at_once", "others", "is_near_miss", "harm", "students",
            "token",
        )  # fmt: skip
        return {name: data[name] for name in names} | {
            "learned_at": data["learned_at"] or data["happened_at"],
            "place": Incident.Place.SITE if site else data["where"],
            "site": site,
            "staff": list(data["staff"]),
        }


class ReviewerForm(forms.Form):
    """Who looks into it."""

    person = forms.ModelChoiceField(
        label=_("Who looks into it?"), queryset=User.objects.none(), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """What became known later."""

    words = forms.CharField(
        label=_("What became known later?"),
        max_length=4000,
        widget=_lines(3),
        error_messages={"required": _("Write what you want to add.")},
    )


class ReopenForm(forms.Form):
    """Why a signed review is opened again."""

    words = forms.CharField(
        label=_("Why is it opened again?"),
        max_length=2000,
        widget=_lines(2),
        error_messages={"required": _("Say why it is opened again.")},
    )


class CloseForm(forms.Form):
    """What was found and what is changed."""

    led_to = forms.CharField(
        label=_("What led to it?"),
        help_text=_("Circumstances: the room, the hour, the hand-over, what was not known. Never who is to blame."),
        max_length=4000,
        widget=_lines(4),
        error_messages={"required": _("Say what led to it.")},
    )
    changed = forms.CharField(
        label=_("What is changed?"),
        help_text=_("By whom and until when. If nothing is, say why."),
        max_length=4000,
        widget=_lines(3),
        error_messages={"required": _("Say what is changed because of it.")},
    )


class ToldForm(forms.Form):
    """What became of something that must be told."""

    duty = forms.ChoiceField(label=_("Which?"), error_messages={"required": _("Choose what it was.")})
    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[("told", _("It was told")), ("not_due", _("It does not apply here"))],
        initial="told",
        widget=forms.RadioSelect,
    )
    told_by = forms.ModelChoiceField(
        label=_("Told by"),
        queryset=User.objects.none(),
        error_messages={"required": _("Say who told it, and when.")},
    )
    told_at = forms.DateTimeField(
        label=_("When?"),
        widget=forms.DateTimeInput(attrs=WHEN),
        error_messages={"required": _("Say who told it, and when.")},
    )
    words = forms.CharField(
        label=_("How, and the number it got; or why it does not apply"),
        max_length=2000,
        widget=_lines(2),
        error_messages={"required": _("Say why it does not apply.")},
    )

    def __init__(
        self, *args: Any, duties: list[IncidentDuty], people: QuerySet[User], viewer: User, now: datetime, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"told_by": viewer.pk, "told_at": now}
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.to_words}: {one.what_words}") for one in duties
        ]
        self.now = now
        self.fields["told_by"].queryset = people  # type: ignore[attr-defined]
        is_told = not self.is_bound or self.data.get("outcome") == "told"
        self.fields["told_by"].required = self.fields["told_at"].required = is_told
        self.fields["words"].required = not is_told

    def clean_told_at(self) -> datetime | None:
        found: datetime | None = self.cleaned_data["told_at"]
        if found and found > self.now:
            raise forms.ValidationError(_("That moment is still to come."))
        return found


class DutyForm(OnceForm):
    """Something else that must be told because of one incident."""

    to = forms.CharField(label=_("Whom to tell"), max_length=160)
    what = forms.CharField(label=_("What"), max_length=300)
    due_at = forms.DateTimeField(label=_("Until when"), widget=forms.DateTimeInput(attrs=WHEN))
    source = forms.CharField(label=_("Where it is written"), max_length=200)


class RuleForm(OnceForm):
    """A deadline of the house's own."""

    kind = forms.ChoiceField(label=_("For which kind"), choices=[("", _("Choose")), *KINDS.items()])
    state = forms.ChoiceField(label=_("In which state"), required=False, choices=[("", _("Everywhere")), *STATES])
    to = forms.CharField(label=_("Whom to tell"), max_length=160, help_text=_("The authority, payer or accreditor."))
    what = forms.CharField(label=_("What"), max_length=300)
    within = forms.IntegerField(label=_("Within"), min_value=0, max_value=1000, help_text=_("0 stands for at once."))
    unit = forms.ChoiceField(label=_("Counted in"), choices=[(unit.value, words) for unit, words in UNITS.items()])
    source = forms.CharField(
        label=_("Where it is written"), max_length=200, help_text=_("The rule, contract or letter, as you read it.")
    )
    effective_on = forms.DateField(label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}))
