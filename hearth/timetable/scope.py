"""A board cut down to some of its people, so that their week can be worked out beside everyone else's.

Whoever shares a group with them comes along; what staff and rooms hold for the others is not on offer. So weeks of
different parts never get in each other's way, and each can be solved by a job of its own.
"""

from collections.abc import Collection
from dataclasses import replace

from hearth.timetable.board import SLOT, Board, Interpreter, Solution, Span, Staff
from hearth.timetable.difference import places_of
from hearth.timetable.week import Moment, Session, moments, slots_of


def with_those_beside(current: Solution | None, people: Collection[str]) -> frozenset[str]:
    """These people and whoever sits in a group with one of them, and with those, and so on."""
    found, waiting = set(people), True
    while waiting:
        waiting = False
        for group in current.groups if current else ():
            if found & set(group.patients) and not set(group.patients) <= found:
                found |= set(group.patients)
                waiting = True
    return frozenset(found)


def scoped(board: Board, people: Collection[str], *, rooms: Collection[str]) -> Board:
    """The board of these people alone, who share no group with others, in these rooms.

    Staff keep the hours in which they lead nothing for others, with a break beside those, and the minutes left.
    """
    others = {one.id for one in board.patients} - set(people)
    current = board.current or Solution()
    ours, elsewhere = places_of(current, people), places_of(current, others)
    return replace(
        board,
        rooms=tuple(one for one in board.rooms if one.id in rooms),
        staff=tuple(_without(one, led_by(one, elsewhere), led_by(one, ours)) for one in board.staff),
        interpreters=tuple(
            replace(one, hours=_spans(moments(one.hours) - _interpreted_by(one, elsewhere)))
            for one in board.interpreters
        ),
        patients=tuple(one for one in board.patients if one.id in people),
        current=ours if board.current else None,
        apart=frozenset(pair for pair in board.apart if not pair & others),
        together=tuple(few for few in board.together if not set(few) & others),
        kept=board.kept & set(people),
    )


def led_by(staff: Staff, week: Solution) -> set[Moment]:
    """The slots in which this member of staff leads something in this week."""
    sessions: tuple[Session, ...] = (*week.groups, *week.individual)
    led = (one for one in sessions if staff.id in (one.staff, getattr(one, "co_staff", None)))
    return {moment for one in led for moment in slots_of(one)}


def _interpreted_by(interpreter: Interpreter, week: Solution) -> set[Moment]:
    return {moment for group in week.groups if group.interpreter == interpreter.id for moment in slots_of(group)}


def _without(staff: Staff, taken: set[Moment], ours: set[Moment]) -> Staff:
    """`taken` and the slots beside it are not on offer, but for those that are `ours` already."""
    beside = {(day, minute + step) for day, minute in taken for step in (-SLOT, SLOT)}
    free = moments(staff.hours) - taken - (beside - ours)
    return replace(staff, hours=_spans(free), max_minutes_week=max(0, staff.max_minutes_week - len(taken) * SLOT))


def _spans(free: Collection[Moment]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for day, minute in sorted(free):
        if spans and (spans[-1].day, spans[-1].end) == (day, minute):
            spans[-1] = replace(spans[-1], end=minute + SLOT)
        else:
            spans.append(Span(day, minute, minute + SLOT))
    return tuple(spans)
