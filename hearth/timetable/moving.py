"""Changing a week by hand: moves on plain data, and the rules each would newly break.

A week is a mapping of session ids to sessions, in a fixed order. Nothing here is stored; `rules.violations` alone
judges.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from hearth.timetable import rules
from hearth.timetable.board import CLOSE, FORMAT_2, MODALITIES, OPEN, SLOT, Board, Group, Individual, Solution
from hearth.timetable.rules import Violation
from hearth.timetable.week import Session, helpers_of, label, people_in

Sessions = Mapping[str, Session]


@dataclass(frozen=True, slots=True)
class Spot:
    """When, with whom, where and how a session is. `room` is None by video and in a counselor's own office.

    A group may have a second leader, `co_staff`, and an `interpreter`.
    """

    day: int
    start: int
    staff: str
    room: str | None
    modality: str
    co_staff: str | None = None
    interpreter: str | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A session goes from the spot `was` to the spot `to`."""

    session: str
    was: Spot
    to: Spot


@dataclass(frozen=True, slots=True)
class Reseat:
    """A student goes out of one group, into another, or both."""

    patient: str
    out_of: str | None
    into: str | None


@dataclass(frozen=True, slots=True)
class Open:
    """A new session, with the people who come; if they leave a group for it, that is `out_of`."""

    session: str
    opened: Session
    out_of: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    """A session does not meet any more."""

    session: str


Move = Shift | Reseat | Open | End


class DoesNotApply(Exception):
    """The week is no longer what the move was made on. `why` is gone, elsewhere, not_in, already_in or alone."""

    def __init__(self, why: str, session: str, patient: str = "") -> None:
        super().__init__(f"{why}: {session} {patient}")
        self.why, self.session, self.patient = why, session, patient


def spot_of(session: Session) -> Spot:
    """Where a session is now."""
    where = (session.day, session.start, session.staff)
    if isinstance(session, Group):
        return Spot(*where, session.room, session.modality, session.co_staff, session.interpreter)
    return Spot(*where, None, session.modality)


def as_solution(sessions: Sessions) -> Solution:
    """The week as the rules read it; a group without anybody is none."""
    groups = tuple(one for one in sessions.values() if isinstance(one, Group) and one.patients)
    return Solution(groups, tuple(one for one in sessions.values() if isinstance(one, Individual)))


def moved(sessions: Sessions, move: Move) -> dict[str, Session]:
    """The week with this move carried out. Raises DoesNotApply."""
    match move:
        case Shift():
            session = _found(sessions, move.session)
            if spot_of(session) != move.was:
                raise DoesNotApply("elsewhere", move.session)
            return {**sessions, move.session: at_spot(session, move.to)}
        case Reseat():
            return _reseated(sessions, move)
        case Open():
            left = dict(sessions)
            for who in people_in(move.opened) if move.out_of else ():
                left = _reseated(left, Reseat(who, move.out_of, None))
            return {**left, move.session: move.opened}
        case End():
            _found(sessions, move.session)
            return {key: one for key, one in sessions.items() if key != move.session}


def at_spot(session: Session, spot: Spot) -> Session:
    """The session somewhere else, with the same people."""
    if isinstance(session, Group):
        return replace(
            session,
            day=spot.day,
            start=spot.start,
            staff=spot.staff,
            room=spot.room if spot.modality == "in_person" else None,
            modality=spot.modality,
            co_staff=spot.co_staff,
            interpreter=spot.interpreter,
        )
    return replace(session, day=spot.day, start=spot.start, staff=spot.staff, modality=spot.modality)


def _found(sessions: Sessions, key: str) -> Session:
    if key not in sessions:
        raise DoesNotApply("gone", key)
    return sessions[key]


def _group(sessions: Sessions, key: str) -> Group:
    session = _found(sessions, key)
    if not isinstance(session, Group):
        raise DoesNotApply("alone", key)
    return session


