"""Where somebody stands on the way in, since when, what comes next and by when. Pure: the clock is passed in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Column(StrEnum):
    """The columns of the board, in the order of the way."""

    NEW = "new"
    CONTACTED = "contacted"
    BOOKED = "booked"
    ASSESSED = "assessed"
    OFFERED = "offered"
    WAITLISTED = "waitlisted"
    ADMITTED = "admitted"
    ELSEWHERE = "elsewhere"
    CLOSED = "closed"


class Next(StrEnum):
    """What comes next for somebody."""

    ANSWER = "answer"
    TRY_AGAIN = "try_again"
    READ = "read"
    BOOK = "book"
    TALK = "talk"
    START = "start"
    ASSESS = "assess"
    SIGN = "sign"
    HAND_OVER = "hand_over"
    CONSENTS = "consents"
    ADMIT = "admit"
    ASK = "ask"
    SEAT = "seat"
    WAIT = "wait"
    FIRST_DAY = "first_day"
    FOLLOW = "follow"
    NOTHING = "nothing"


PATIENCE = {
    Column.NEW: timedelta(days=2),  # who has no promise
    Column.CONTACTED: timedelta(days=2),
    Column.BOOKED: timedelta(days=1),  # after the conversation
    Column.ASSESSED: timedelta(days=5),
    Column.OFFERED: timedelta(days=5),  # after they said yes
    Column.WAITLISTED: timedelta(days=14),
    Column.ELSEWHERE: timedelta(days=7),
}
"""How long somebody may stand in a column before the card is stale. Product defaults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the rows tell of one way in. Times are None for what has not happened."""

    began_at: datetime
    is_referral: bool = False
    promised_by: datetime | None = None  # of an inquiry that nobody answered, or a referral nobody decided on
    urgent: bool = False
    was_tried: bool = False
    answered_at: datetime | None = None
    booked_at: datetime | None = None
    talk_starts: datetime | None = None
    talk_ends: datetime | None = None
    chart_at: datetime | None = None
    found_at: datetime | None = None
    signed_at: datetime | None = None
    is_our_level: bool = True  # what was signed is a level of care that we give
    waits_since: datetime | None = None
    offered_at: datetime | None = None
    offer_until: datetime | None = None  # None: they said yes
    admitted_at: datetime | None = None
    ended: Column | None = None  # ELSEWHERE or CLOSED
    ended_at: datetime | None = None
    is_followed: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """A card's column, since when it is there, what comes next, and when it becomes stale (None: never)."""

    column: Column
    since: datetime
    next: Next
    due: datetime | None

    def is_late(self, at: datetime) -> bool:
        return self.due is not None and at > self.due


def stand(told: Told, *, at: datetime) -> Standing:
    """Where they stand: the furthest thing that has happened, unless the way in has ended."""
    if told.ended and told.ended_at:
        return _ended(told.ended, told.ended_at, is_followed=told.is_followed)
    if told.admitted_at:
        return Standing(Column.ADMITTED, told.admitted_at, Next.FIRST_DAY, None)
    if told.offered_at:
        due = told.offer_until or told.offered_at + PATIENCE[Column.OFFERED]
        return Standing(Column.OFFERED, told.offered_at, Next.ASK if told.offer_until else Next.SEAT, due)
    if told.waits_since:
        return _patient(Column.WAITLISTED, told.waits_since, Next.WAIT)
    if told.found_at:
        return _patient(Column.ASSESSED, told.signed_at or told.found_at, _after_findings(told))
    if told.booked_at and told.talk_starts and told.talk_ends:
        return _booked(told, told.booked_at, told.talk_starts, told.talk_ends, at)
    if told.chart_at:
        return _patient(Column.CONTACTED, told.chart_at, Next.ASSESS)
    if told.answered_at:
        return _patient(Column.CONTACTED, told.answered_at, Next.BOOK)
    due = told.promised_by or told.began_at + PATIENCE[Column.NEW]
    if told.is_referral:
        return Standing(Column.NEW, told.began_at, Next.READ, due)
    return Standing(Column.NEW, told.began_at, Next.TRY_AGAIN if told.was_tried else Next.ANSWER, due)


def _patient(column: Column, since: datetime, following: Next) -> Standing:
    return Standing(column, since, following, since + PATIENCE[column])


def _ended(column: Column, at: datetime, *, is_followed: bool) -> Standing:
    if column is Column.ELSEWHERE and not is_followed:
        return _patient(column, at, Next.FOLLOW)
    return Standing(column, at, Next.NOTHING, None)


def _booked(told: Told, booked_at: datetime, starts: datetime, ends: datetime, at: datetime) -> Standing:
    """Whoever told of danger is answered by the promise, also before a conversation that is booked."""
    due = ends + PATIENCE[Column.BOOKED]
    if told.urgent and told.promised_by:
        return Standing(Column.BOOKED, booked_at, Next.ANSWER, min(told.promised_by, due))
    after = Next.ASSESS if told.chart_at else Next.START
    return Standing(Column.BOOKED, booked_at, Next.TALK if at < starts else after, due)


def _after_findings(told: Told) -> Next:
    if told.signed_at is None:
        return Next.SIGN
    if not told.is_our_level:
        return Next.HAND_OVER
    return Next.ADMIT


def awaiting_consents(standing: Standing) -> Standing:
    """The same for somebody who has not signed everything without which no stay begins."""
    return replace(standing, next=Next.CONSENTS) if standing.next is Next.ADMIT else standing


def urgency(standing: Standing, *, urgent: bool, at: datetime) -> tuple[bool, bool, bool, datetime]:
    """Sorts a column: stale cards first, of these and of the others danger first, then by when they become stale."""
    return (not standing.is_late(at), not urgent, standing.due is None, standing.due or standing.since)


OPEN = frozenset(Column) - {Column.ADMITTED, Column.ELSEWHERE, Column.CLOSED}


def moves(standing: Standing, *, kind: str, is_booked: bool) -> tuple[Column, ...]:
    """The columns into which a deed moves this card by itself; every other step has a page of its own.

    `is_booked`: a first conversation is to come or under way; one that is over can be booked anew.
    """
    if standing.column not in OPEN:
        return ()
    ends = (Column.ELSEWHERE, Column.CLOSED)
    if kind != "inquiry":
        return ends
    contact = (Column.CONTACTED,) if standing.column is Column.NEW else ()
    can_book = not is_booked and standing.column in (Column.NEW, Column.CONTACTED, Column.BOOKED)
    booking = (Column.BOOKED,) if can_book else ()
    return (*contact, *booking, *ends)
