"""Forms of admission."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.admission.models import Assessment
from hearth.admission.queries import score_of
from hearth.admission.rules import Dimension, Finding, Findings
from hearth.admission.score_rules import LEAST, LEVELS_ENTERED, MOST, RATED, Score
from hearth.admission.wording import DIMENSIONS, LEVELS, RATINGS, hint
from hearth.program import pack
from hearth.program.models import Program


class FindingsForm(forms.Form):
    """The edition at hand, a rating and a note for each of the six dimensions, and a LOCUS or CALOCUS-CASII score."""

    edition = forms.ChoiceField(
        label=_("Which edition do you rate with?"),
        choices=Assessment.Editions.choices,
        initial=Assessment.Editions.FOURTH,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for dimension in Dimension:
            self.fields[f"rating_{dimension}"] = forms.TypedChoiceField(
                label=f"{dimension}. {DIMENSIONS[dimension][0]}",
                help_text=hint(dimension),
                choices=RATINGS,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a rating for this dimension.")},
            )
            self.fields[f"note_{dimension}"] = forms.CharField(
                label=_("What you heard and saw"),
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

        for name in RATED:
            self.fields[f"score_{name}"] = forms.IntegerField(
                label=format_lazy(_("Dimension {name}"), name=name),
                required=False,
                min_value=LEAST,
                max_value=MOST,
            )
        self.fields["score_level"] = forms.IntegerField(
            label=_("Level of care it gave (0 to 6)"),
            required=False,
            min_value=LEVELS_ENTERED[0],
            max_value=LEVELS_ENTERED[-1],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = [*(f"score_{name}" for name in RATED), "score_level"]
        blank = [name for name in names if data.get(name) is None and name not in self.errors]
        if len(blank) < len(names):
            for name in blank:
                self.add_error(name, _t("Enter all seven ratings and the level, or none of them."))
        return data

    def score(self) -> Score | None:
        """The score entered; None where it was left out."""
        data = self.cleaned_data
        if data["score_level"] is None:
            return None
        return Score(tuple(data[f"score_{name}"] for name in RATED), data["score_level"])

    def score_fields(self) -> list[forms.BoundField]:
        """The seven ratings, for the page."""
        return [self[f"score_{name}"] for name in RATED]

    def findings(self) -> Findings:
        """The findings as the rules read them."""
        data = self.cleaned_data
        return {
            dimension: Finding(data[f"rating_{dimension}"], data[f"note_{dimension}"].strip())
            for dimension in Dimension
        }

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Rating and note of each dimension, for the page."""
        return [(self[f"rating_{dimension}"], self[f"note_{dimension}"]) for dimension in Dimension]

    @staticmethod
    def initial_of(stored: Assessment) -> dict[str, Any]:
        """What the form shows for findings stored before. A signed score is not taken over: it has aged."""
        shown: dict[str, Any] = {"edition": stored.edition}
        for number, found in stored.findings.items():
            shown |= {f"rating_{number}": found["rating"], f"note_{number}": found.get("note", "")}
        if stored.signed_at is None and (score := score_of(stored)):
            shown |= {f"score_{name}": rating for name, rating in score.rated} | {"score_level": score.level}
        return shown


class DecisionForm(forms.Form):
    """The clinician's level of care, signed."""

    level = forms.ChoiceField(label=_("Level of care"), choices=list(LEVELS.items()))
    rationale = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you decide otherwise than suggested."),
    )
    sure = forms.BooleanField(label=_("I have reviewed the findings and sign this decision."))


class ProgramForm(forms.Form):
    """The program and track somebody is to come to, as `choice`."""

    choice = forms.ChoiceField(label=_("Program and track"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, programs: list[tuple[Program, int]], chosen: tuple[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {str(program.pk): program for program, _free in programs}
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            (
                f"{program.pk}|{track.id}",
                _program_line(program, pack.in_language(track.name, get_language() or "en"), free),
            )
            for program, free in programs
            for track in pack.get(program.pack).tracks
        ]
        name, track = chosen
        held = next((program for program, _free in programs if program.name == name), None)
        self.fields["choice"].initial = f"{held.pk}|{track}" if held else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = data.get("choice", "")
        if "|" in chosen:
            program_id, track = chosen.split("|", 1)
            data["program"], data["track"] = self.programs[program_id], track
        return data


class AdmitForm(ProgramForm):
    """The same with first day, length and primary counselor."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    weeks = forms.IntegerField(label=_("Weeks"), min_value=1, max_value=30)
    counselor = forms.ModelChoiceField(label=_("Primary counselor"), queryset=User.objects.none())

    def __init__(
        self,
        *args: Any,
        programs: list[tuple[Program, int]],
        counselors: list[User],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, programs=programs, **kwargs)
        self.today = today
        self.fields["counselor"].queryset = User.objects.filter(pk__in=[one.pk for one in counselors])  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = today + timedelta(days=7 - today.weekday())
        first = programs[0][0] if programs else None
        self.fields["weeks"].initial = pack.get(first.pack).length.default if first else 12

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError(_t("The first day cannot lie in the past."))
        if day > self.today + timedelta(days=180):
            raise forms.ValidationError(_t("The first day is more than half a year away."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "program" in data:
            length = pack.get(data["program"].pack).length
            weeks = data.get("weeks")
            if weeks is not None and not length.least <= weeks <= length.most:
                self.add_error(
                    "weeks",
                    _t("This program lasts %(least)s to %(most)s weeks.")
                    % {"least": length.least, "most": length.most},
                )
        return data


def _program_line(program: Program, track: str, free: int) -> str:
    places = _t("%(free)s places free") % {"free": free} if free > 0 else _t("full")
    return f"{program.name} · {track} · {places}"
