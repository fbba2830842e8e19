"""What somebody needs who is not in a program yet, as intake asks for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.lib.states import STATES
from hearth.people.models import Modality
from hearth.program.forms import INTERPRETED
from hearth.timetable.board import Span
from hearth.timetable.forms import WeekOfHours
from hearth.timetable.models import InterimSupport, WaitlistEntry
from hearth.timetable.need_forms import NEEDED
from hearth.timetable.newcomer_needs import Needs
from hearth.timetable.wording import LANGUAGE_WORDS


class NeedsForm(forms.Form):
    """Program and track, languages, way of coming, state, needs and hours. `week` holds the rows of hours."""

    kind = forms.ChoiceField(label=gettext_lazy("Program and track"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages they speak"),
        choices=list(LANGUAGE_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    modality = forms.ChoiceField(label=gettext_lazy("Takes part"), choices=Modality, widget=forms.RadioSelect)
    state = forms.ChoiceField(
        label=gettext_lazy("State they live in"), choices=[("", gettext_lazy("Choose")), *STATES], required=False
    )
    interpreting = forms.ChoiceField(
        label=gettext_lazy("Interpreter or captions"),
        choices=[("", gettext_lazy("not needed")), *INTERPRETED],
        required=False,
    )
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("The room must have"), choices=NEEDED, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: QueryDict | None, *, kinds: Mapping[str, str], stored: Sequence[Span] = (), **kwargs: Any
    ) -> None:
        """`kinds`: program and track by "program:track", with its words."""
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = list(kinds.items())  # type: ignore[attr-defined]
        self.week = WeekOfHours("week", data, stored, (), has_levels=False)

    def clean(self) -> dict[str, Any]:
        """Collect the rows' troubles into one line above the form; video needs a state."""
        cleaned = super().clean() or {}
        if self.week.reading.troubles:
            raise forms.ValidationError(_("Some hours need another look; the sentence beside each says why."))
        if not self.week.reading.spans:
            raise forms.ValidationError(_("No hours are marked yet. Mark when they could come."))
        if cleaned.get("modality") != Modality.IN_PERSON and not cleaned.get("state"):
            self.add_error("state", _("By video the state decides who may treat them."))
        return cleaned

    def program_id(self) -> str:
        """The program that was chosen."""
        return str(self.cleaned_data["kind"]).split(":")[0]

    def needs(self, pack: str) -> Needs:
        """What was asked for, in the program's pack. The family is asked for its own hours at admission."""
        given = self.cleaned_data
        return Needs(
            pack=pack,
            track=str(given["kind"]).split(":")[1],
            languages=tuple(given["languages"]),
            modality=given["modality"],
            state=given["state"],
            available=self.week.reading.spans,
            family=self.week.reading.spans,
            interpreting=given["interpreting"],
            equipment=tuple(given["equipment"]),
        )


class OrderForm(forms.Form):
    """What counts for the order of the waitlist, as they told us."""

    is_pregnant = forms.BooleanField(label=gettext_lazy("They are pregnant"), required=False)
    injects = forms.BooleanField(label=gettext_lazy("They inject drugs"), required=False)
    risk = forms.TypedChoiceField(
        label=gettext_lazy("Risk while they wait"),
        choices=WaitlistEntry.Risk,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("As you judge it from what they say. Raise a concern as well where it cannot wait."),
    )

    @staticmethod
    def initial_of(row: WaitlistEntry) -> dict[str, Any]:
        return {"is_pregnant": row.is_pregnant, "injects": row.injects, "risk": row.risk}


class SupportForm(forms.Form):
    """What was offered for the time of waiting."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What you offered"), choices=InterimSupport.Kind, widget=forms.RadioSelect
    )
    is_wanted = forms.TypedChoiceField(
        label=gettext_lazy("What they said"),
        choices=[("yes", gettext_lazy("Yes, gladly")), ("no", gettext_lazy("No, thank you"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=gettext_lazy("What was agreed"), max_length=500, required=False)
