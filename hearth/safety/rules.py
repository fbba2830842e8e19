"""How soon somebody must answer for a concern, who is told next, and whose area an address lies in. Plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

ANSWER_WITHIN = {
    "emergency": timedelta(minutes=15),
    "urgent": timedelta(minutes=60),
    "watch": timedelta(hours=24),
}
"""From being raised, or from the last try, until somebody has spoken with them. Product defaults; the organisation's
protocol goes first."""

FIRST_AFTER = {"emergency": timedelta(), "urgent": timedelta(), "watch": ANSWER_WITHIN["watch"]}
"""From being raised until the first person is told by mail and text; screens show it at once."""

STEP = {"emergency": timedelta(minutes=5), "urgent": timedelta(minutes=15), "watch": timedelta(hours=8)}
"""From one step of the way up to the next."""


LONGEST_ON_CALL = timedelta(days=7)


class State(StrEnum):
    """Where a concern stands."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    TAKEN = "taken"
    REACHED = "reached"
    RESOLVED = "resolved"


class Rung(StrEnum):
    """Who is told, in this order. Whoever is on call at that moment is told with the counselor, at once."""

    COUNSELOR = "counselor"
    SUPERVISOR = "supervisor"
    DIRECTOR = "director"


RUNGS = tuple(Rung)


@dataclass(frozen=True, slots=True)
class Clock:
    """What happened to a concern, and when."""

    severity: str
    raised_at: datetime
    taken_at: datetime | None = None
    tried_at: datetime | None = None
    reached_at: datetime | None = None
    resolved_at: datetime | None = None
    owes: bool = False
    """On a duty to protect or to report nobody acted in time."""

    @property
    def is_answered(self) -> bool:
        """Somebody spoke with them live, or it was closed. Taking it is not enough."""
        return self.reached_at is not None or self.resolved_at is not None


def state(clock: Clock, *, at: datetime) -> State:
    """Where it stands at `at`. Overdue: nobody has spoken with them, and by now somebody should have or tried again."""
    if clock.resolved_at is not None:
        return State.RESOLVED
    if clock.reached_at is not None:
        return State.REACHED
    if at - (clock.tried_at or clock.raised_at) >= ANSWER_WITHIN[clock.severity]:
        return State.OVERDUE
    return State.TAKEN if clock.taken_at is not None else State.WAITING


def next_step(clock: Clock, *, told: int, last_told_at: datetime | None, at: datetime) -> Rung | None:
    """Who must be told now, after `told` steps of which the last was at `last_told_at`; None while nobody must.

    A try to reach them gives one more step's time. After the last rung it rings there again, for as long as it takes.
    What is owed to somebody else's safety rings too, whoever spoke with the student, and at least as an urgent one.
    """
    if clock.is_answered and not clock.owes:
        return None
    step = min(STEP[clock.severity], STEP["urgent"]) if clock.owes else STEP[clock.severity]
    first = at if clock.owes else clock.raised_at + FIRST_AFTER[clock.severity]
    due = first if last_told_at is None else last_told_at + step
    if clock.tried_at is not None and not clock.owes:
        due = max(due, clock.tried_at + step)
    return RUNGS[min(told, len(RUNGS) - 1)] if at >= due else None


def is_at_the_end(told: int) -> bool:
    """Everyone on the way up was told, and nobody answered."""
    return told >= len(RUNGS)


class Missing(StrEnum):
    """What must be written down before a concern is closed."""

    CONTACT = "contact"
    ASSESSMENT = "assessment"
    PROTECTION = "protection"
    ACTION = "action"


def missing_to_close(*, contacts: int, assessments: int, unsettled: int, action: str) -> tuple[Missing, ...]:
    """Nothing, where somebody spoke with them or tried to, a clinician assessed the risk, and says what was done.

    `unsettled` counts the duties to protect or to report that are neither done nor found not to apply.
    """
    has = {
        Missing.CONTACT: contacts > 0,
        Missing.ASSESSMENT: assessments > 0,
        Missing.PROTECTION: not unsettled,
        Missing.ACTION: bool(action.strip()),
    }
    return tuple(each for each in Missing if not has[each])


@dataclass(frozen=True, slots=True)
class Area:
    """A county with the ZIP codes known to lie in it, or a whole state (`county` empty)."""

    key: str
    state: str
    county: str = ""
    postal_codes: frozenset[str] = frozenset()


def areas_at(areas: Iterable[Area], *, state: str, county: str = "", postal_code: str = "") -> tuple[Area, ...]:
    """The areas an address lies in, nearest first; empty where none is known. Never one of another state.

    The ZIP code counts most, because few people know their county. One that lies in several counties names them all
    unless the county says which; the whole state comes last.
    """
    here = [area for area in areas if area.state == state.strip().upper()]
    by_code = [area for area in here if area.county and postal_code.strip()[:5] in area.postal_codes]
    named = plain_county(county)
    by_name = [area for area in here if named and plain_county(area.county) == named]
    both = [area for area in by_code if area in by_name]
    nearest = both or by_code or by_name
    return (*sorted(nearest, key=lambda area: area.county), *(area for area in here if not area.county))


CHECKED_WITHIN = timedelta(days=180)
"""Numbers checked longer ago are to be called through again. A product default."""


class Numbers(StrEnum):
    """Whether it is known whom to call at a place."""

    KNOWN = "known"
    OLD = "old"  # known, and not checked for longer than `CHECKED_WITHIN`
    MISSING = "missing"  # no dispatch centre is known; a mobile crisis team does not exist everywhere


def numbers(*, dispatch: date | None, crisis: date | None, today: date) -> Numbers:
    """How it stands with the nearest number of each kind, by when it was checked last (None: there is none)."""
    if dispatch is None:
        return Numbers.MISSING
    oldest = min(dispatch, crisis or dispatch)
    return Numbers.OLD if today - oldest > CHECKED_WITHIN else Numbers.KNOWN


def plain_county(name: str) -> str:
    """`Denver County` and `denver` are the same."""
    words = name.casefold().replace(".", " ").split()
    return " ".join(word for word in words if word not in ("county", "parish", "borough", "condado", "of", "de"))
