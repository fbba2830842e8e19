"""What is typed and tapped about the strand for painful events."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.trauma.models import NextDayCheck, Processing, Training
from hearth.trauma.texts import Line, methods
from hearth.trauma.wording import HOLDS, method

NUMBERS = [(str(number), str(number)) for number in range(11)]
NOT_THE_STORY = _("Never what happened to them: this note has no room for the story.")


def _distress(label: Any, *, required: bool = False, help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=NUMBERS,
        coerce=int,
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a number.")},
    )


class TrainingForm(forms.Form):
    """That somebody was trained in a method, and that its proof was seen."""

    method = forms.ChoiceField(label=_("Method"), error_messages={"required": _("Choose the method.")})
    trained_where = forms.CharField(
        label=_("Where were they trained?"), max_length=160, error_messages={"required": _("Write where.")}
    )
    trained_on = forms.DateField(
        label=_("Completed on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Choose the day.")},
    )
    seen = forms.BooleanField(
        label=_("I have seen the proof"),
        error_messages={"required": _("Look at the certificate or letter first; your name stands beside it.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["method"].choices = [("", _("Choose")), *((each, method(each)) for each in methods())]  # type: ignore[attr-defined]

    def clean_trained_on(self) -> date:
        found: date = self.cleaned_data["trained_on"]
        if found > self.today:
            raise ValidationError(_("This day is still to come."))
        return found


class SignalForm(forms.Form):
    """The agreed sign to stop."""

    words = forms.CharField(
        label=_("Stop signal"),
        max_length=80,
        help_text=_("A word, a hand, a card. In the student’s own words; try it once."),
        error_messages={"required": _("Write the sign that was agreed.")},
    )


class OwnSignalForm(SignalForm):
    """The same, for the student."""

    words = forms.CharField(
        label=_("My stop signal"),
        max_length=80,
        help_text=_("A word, a raised hand, a card on the table. Your counselor stops when you give it."),
        error_messages={"required": _("Write your stop signal.")},
    )


class ReadinessForm(forms.Form):
    """How each line stands, and what was decided."""

    begins = forms.TypedChoiceField(
        label=_("What do you decide together?"),
        choices=[
            ("yes", _("We can begin, step by step")),
            ("no", _("Steadying first; we look at it again. That is whole care.")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decided.")},
    )
    words = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=1000,
        help_text=_("Needed where you begin although a line does not hold yet."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"holds_{line.id}"] = forms.ChoiceField(
                label=line.said(get_language() or "en"),
                choices=list(HOLDS.items()),
                widget=forms.RadioSelect,
                error_messages={"required": _("Say how this stands.")},
            )
            self.fields[f"said_{line.id}"] = forms.CharField(label=_("In a few words"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        all_hold = all(data.get(f"holds_{line.id}") == "yes" for line in self.lines)
        if data.get("begins") and not all_hold and not data.get("words", "").strip():
            self.add_error("words", _("Write why you begin although not every line holds."))
        return data

    @property
    def holds(self) -> dict[str, str]:
        return {line.id: self.cleaned_data[f"holds_{line.id}"] for line in self.lines}

    @property
    def said(self) -> dict[str, str]:
        return {line.id: self.cleaned_data[f"said_{line.id}"] for line in self.lines}


class BeginForm(forms.Form):
    """By which method, and how strong the distress is before."""

    training = forms.UUIDField(
        label=_("Method"), widget=forms.RadioSelect, error_messages={"required": _("Choose the method.")}
    )
    before = _distress(
        _("Distress before, 0 to 10"),
        help_text=_("As the student says it, or they tap it on their phone. 0 is none, 10 the most. Our own scale."),
    )

    def __init__(self, *args: Any, trainings: Iterable[Training], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(str(each.pk), method(each.method)) for each in trainings]
        self.fields["training"].widget.choices = chosen
        if len(chosen) == 1:
            self.initial["training"] = chosen[0][0]


class CloseForm(forms.Form):
    """How it was ended, and who looks after the day after."""

    before = _distress(_("Distress before, 0 to 10"))
    after = _distress(
        _("Distress after, 0 to 10"),
        help_text=_("As the student says it. Leave it out where they would rather not say."),
    )
    stopped = forms.BooleanField(label=_("The stop signal was given, and we stopped"), required=False)
    ending = forms.ChoiceField(
        label=_("How do they leave?"),
        choices=Processing.Ending,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how they leave.")},
    )
    ended_words = forms.CharField(
        label=_("How it was ended"), required=False, max_length=300, help_text=NOT_THE_STORY,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    named = forms.UUIDField(label=_("Who looks after the next day?"), widget=forms.Select)

    def __init__(self, data: Any, *, row: Processing, people: Sequence[User]) -> None:
        first = {
            "before": row.before,
            "after": row.after,
            "stopped": row.stopped,
            "ending": row.ending,
            "ended_words": row.ended_words,
            "named": str(row.check_after.named_id),
        }
        super().__init__(data, initial=first)
        self.fields["named"].widget.choices = [(str(each.pk), each.name) for each in people]
        for name, is_own in (("before", row.before_own), ("after", row.after_own)):
            if is_own:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ending") == Processing.Ending.NOT_YET and not data.get("ended_words", "").strip():
            self.add_error("ended_words", _("Write what was arranged so that they are not alone with it."))
        return {"before": None, "after": None} | data


class CheckForm(forms.Form):
    """The day after: four short questions."""

    night = forms.ChoiceField(
        label=_("How was your night?"),
        choices=NextDayCheck.Night,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    distress = _distress(_("How strong is it right now?"), required=True, help_text=_("0 is calm, 10 is the worst."))
    safe = forms.ChoiceField(
        label=_("Do you feel safe?"),
        choices=NextDayCheck.Safe,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    wants_call = forms.TypedChoiceField(
        label=_("Would you like a call?"),
        choices=[("yes", _("Yes, please")), ("no", _("No, thank you"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )


class SettleForm(forms.Form):
    """What was done."""

    words = forms.CharField(
        label=_("What was done?"),
        max_length=300,
        help_text=_("For example: called, they slept badly and are with their sister."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what was done.")},
    )