def _reseated(sessions: Sessions, move: Reseat) -> dict[str, Session]:
    after = dict(sessions)
    if move.out_of is not None:
        group = _group(sessions, move.out_of)
        if move.patient not in group.patients:
            raise DoesNotApply("not_in", move.out_of, move.patient)
        after[move.out_of] = replace(group, patients=tuple(who for who in group.patients if who != move.patient))
    if move.into is not None:
        group = _group(after, move.into)
        if move.patient in group.patients:
            raise DoesNotApply("already_in", move.into, move.patient)
        after[move.into] = replace(group, patients=(*group.patients, move.patient))
    return after


# ---- what a move would newly break

Key = tuple[str, str, str]
DIGITS = re.compile(r"\d+")
WHEREVER = {
    rule.__name__.replace("_", " ")
    for rule in (
        rules.a_group_is_neither_too_small_nor_too_large,
        rules.the_leader_fits_the_session,
        rules.people_fit_their_group,
        rules.a_virtual_sessions_leader_is_licensed_where_each_person_is,
        rules.people_attend_in_their_own_modality,
        rules.individual_sessions_are_with_the_primary_counselor,
        rules.a_group_is_interpreted_for_whoever_needs_it,
        rules.a_group_that_needs_two_leaders_has_two,
        rules.staff_pairs_lead_together_or_never,
        rules.those_kept_apart_never_meet,
    )
}
"""Rules about a session that do not ask when and where it is: broken before a move, they are not newly broken by it."""


def newly_broken(board: Board, before: Sessions, after: Sessions) -> list[Violation]:
    """The rules that `after` breaks and `before` does not, or breaks by more."""
    return _new(_broken(board, before), _broken(board, after))


def _broken(board: Board, sessions: Sessions) -> list[tuple[Key, Violation]]:
    """Every broken rule, with what it is about."""
    keys = {id(one): key for key, one in sessions.items()}
    if any(isinstance(one, Group) and (one.co_staff or one.interpreter) for one in sessions.values()):
        board = replace(board, format=FORMAT_2)  # the first format knows neither
    return [(_about(one, keys), one) for one in rules.violations(board, as_solution(sessions))]


def _about(one: Violation, keys: Mapping[int, str]) -> Key:
    sentence = one.sentence
    if one.session is None or one.rule not in WHEREVER:
        return one.rule, "", DIGITS.sub("", sentence) if one.amount else sentence
    sentence = sentence.removesuffix(f": {label(one.session)}.")
    return one.rule, keys[id(one.session)], DIGITS.sub("", sentence) if one.amount else sentence


def _new(old: Iterable[tuple[Key, Violation]], now: Iterable[tuple[Key, Violation]]) -> list[Violation]:
    left: Counter[Key] = Counter()
    for key, one in old:
        left[key] += one.amount or 1
    found = []
    for key, one in now:
        left[key] -= one.amount or 1
        if left[key] < 0:
            found.append(one)
    return found


# ---- all targets of one session at once


@dataclass(frozen=True, slots=True)
class Targets:
    """What each target of a picked-up session would newly break; nothing where it is free.

    `times` are (day, start) with the leaders, the interpreter and the room it was asked for; `staff`, `rooms`, `ways`
    (in person or by video), `seconds` and `interpreters` are others of these at the day and time it was asked for, and
    an empty id is nobody.
    """

    times: dict[tuple[int, int], list[Violation]]
    staff: dict[str, list[Violation]]
    rooms: dict[str, list[Violation]]
    ways: dict[str, list[Violation]]
    seconds: dict[str, list[Violation]]
    interpreters: dict[str, list[Violation]]


def targets(board: Board, sessions: Sessions, picked: str, at: Spot) -> Targets:
    """Judge every time, leader, room, way, second leader and interpreter of `picked`, carried to the spot `at`."""
    session = _found(sessions, picked)
    here = Judge(board, sessions, picked)
    starts = range(OPEN, CLOSE - session.minutes + 1, SLOT)
    times = {(day, start): here.judge(replace(at, day=day, start=start)) for day in range(7) for start in starts}
    staff = {one.id: here.judge(replace(at, staff=one.id)) for one in board.staff}
    if not isinstance(session, Group):
        ways = {way: here.judge(replace(at, modality=way)) for way in MODALITIES}
        return Targets(times, staff, {}, ways, {}, {})
    rooms = {room.id: here.judge(replace(at, room=room.id, modality="in_person")) for room in board.rooms}
    on_screen, in_room = here.judge(replace(at, modality="virtual")), rooms.get(at.room or "")
    ways = {"in_person": min(rooms.values(), key=len, default=[]) if in_room is None else in_room, "virtual": on_screen}
    others = [one.id for one in board.staff if one.id != at.staff]
    seconds = {who: here.judge(replace(at, co_staff=who or None)) for who in ("", *others)}
    interpreters = ("", *(one.id for one in board.interpreters))
    booked = {who: here.judge(replace(at, interpreter=who or None)) for who in interpreters}
    return Targets(times, staff, rooms, ways, seconds, booked)


