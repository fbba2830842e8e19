"""Forms for how often one student is asked what. Each change needs its reason."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.measures.instrument import Instrument
from hearth.measures.models import Rule
from hearth.measures.rhythms import RHYTHMS
from hearth.measures.wording import RHYTHMS as RHYTHM_WORDS


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why: it stands beside the questionnaire.")},
    )


class RhythmForm(ReasonForm):
    """How often it is asked from now on."""

    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=list(RHYTHM_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )
    field_order = ["instrument", "rhythm", "reason"]

    def __init__(self, data: Any = None, *, rule: Rule | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if rule is not None:
            now = (rule.every_days, rule.before_individual)
            self.initial["rhythm"] = next((name for name, one in RHYTHMS.items() if one == now), "")


class AddRhythmForm(RhythmForm):
    """Something that the student's program does not ask."""

    instrument = forms.ChoiceField(label=_("Questionnaire"), error_messages={"required": _("Choose a questionnaire.")})

    def __init__(self, data: Any = None, *, instruments: Iterable[Instrument], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        named = [
            (one.id, _("%(name)s, %(minutes)s min") % {"name": one.name, "minutes": one.minutes}) for one in instruments
        ]
        self.fields["instrument"].choices = [("", _("Choose")), *named]  # type: ignore[attr-defined]
