"""When a session's form for painful events is open, what the house knows of readiness, and the day after. Pure.

Nothing here decides about a person. What is known is shown beside each line of the checklist; a clinician says how it
stands and signs. What closes the form is the student's own choice, or that something a person must do is not done yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

REVIEW_KEEPS = timedelta(days=28)
"""So long a signed look at the checklist stands for the sessions after it. Product default."""

PRACTISED_ENOUGH = 3
"""So often grounding was practised in the last four weeks for the house to say that it was. Product default."""

HIGH = 7
"""Of 0 to 10: distress at the end from which staying longer is suggested. Hearth's own scale and product default."""

VERY_HIGH = 8
"""Of 0 to 10: distress the day after that a person looks at, whatever else was said. Product default."""

OPENS, ANSWER_BY = time(8), time(14)
"""When the day after the questions open, and when a named person sees that nobody answered: the house's wall clock."""

OPEN_FOR = timedelta(days=3)
"""So long the student can still answer; staff keep seeing it until somebody has spoken with them."""

BACKUP_AFTER = timedelta(hours=4)
"""So long after the set hour supervisors see it, too, where the named person has not dealt with it; silence is then a
concern, so that it no longer hangs on anybody looking at a screen. Product default."""


NOT_STEADY = "not_yet"
"""How a session ended of which a student was not steady again."""


class Choice(StrEnum):
    """What a student chose."""

    WORK = "work"
    STEADY = "steady"
    NOT_NOW = "not_now"


class Sign(StrEnum):
    """What the house knows speaks for a line, against it, or says nothing."""

    FOR = "for"
    AGAINST = "against"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows of one student, for the checklist."""

    choice: str = ""
    chosen_on: date | None = None
    plan_made_on: date | None = None
    plan_waits: bool = False  # a concern came after the last look at it
    concerns_open: int = 0
    concern_on: date | None = None  # the newest, open or not
    practised: int = 0
    practised_on: date | None = None
    withdrawal_on: date | None = None  # signs were told within two weeks
    next_on: date | None = None  # their next session of any kind
    own_consent_on: date | None = None  # to treatment, in force
    guardian_consent_on: date | None = None


def signs(known: Known) -> Mapping[str, Sign]:
    """By line of the checklist, which way what is known points."""
    return {
        "wants": _choice_sign(known.choice),
        "safety_plan": _sign(known.plan_made_on is not None and not known.plan_waits, known.plan_waits),
        "no_danger": _sign(False, known.concerns_open > 0),
        "grounding": _sign(known.practised >= PRACTISED_ENOUGH, False),
        "steady": _sign(False, known.withdrawal_on is not None),
        "between": _sign(known.next_on is not None, False),
        "who_agrees": Sign.NOTHING,
    }


def _choice_sign(choice: str) -> Sign:
    return _sign(choice == Choice.WORK, choice in (Choice.STEADY, Choice.NOT_NOW))


def _sign(speaks_for: bool, speaks_against: bool) -> Sign:
    if speaks_against:
        return Sign.AGAINST
    return Sign.FOR if speaks_for else Sign.NOTHING


class Closed(StrEnum):
    """Why the form of a session is not open."""

    NOT_INDIVIDUAL = "not_individual"
    NOT_HERE = "not_here"
    NOT_CHOSEN = "not_chosen"
    NOT_REVIEWED = "not_reviewed"
    STEADY_FIRST = "steady_first"
    REVIEW_OLD = "review_old"
    NO_SIGNAL = "no_signal"
    NOT_TRAINED = "not_trained"
    NOTE_SIGNED = "note_signed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a session's form depends on. `begins`: what the newest signed review decided; None without one."""

    is_individual: bool
    is_here: bool
    choice: str
    begins: bool | None
    reviewed_on: date | None
    has_signal: bool
    trained: frozenset[str]
    is_locked: bool = False  # with the session's note


def closed(standing: Standing, *, today: date) -> tuple[Closed, ...]:
    """Everything that keeps the form closed, what is the student's own first; empty: it is open."""
    found = {
        Closed.NOT_INDIVIDUAL: not standing.is_individual,
        Closed.NOT_CHOSEN: standing.choice != Choice.WORK,
        Closed.NOT_HERE: not standing.is_here,
        Closed.NOT_REVIEWED: standing.begins is None,
        Closed.STEADY_FIRST: standing.begins is False,
        Closed.REVIEW_OLD: bool(standing.begins) and is_old(standing.reviewed_on, today=today),
        Closed.NO_SIGNAL: not standing.has_signal,
        Closed.NOT_TRAINED: not standing.trained,
        Closed.NOTE_SIGNED: standing.is_locked,
    }
    return tuple(why for why, holds in found.items() if holds)


def is_old(reviewed_on: date | None, *, today: date) -> bool:
    """Whether a signed review no longer stands for a session of `today`."""
    return reviewed_on is None or today - reviewed_on > REVIEW_KEEPS


class Linger(StrEnum):
    """Why it is suggested to stay a while before they leave."""

    HIGHER = "higher"
    STILL_HIGH = "still_high"


def linger(before: int | None, after: int | None) -> tuple[Linger, ...]:
    """What the two numbers suggest at the end of a session; a suggestion, and only that."""
    found = []
    if before is not None and after is not None and after > before:
        found.append(Linger.HIGHER)
    if after is not None and after >= HIGH:
        found.append(Linger.STILL_HIGH)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Window:
    """The day after a session: which day, from when the student is asked, and by when somebody expects an answer."""

    day: date
    opens_at: datetime
    answer_by: datetime


def day_after(session_at: datetime, *, zone: ZoneInfo) -> Window:
    """The day after the session's own day, on the wall clock of the house."""
    day = session_at.astimezone(zone).date() + timedelta(days=1)
    return Window(day, datetime.combine(day, OPENS, zone), datetime.combine(day, ANSWER_BY, zone))


@dataclass(frozen=True, slots=True)
class Answers:
    """What a student said the day after. `safe`: yes, unsure or no."""

    distress: int
    safe: str
    wants_call: bool


def severity_of(answers: Answers) -> str | None:
    """How soon a person must have spoken with them; None where nothing asks for it."""
    if answers.safe == "no":
        return "emergency"
    asks = answers.safe == "unsure" or answers.wants_call or answers.distress >= VERY_HIGH
    return "urgent" if asks else None  # the page says that somebody was told: a watch tells nobody for a day


def severity_of_silence(*, after: int | None, ending: str) -> str:
    """How soon somebody must speak with who did not answer the day after.

    Most who do not answer have forgotten, so that it is a watch: on every screen at once, told by mail a day later. Who
    left with much distress, or not steady yet, is the one for whom these questions are there: that is urgent, and so is
    a session of which nobody wrote down how it was left.
    """
    return "urgent" if ending in (NOT_STEADY, "") or (after is not None and after >= HIGH) else "watch"