class Judge:
    """Judges many spots of one session. Only what can meet it is looked at: its people, the leader and the room."""

    def __init__(self, board: Board, sessions: Sessions, picked: str) -> None:
        self.board, self.sessions, self.picked = board, sessions, picked
        self.known: dict[tuple[str | None, ...], tuple[Board, dict[str, Session], list[tuple[Key, Violation]]]] = {}

    def judge(self, spot: Spot) -> list[Violation]:
        """What the session at this spot would newly break."""
        with_whom = (spot.staff, spot.room, spot.co_staff, spot.interpreter)
        if with_whom not in self.known:
            small, near = self._near(spot)
            self.known[with_whom] = (small, near, _broken(small, near))
        small, near, broken = self.known[with_whom]
        after = {**near, self.picked: at_spot(near[self.picked], spot)}
        return _new(broken, _broken(small, after))

    def _near(self, spot: Spot) -> tuple[Board, dict[str, Session]]:
        picked = self.sessions[self.picked]
        people = set(people_in(picked))
        leaders = {spot.staff, *helpers_of(picked), *(who for who in (spot.co_staff, spot.interpreter) if who)}
        near: dict[str, Session] = {}
        alone: set[str] = set()
        for key, one in self.sessions.items():
            is_here = isinstance(one, Group) and one.room and one.room == spot.room
            if is_here or not leaders.isdisjoint(helpers_of(one)) or not people.isdisjoint(people_in(one)):
                near[key] = one if key == self.picked else _thinned(self.board, one, people)
                if isinstance(one, Individual):
                    alone.add(one.patient)
        offices = {one.staff for one in near.values() if isinstance(one, Individual)}
        small = replace(
            self.board,
            minimum=0,  # nobody comes or goes; groups thinned out to those concerned are not too small
            current=None,
            staff=tuple(one for one in self.board.staff if one.id in {*leaders, *offices}),
            patients=tuple(one for one in self.board.patients if one.id in people or one.id in alone),
        )
        return small, near


def _thinned(board: Board, session: Session, people: Collection[str]) -> Session:
    """The session with those people only who matter, and at least one; as it is where its room is too small anyway."""
    if not isinstance(session, Group):
        return session
    seats = next((room.seats for room in board.rooms if room.id == session.room), 0)
    if session.room and seats < len(session.patients) + len(helpers_of(session)):
        return session
    kept = tuple(who for who in session.patients if who in people)
    return replace(session, patients=kept or session.patients[:1])


def seat_targets(board: Board, sessions: Sessions, patient: str, out_of: str | None) -> dict[str, list[Violation]]:
    """What each other group would newly break if this student went there, out of `out_of` if that is one."""
    found = {}
    for key, one in sessions.items():
        if isinstance(one, Group) and patient not in one.patients and key != out_of:
            found[key] = judge_seat(board, sessions, Reseat(patient, out_of, key))
    return found


def judge_seat(board: Board, sessions: Sessions, move: Reseat) -> list[Violation]:
    """What this change of seats would newly break; only the student's own sessions and the two groups are looked at."""
    after = moved(sessions, move)
    ends = {move.out_of, move.into}
    near = [key for key, one in sessions.items() if key in ends or move.patient in people_in(one)]
    after_near = {key: after[key] for key in near}
    leaders = {who for key in near for who in helpers_of(sessions[key])}
    small = replace(
        board,
        current=None,
        staff=tuple(one for one in board.staff if one.id in leaders),
        patients=tuple(one for one in board.patients if one.id == move.patient),
    )
    return newly_broken(small, {key: sessions[key] for key in near}, after_near)
