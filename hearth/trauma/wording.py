"""What is said of the strand for painful events, in the reader's language."""

from collections.abc import Mapping
from datetime import date

from django.utils import formats
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.trauma.models import Processing
from hearth.trauma.rules import Closed, Known, Linger
from hearth.trauma.texts import method_name

HOLDS = {"yes": _("Yes"), "not_yet": _("Not yet"), "unknown": _("We do not know yet")}

CLOSED = {
    Closed.NOT_INDIVIDUAL: _("This work takes place in individual sessions only."),
    Closed.NOT_CHOSEN: _("They have not chosen this, or chose otherwise. Steadying goes on, and that is whole care."),
    Closed.NOT_HERE: _("They are not marked as here in this session."),
    Closed.NOT_REVIEWED: _("The readiness checklist was not gone through and signed yet."),
    Closed.STEADY_FIRST: _("The signed checklist says: steadying first."),
    Closed.REVIEW_OLD: _("The checklist was signed more than four weeks ago. Go through it again."),
    Closed.NO_SIGNAL: _("No stop signal is agreed yet."),
    Closed.NOT_TRAINED: _("No training of yours for a method is on file."),
    Closed.NOTE_SIGNED: _("The note of this session is signed and locked."),
}

LINGER = {
    Linger.HIGHER: _("Distress is higher than before."),
    Linger.STILL_HIGH: _("Distress is still high."),
}

CONCERNS = {
    "no": gettext_noop("The day after a session on painful events: said that they do not feel safe."),
    "unsure": gettext_noop("The day after a session on painful events: is not sure whether they feel safe."),
    "yes": gettext_noop("The day after a session on painful events: asks for a call, or is in great distress."),
}
"""What staff read of a concern, by whether the student feels safe; nothing of what the sessions are about."""

SILENT = gettext_noop(
    "The day after a session on painful events: did not answer, and nobody says that they were reached."
)
IN_SIGNAL = gettext_noop("It stands in the stop signal they wrote.")


def method(name: str) -> str:
    """A method's name for the reader."""
    return method_name(name, get_language() or "en")


def known_words(known: Known) -> Mapping[str, str]:
    """By line of the checklist, what the house knows, with its date."""
    return {
        "wants": _wants(known),
        "safety_plan": _plan(known),
        "no_danger": _danger(known),
        "grounding": _grounding(known),
        "steady": _steady(known),
        "between": _t("Next session: %(day)s.") % {"day": _day(known.next_on)}
        if known.next_on
        else _t("No session is planned."),
        "who_agrees": _who(known),
    }


def _day(day: date | None) -> str:
    return formats.date_format(day, "j M Y") if day else ""


def _wants(known: Known) -> str:
    said = {
        "work": _t("Chose to work through it, %(day)s."),
        "steady": _t("Chose steadying skills only, %(day)s."),
        "not_now": _t("Chose “not now”, %(day)s."),
    }.get(known.choice)
    return said % {"day": _day(known.chosen_on)} if said else _t("They have not chosen yet.")


def _plan(known: Known) -> str:
    if known.plan_made_on is None:
        return _t("No safety plan is made yet.")
    made = _t("Plan of %(day)s.") % {"day": _day(known.plan_made_on)}
    return f"{made} {_t('It was not looked at since the last concern.')}" if known.plan_waits else made


def _danger(known: Known) -> str:
    if known.concerns_open:
        words = ngettext(
            "%(n)s concern is open, the newest of %(day)s.",
            "%(n)s concerns are open, the newest of %(day)s.",
            known.concerns_open,
        )
        return words % {"n": known.concerns_open, "day": _day(known.concern_on)}
    if known.concern_on:
        return _t("No concern is open; the last was of %(day)s.") % {"day": _day(known.concern_on)}
    return _t("No concern was ever raised. Ask: the house cannot know this.")


def _grounding(known: Known) -> str:
    if not known.practised:
        return _t("No practice is noted in the last four weeks.")
    words = ngettext(
        "Practiced %(n)s time in four weeks, last on %(day)s.",
        "Practiced %(n)s times in four weeks, last on %(day)s.",
        known.practised,
    )
    return words % {"n": known.practised, "day": _day(known.practised_on)}


def _steady(known: Known) -> str:
    if known.withdrawal_on:
        return _t("Signs of withdrawal were told on %(day)s.") % {"day": _day(known.withdrawal_on)}
    return _t("No signs of withdrawal in two weeks. Ask about sleep.")


def _who(known: Known) -> str:
    own = (
        _t("Own consent to treatment of %(day)s.") % {"day": _day(known.own_consent_on)}
        if known.own_consent_on
        else _t("No own consent to treatment is in force.")
    )
    guardian = (
        _t("A guardian's of %(day)s.") % {"day": _day(known.guardian_consent_on)}
        if known.guardian_consent_on
        else _t("None of a guardian is in force.")
    )
    return f"{own} {guardian} {_t('What the state asks for here, a person finds out.')}"


def in_note(row: Processing) -> str:
    """What the student's progress note says of it: method, training, signal, distress, ending; never the story."""
    training = row.training
    found = [
        _t("%(method)s (training: %(where)s, %(day)s)")
        % {"method": method(training.method), "where": training.trained_where, "day": _day(training.trained_on)},
        _t("stop signal agreed") if not row.stopped else _t("stop signal given, and we stopped"),
        _t("distress %(before)s → %(after)s, 0 to 10") % {"before": _number(row.before), "after": _number(row.after)},
    ]
    if row.ending:
        found.append(row.get_ending_display())
    if row.ended_words:
        found.append(row.ended_words)
    return "; ".join(found)


def _number(value: int | None) -> str:
    return _t("not said") if value is None else str(value)
