"""Entering the words of an instrument whose holder allowed their use: pasted, one line each."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Answer, Form, Question

LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]


class WordsForm(forms.Form):
    """Questions and answers as their holder wrote them, and the attestation."""

    language = forms.ChoiceField(label=_("Language of these words"), choices=LANGUAGES)
    title = forms.CharField(label=_("Title as its holder wrote it"), max_length=200)
    instruction = forms.CharField(
        label=_("Instruction before the questions"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    questions = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}))
    permission = forms.CharField(
        label=_("Where is the permission kept?"),
        help_text=_("The letter, license or registration, its date, and the file it lies in."),
        max_length=300,
    )
    attest = forms.BooleanField(
        label=_(
            "The holder of the rights has allowed our organization to use these words. They are entered unchanged."
        ),
        error_messages={"required": _("Without the holder's permission these words may not be shown.")},
    )

    def __init__(self, data: Any = None, *, instrument: Instrument) -> None:
        super().__init__(data)
        self.instrument = instrument
        count = len(instrument.items)
        self.fields["questions"].label = gettext("The %(count)s questions, one line each, in their order") % {
            "count": count
        }
        self.fields["questions"].help_text = gettext("In the order %(order)s.") % {
            "order": _span(item.link_id for item in instrument.items)
        }
        for name, (values, links) in self._scales().items():
            self.fields[name] = forms.CharField(
                label=gettext("The answers to %(items)s, one line each") % {"items": _span(links)},
                help_text=gettext("In the order of their points: %(points)s.")
                % {"points": ", ".join(map(str, values))},
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": min(len(values) + 1, 10)}),
            )
        self.order_fields(["language", "title", "instruction", "questions", *self._scales(), "permission", "attest"])

    def _scales(self) -> dict[str, tuple[tuple[int, ...], list[str]]]:
        """A field for each scale: its points, and the items that are answered on it."""
        by_values: dict[tuple[int, ...], list[str]] = {}
        for item in self.instrument.items:
            if not item.numeric:
                by_values.setdefault(item.values, []).append(item.link_id)
        return {f"answers-{at}": scale for at, scale in enumerate(by_values.items())}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wanted = {"questions": len(self.instrument.items)}
        wanted |= {name: len(values) for name, (values, _links) in self._scales().items()}
        for name, count in wanted.items():
            lines = _lines(cleaned.get(name, ""))
            if name in cleaned and len(lines) != count:
                words = gettext("This needs %(count)s lines, and there are %(given)s.")
                self.add_error(name, words % {"count": count, "given": len(lines)})
            cleaned[name] = lines
        return cleaned

    def words(self) -> Form:
        """What was entered, as the form a person reads."""
        given = self.cleaned_data
        answers = {
            link_id: tuple(Answer(points, text) for points, text in zip(values, given[name], strict=True))
            for name, (values, links) in self._scales().items()
            for link_id in links
        }
        questions = tuple(
            Question(item.link_id, text, answers.get(item.link_id, ()), item.required)
            for item, text in zip(self.instrument.items, given["questions"], strict=True)
        )
        return Form(given["language"], given["title"], given["instruction"], questions)


class WithdrawForm(forms.Form):
    """Why these words are shown no more."""

    reason = forms.CharField(
        label=_("Why are these words no longer shown?"),
        max_length=200,
        error_messages={"required": _("Say in a few words why.")},
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _span(names: Iterable[str]) -> str:
    return ", ".join(names)
