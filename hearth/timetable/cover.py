"""Cover for days of one week on which staff are away: what needs somebody else, and how far the search for it reaches.

Pure. Whoever is not hit keeps every place. Those who are hit get at most what they lose back: first in the same hours
with somebody else, then on the same days, then in their other hours of that week.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from hearth.timetable import hours
from hearth.timetable.board import KINDS, Board, Group, Individual, Patient, Solution, Span
from hearth.timetable.difference import Change, difference, made
from hearth.timetable.week import Session, Week, helpers_of, people_in

DAY = 24 * 60


class Reach(IntEnum):
    """How far from what is lost a place may lie."""

    HOURS = 0
    DAYS = 1
    WEEK = 2


@dataclass(frozen=True, slots=True)
class Cover:
    """Who is away on which days of a week (Monday is 0), and the `people` who lose something by it.

    What begins before `since`, in minutes of the week, is over.
    """

    away: Mapping[str, frozenset[int]]
    since: int = 0
    people: frozenset[str] = frozenset()

    @property
    def days(self) -> frozenset[int]:
        """The days for which cover can still be found."""
        return frozenset(day for days in self.away.values() for day in days if (day + 1) * DAY > self.since)

    def hits(self, session: Session) -> bool:
        """Whether somebody who works in it is away that day."""
        return any(session.day in self.away.get(who, ()) for who in helpers_of(session))

    def is_due(self, away: Mapping[str, frozenset[int]]) -> bool:
        """Whether everyone is still away on these days, where `away` says who is on which."""
        return all(days <= away.get(who, frozenset()) for who, days in self.away.items())

    def is_over(self, session: Session) -> bool:
        """Whether it has begun."""
        return session.day * DAY + session.start < self.since


def needing(week: Solution, cover: Cover) -> list[Session]:
    """The sessions that need somebody else."""
    return [one for one in _sessions(week) if cover.hits(one) and not cover.is_over(one)]


def cover_of(week: Solution, away: Mapping[str, frozenset[int]], *, since: int) -> Cover:
    """What to find for this week."""
    plain = Cover(away, since)
    return replace(plain, people=frozenset(who for one in needing(week, plain) for who in people_in(one)))


def narrowed(board: Board, cover: Cover, *, week: Solution, reach: Reach) -> Board:
    """The board on which `week` stands and those who are hit are free within this reach alone."""
    lost: dict[str, list[Session]] = defaultdict(list)
    for one in needing(board.current or Solution(), cover):
        for who in people_in(one):
            lost[who].append(one)
    own: dict[str, list[Session]] = defaultdict(list)
    for one in _sessions(week):
        for who in people_in(one):
            own[who].append(one)
    patients = (_narrowed(each, own[each.id], lost[each.id], cover, reach) for each in board.patients)
    return replace(board, current=week, patients=tuple(patients))


def as_before(board: Board, cover: Cover) -> Board:
    """The board on which nobody needs more than they have in the week as it stands and is not over."""
    given = _given(board, cover)
    return replace(board, patients=tuple(_at_most(each, given) for each in board.patients))


def _given(board: Board, cover: Cover) -> Counter[tuple[str, str]]:
    """How many sessions of each kind everyone has in the week as it stands, but for what is over and did not take
    place.
    """
    sessions = _sessions(board.current or Solution())
    return Counter(
        (who, one.kind) for one in sessions if not (cover.hits(one) and cover.is_over(one)) for who in people_in(one)
    )


def _narrowed(
    patient: Patient, own: Collection[Session], lost: Collection[Session], cover: Cover, reach: Reach
) -> Patient:
    families = [one for one in own if one.kind == "family"]
    lost_families = [one for one in lost if one.kind == "family"]
    if not lost:
        return replace(patient, available=_spans(own), family_available=_spans(families), best=())
    if reach is Reach.HOURS:
        ways = {one.modality for one in (*own, *lost)}
        patient = replace(patient, modality=ways.pop()) if len(ways) == 1 else patient
        free = _common(_spans(lost), patient.available)
        family = _common(_spans(lost_families), patient.family_available)
    else:
        days = cover.days if reach is Reach.DAYS else frozenset(range(7))
        free, family = _left(patient.available, days, cover), _left(patient.family_available, days, cover)
    return replace(
        patient,
        available=hours.joined([*free, *_spans(own)]),
        family_available=hours.joined([*family, *_spans(families)]),
    )


def _at_most(patient: Patient, given: Counter[tuple[str, str]]) -> Patient:
    group, skills, individual, family = (
        replace(asked, count=min(asked.count, given[patient.id, kind]))
        for kind in KINDS
        for asked in [patient.dose.part(kind)]
    )
    dose = replace(patient.dose, group=group, skills=skills, individual=individual, family=family)
    return replace(patient, dose=dose)


def _left(spans: Iterable[Span], days: Collection[int], cover: Cover) -> tuple[Span, ...]:
    """What of these hours is on these days and not over."""
    over = (Span(day, 0, min(DAY, cover.since - day * DAY)) for day in range(7) if day * DAY < cover.since)
    return hours.without([span for span in spans if span.day in days], tuple(over))


def _common(spans: tuple[Span, ...], others: tuple[Span, ...]) -> tuple[Span, ...]:
    return hours.without(spans, hours.without(spans, others))


def _spans(sessions: Iterable[Session]) -> tuple[Span, ...]:
    return hours.joined(Span(one.day, one.start, one.start + one.minutes) for one in sessions)


def is_lacking(board: Board, cover: Cover, week: Solution) -> bool:
    """Whether somebody who is hit lacks something in this week."""
    given = Week(board, week).given
    return any(
        given[one.id, kind] < one.dose.part(kind).count
        for one in board.patients
        if one.id in cover.people
        for kind in KINDS
    )


def without_hit(week: Solution, cover: Cover) -> Solution:
    """The week without what cannot take place."""
    return Solution(
        tuple(one for one in week.groups if not cover.hits(one)),
        tuple(one for one in week.individual if not cover.hits(one)),
    )


def covered(stands: Solution, found: Solution, cover: Cover) -> Solution:
    """The week as it stands with what was found for those who are hit; what is over stays as it was.

    So does what nobody's absence hits, where nothing was found for it: cover of others may be needed there.
    """
    over = [one for one in _sessions(stands) if cover.hits(one) and cover.is_over(one)]
    groups = dict.fromkeys((*found.groups, *(one for one in over if isinstance(one, Group))))
    alone = dict.fromkeys((*found.individual, *(one for one in over if isinstance(one, Individual))))
    found = Solution(tuple(groups), tuple(alone))
    theirs = [one.changes for one in difference(stands, found).people if one.patient in cover.people]
    return made(stands, (one for changes in theirs for one in changes if not _is_needless(one, changes, cover)))


def _is_needless(loss: Change, changes: Iterable[Change], cover: Cover) -> bool:
    """Whether a place would be lost that nobody's absence hits and that is not in the way of what was found."""
    if loss.before is None or loss.after is not None or cover.hits(loss.before):
        return False
    return not any(one.after is not None and _are_at_once(one.after, loss.before) for one in changes)


def _are_at_once(one: Session, other: Session) -> bool:
    return one.day == other.day and one.start < other.start + other.minutes and other.start < one.start + one.minutes


def _sessions(week: Solution) -> tuple[Session, ...]:
    return (*week.groups, *week.individual)


def as_json(cover: Cover) -> dict[str, Any]:
    """As proposals keep it."""
    away = {who: sorted(days) for who, days in sorted(cover.away.items())}
    return {"away": away, "since": cover.since, "people": sorted(cover.people)}


def from_json(stored: Mapping[str, Any]) -> Cover:
    """As `as_json` wrote it."""
    away = {who: frozenset(days) for who, days in stored["away"].items()}
    return Cover(away, stored["since"], frozenset(stored["people"]))
