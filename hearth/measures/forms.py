"""A questionnaire as a form, in the words and order its authors gave it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Form, Item, Question
from hearth.measures.models import Begun

DECLINED = "declined"


class AnswersForm(forms.Form):
    """One field a question. What was left out is asked for once; then it may be sent as it is.

    Where staff read the questions out (`read_out`), each choice may be declined in so many words. It goes on from what
    was `begun`; what was declined there is not asked for again.
    """

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        instrument: Instrument,
        questionnaire: Form,
        read_out: bool = False,
        begun: Begun | None = None,
    ) -> None:
        before = begun.answers if begun else {}
        token = begun.pk if begun else uuid4()
        super().__init__(data, initial={"token": token} | {_name(link_id): value for link_id, value in before.items()})
        self.questionnaire = questionnaire
        self.left_out: list[int] = []  # numbers of the questions without an answer
        given = data if data is not None else {}
        for number, question in enumerate(questionnaire.questions, start=1):
            is_declined = question.link_id in before and before[question.link_id] is None
            needed = not is_declined and _is_needed(instrument.item(question.link_id), given)
            if data is not None and needed and not given.get(_name(question.link_id)):
                self.left_out.append(number)
            required = needed and "leave_out" not in given
            item = instrument.item(question.link_id)
            field = _field(item, question, number, required=required, read_out=read_out)
            field.widget.attrs |= _help_from(instrument, question.link_id)
            self.fields[_name(question.link_id)] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.left_out and "leave_out" not in self.data:
            numbers = ", ".join(map(str, self.left_out))
            self.add_error(
                None,
                ngettext(
                    "Question %(numbers)s has no answer. Answer it, or send it as it is: both are fine.",
                    "Questions %(numbers)s have no answer. Answer them, or send it as it is: both are fine.",
                    len(self.left_out),
                )
                % {"numbers": numbers},
            )
        return cleaned

    def questions(self) -> list[forms.BoundField]:
        """The questions in order."""
        return [self[_name(question.link_id)] for question in self.questionnaire.questions]

    def answers(self) -> dict[str, int | None]:
        """The answers by link id; None where a question was left out or declined."""
        given = {
            question.link_id: self.cleaned_data.get(_name(question.link_id))
            for question in self.questionnaire.questions
        }
        return {link_id: None if value == DECLINED else value for link_id, value in given.items()}

    def chosen(self) -> dict[str, int]:
        """Those that hold an answer, also of a form that something else is missing in."""
        given = {one.link_id: self.cleaned_data.get(_name(one.link_id)) for one in self.questionnaire.questions}
        return {link_id: value for link_id, value in given.items() if type(value) is int}

    def declined(self) -> list[str]:
        """The link ids of the questions that they would rather not answer."""
        asked = (question.link_id for question in self.questionnaire.questions)
        return [link_id for link_id in asked if self.cleaned_data.get(_name(link_id)) == DECLINED]


class OneAnswerForm(forms.Form):
    """One question alone on the screen. It sends along which one it is."""

    instrument = forms.CharField(widget=forms.HiddenInput)
    question = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, instrument: Instrument, questionnaire: Form, link_id: str, given: int | None = None
    ) -> None:
        super().__init__(data, initial={"instrument": instrument.id, "question": link_id, "answer": given})
        number, question = next(
            (number, one) for number, one in enumerate(questionnaire.questions, start=1) if one.link_id == link_id
        )
        field = _field(instrument.item(link_id), question, number, required=True, read_out=False)
        field.widget.attrs |= _help_from(instrument, link_id)
        self.number = number
        self.fields["answer"] = field


def _field(item: Item, question: Question, number: int, *, required: bool, read_out: bool) -> forms.Field:
    label = f"{number}. {question.text}"
    missing = {"required": _("This question has no answer yet.")}
    if item.numeric:
        low, high = item.values[0], item.values[-1]
        return forms.IntegerField(label=label, min_value=low, max_value=high, required=required, error_messages=missing)
    choices: list[tuple[int | str, str]] = [(answer.value, answer.text) for answer in question.answers]
    if read_out:
        choices.append((DECLINED, _("They would rather not say")))
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=_points,
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
        error_messages=missing | {"invalid_choice": _("Please choose one of the answers shown.")},
    )


def _points(value: str) -> int | str:
    return DECLINED if value == DECLINED else int(value)


def _help_from(instrument: Instrument, link_id: str) -> dict[str, int]:
    """From which answer on the page offers help at once, before anything is sent; nothing where it never does."""
    grave = [rule.least for rule in instrument.alerts if rule.item == link_id and rule.severity != "watch"]
    return {"data-help-from": min(grave)} if grave else {}


def _name(link_id: str) -> str:
    return f"q-{link_id}"


def _is_needed(item: Item, given: Any) -> bool:
    """Whether this question waits for an answer; some are asked only after a yes to another, or where it was declined.

    The ASQ asks about right now after a yes or a refusal (NIMH ASQ toolkit, 2020).
    """
    if item.asked_if_any and not any(given.get(_name(other), "0") not in ("", "0", 0) for other in item.asked_if_any):
        return False
    return item.required and not item.omittable
