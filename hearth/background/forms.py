"""Forms of the assessment: one section a screen, the signature, an addendum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.background.known import Known, is_shown
from hearth.background.queries import Standing, filled_in, value_of
from hearth.background.questionnaire import Words
from hearth.background.rules import DECLINED, LONGEST
from hearth.background.wording import SOURCES, STAFF_SOURCES, WOULD_RATHER_NOT


@dataclass(frozen=True, slots=True)
class Row:
    """One question on the screen, with what stands beside it. `stands`: what was told before fills the field."""

    field: forms.BoundField
    standing: Standing
    known: Known | None
    source: Any
    said: str
    stands: bool
    own_said: str
    part2: bool


class SectionForm(forms.Form):
    """The questions of one section. None has to be answered."""

    def __init__(self, data: Any = None, *, standings: Sequence[Standing], words: Words, own: bool) -> None:
        super().__init__(data, auto_id="q_%s")
        self.standings, self.words, self.own = standings, words, own
        for one in standings:
            asked = words.items[one.item.id]
            common = {"label": asked.text, "help_text": asked.hint, "required": False, "initial": _initial(one, own)}
            self.fields[one.item.id] = _field(one, asked.choices, common, own=own)

    def given(self) -> dict[str, object]:
        """What was on the screen, as `services.save_section` takes it."""
        return dict(self.cleaned_data)

    def rows(self) -> list[Row]:
        """The questions in order."""
        return [self._row(one) for one in self.standings]

    def _row(self, one: Standing) -> Row:
        before = one.own if self.own else one.answer
        known = one.known if not before and is_shown(one.item, one.known, staff=not self.own) else None
        own_said = ""
        if not self.own and one.own and (self.is_bound or (one.answer and not one.answer.own)):
            own_said = self.words.said(one.item, value_of(one.own))
        return Row(
            field=self[one.item.id],
            standing=one,
            known=known,
            source=(SOURCES if self.own else STAFF_SOURCES)[known.source] if known else "",
            said=self.words.said(one.item, known.value) if known else "",
            stands=known is not None and filled_in(one, own=self.own) is not None,
            own_said=own_said,
            part2=one.item.part2,
        )


def _initial(one: Standing, own: bool) -> Any:
    before = one.own if own else one.answer
    told = filled_in(one, own=own)
    value = value_of(before) if before else told.value if told else ""
    return list(value) if isinstance(value, tuple) else value


def _field(one: Standing, choices: tuple[tuple[str, str], ...], common: dict[str, Any], *, own: bool) -> forms.Field:
    if one.item.kind == "text":
        rows = 4 if one.item.asks == "staff" else 3
        return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **common)
    if one.item.kind == "many":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    declined = (DECLINED, WOULD_RATHER_NOT if own else _("They would rather not say"))
    return forms.ChoiceField(choices=[*choices, declined], widget=forms.RadioSelect, **common)


class SignForm(forms.Form):
    """The clinician's summary, kept as a draft or signed."""

    summary = forms.CharField(
        label=_("Interpretive summary"),
        max_length=12000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What it adds up to, in your words. The student can read it once it is signed."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AddForm(forms.Form):
    """An addendum to a signed version."""

    text = forms.CharField(label=_("Add something"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
