"""Forms of completion and aftercare."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.admission.models import Episode
from hearth.admission.wording import LEVELS
from hearth.aftercare.ending_rules import Ground
from hearth.aftercare.models import Decision, FirstVisit, FollowUpWish, Hold, TransitionPlan
from hearth.aftercare.rules import Proposal
from hearth.aftercare.summary import Words
from hearth.timetable.queries import monday_of

REFUSALS = {
    "died": _("The death of this person is recorded."),
    "no_transition_plan": _("Write down what comes next first: who takes over, and when we follow up."),
    "no_hand_over": _("Say to whom they were handed over, and what was said and given along."),
    "no_outreach": _("Say how they were reached out to, and that the door is open."),
    "not_reviewed": _("The program ends a stay only after somebody uninvolved has reviewed it."),
    "review_lapsed": _("The end was agreed more than 30 days ago and they have stayed: ask for a review anew."),
    "review_disagrees": _("Whoever reviewed it says that this stay goes on."),
    "appeal_open": _("An appeal waits for its answer first."),
    "appeal_upheld": _("The appeal was right: this stay goes on."),
    "appeal_days": _("They have seven days to appeal after the review; until then the stay goes on."),
    "criteria_missing": _("Not every required point is met. Say why you complete nevertheless."),
}


REASONS = [one for one in Decision.Kind.choices if one[0] in set(Episode.EndReason.values) - {Episode.EndReason.DIED}]

PROPOSALS = {
    Proposal.COMPLETE: _("The figures speak for completing."),
    Proposal.EXTEND: _("The end is near and something is missing: the figures speak for going on longer."),
    Proposal.STEP_DOWN: _("Steady on every point: the figures speak for fewer days a week."),
    Proposal.SAFETY_FIRST: _("Safety comes first: a concern is open or the safety plan waits for a look together."),
    Proposal.GO_ON: _("Nothing speaks for a change yet."),
}
"""What the rules propose; a person decides."""

GROUNDS = {
    Ground.VIOLENCE: _("Violence or a threat of it"),
    Ground.WEAPON: _("A weapon brought along"),
    Ground.DEALING: _("Selling or giving drugs to others here"),
    Ground.HARASSMENT: _("Harassing others, also after being asked to stop"),
    Ground.PRIVACY: _("Telling outside who is here or what was said"),
    Ground.SYMPTOMS: _("Symptoms"),
    Ground.USE: _("A return to use"),
    Ground.DEBT: _("Money owed"),
}


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class TransitionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What comes after, written together."""

    class Meta:
        model = TransitionPlan
        fields = [
            "next_care",
            "next_provider",
            "next_phone",
            "next_at",
            "follow_up_on",
            "warning_signs",
            "what_helps",
            "people",
        ]
        labels = {
            "next_care": _("What comes next"),
            "next_provider": _("With whom"),
            "next_phone": _("Their phone"),
            "next_at": _("First appointment"),
            "follow_up_on": _("We ask how it is going on"),
            "warning_signs": _("Signs that it is getting harder"),
            "what_helps": _("What helps then"),
            "people": _("Whom to call"),
        }
        help_texts = {
            "next_at": _("Within seven days after the last session where you can."),
            "follow_up_on": _("Within seven days after the end."),
        }
        widgets = {
            "next_at": forms.DateTimeInput(),
            "follow_up_on": forms.DateInput(),
            "warning_signs": _area(2),
            "what_helps": _area(2),
            "people": _area(2),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("follow_up_on") and data["follow_up_on"] < self.today:
            self.add_error("follow_up_on", _t("This day has passed."))
        return data

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


class DischargeForm(forms.Form):
    """What the clinician writes and signs."""

    reason = forms.ChoiceField(label=_("How it ends"), choices=REASONS)
    level_at_discharge = forms.ChoiceField(label=_("Level of care from here"), choices=list(LEVELS.items()))
    course = forms.CharField(label=_("How it went"), max_length=4000, widget=_area(4))
    medications = forms.CharField(label=_("Medications"), max_length=2000, required=False, widget=_area(2))
    risk = forms.CharField(label=_("Risk at discharge, and the safety plan"), max_length=2000, widget=_area(2))
    naloxone = forms.ChoiceField(
        label=_("Naloxone"),
        choices=[
            ("not needed", _("Not needed")),
            ("given", _("Given")),
            ("offered", _("Offered")),
            ("declined", _("Declined")),
        ],
    )
    despite = forms.CharField(
        label=_("Why complete although something is missing"), max_length=1000, required=False, widget=_area(2)
    )
    how = forms.CharField(
        label=_("Handed over to whom, or how reached out to"),
        help_text=_("For every end other than completing. Whoever goes early hears that the door is open."),
        max_length=2000,
        required=False,
        widget=_area(2),
    )
    sure = forms.BooleanField(label=_("I sign this summary. It ends the episode."))

    def words(self) -> Words:
        """The clinician's words."""
        data = self.cleaned_data
        return Words(
            level_at_discharge=str(dict(LEVELS)[data["level_at_discharge"]]),
            course=data["course"],
            medications=data["medications"],
            risk=data["risk"],
            naloxone=data["naloxone"],
        )


class ExtendForm(forms.Form):
    """A later end."""

    until = forms.DateField(label=_("New end day"), widget=forms.DateInput())
    why = forms.CharField(label=_("Why"), max_length=2000, widget=_area(2))


class FewerDaysForm(forms.Form):
    """Fewer days a week."""

    days = forms.TypedChoiceField(label=_("Days a week"), coerce=int)
    from_on = forms.DateField(label=_("From the week of"), widget=forms.DateInput())
    why = forms.CharField(label=_("Why"), max_length=2000, widget=_area(2))

    def __init__(self, *args: Any, days: tuple[int, ...], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["days"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(one, str(one)) for one in days]

    def clean_from_on(self) -> date:
        """The Monday of that week, which is still to come."""
        monday: date = monday_of(self.cleaned_data["from_on"])
        if monday <= self.today:
            raise forms.ValidationError(_t("Choose a week that has not begun: this one is planned already."))
        return monday


class EndingForm(forms.Form):
    """Asking that the program ends a stay."""

    grounds = forms.MultipleChoiceField(
        label=_("What it rests on"),
        choices=list(GROUNDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Symptoms, a return to use or money owed alone end nobody's care."),
    )
    reasons = forms.CharField(label=_("The reasons, as the student reads them"), max_length=4000, widget=_area(4))


class LookForm(forms.Form):
    """What somebody uninvolved says."""

    says = forms.ChoiceField(label=_("What you say"), widget=forms.RadioSelect)
    words = forms.CharField(label=_("Why, as the student reads it"), max_length=4000, widget=_area(3))

    def __init__(self, *args: Any, of_appeal: bool, has_ended: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        right = (
            _("The appeal is right: they may come back") if has_ended else _("The appeal is right: the stay goes on")
        )
        words = (
            [("yes", right), ("no", _("The end stands"))]
            if of_appeal
            else [("yes", _("The stay may be ended")), ("no", _("The stay goes on"))]
        )
        field = self.fields["says"]
        if isinstance(field, forms.ChoiceField):
            field.choices = words

    def yes(self) -> bool:
        """Whether they said the first of the two."""
        return bool(self.cleaned_data["says"] == "yes")


class AppealForm(forms.Form):
    """The student's own words."""

    words = forms.CharField(label=_("What we should know, or see otherwise"), max_length=4000, widget=_area(4))


class HoldForm(forms.ModelForm):  # type: ignore[type-arg]
    """A stay that rests."""

    class Meta:
        model = Hold
        fields = ["reason", "until", "words"]
        labels = {"reason": _("Why"), "until": _("Their place is kept until"), "words": _("What to know")}
        widgets = {"until": forms.DateInput(), "words": _area(2)}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(_t("This day has passed."))
        return until


class ReturnForm(forms.Form):
    """Coming back: how safe they are, and what they take."""

    risk = forms.ChoiceField(label=_("How safe they are"), choices=Hold.Risk, widget=forms.RadioSelect)
    risk_words = forms.CharField(label=_("In their words"), max_length=2000, required=False, widget=_area(2))
    medications = forms.CharField(
        label=_("Medications, compared again"),
        help_text=_("What they take now, what changed, and with whom it was compared. “None” is an answer."),
        max_length=2000,
        widget=_area(2),
    )


class WishForm(forms.Form):
    """Whether and how somebody may be asked later."""

    wants = forms.TypedChoiceField(
        label=_("May we ask how you are, after a week and after 1, 3, 6 and 12 months?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("It is your choice, and you may change it whenever you want. Your care does not depend on it."),
    )
    way = forms.ChoiceField(label=_("How is it safe?"), choices=FollowUpWish.Way, widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Phone or e-mail that only you read"),
        max_length=254,
        help_text=_("Our message names neither the program nor why we write."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("wants") == "no":
            self.fields["way"].required = self.fields["address"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("wants") or self.errors:
            return data
        address = data.get("address", "")
        is_mail = data.get("way") == FollowUpWish.Way.MAIL
        if not (_is_mail(address) if is_mail else sum(map(str.isdigit, address)) >= FIGURES):
            self.add_error("address", _t("We need a phone or e-mail that fits what you chose."))
        return data


FIGURES = 10  # of a phone number in the USA


def _is_mail(address: str) -> bool:
    try:
        validate_email(address)
    except forms.ValidationError:
        return False
    return True


class FirstVisitForm(forms.Form):
    """What was learnt of the first appointment."""

    outcome = forms.ChoiceField(label=_("Did it take place?"), choices=FirstVisit.Outcome, widget=forms.RadioSelect)
    on = forms.DateField(label=_("When it was, or is to be now"), required=False, widget=forms.DateInput())
    words = forms.CharField(label=_("Who told us, and what helps now"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        dated = {FirstVisit.Outcome.TOOK_PLACE, FirstVisit.Outcome.MOVED}
        if data.get("outcome") in dated and not data.get("on"):
            self.add_error("on", _t("Write the day."))
        return data


class ContactForm(forms.Form):
    """A follow-up by phone."""

    note = forms.CharField(label=_("What came of it"), max_length=300)
