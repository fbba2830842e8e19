"""What would be if: a board with one thing changed. Nobody real is hired, and nothing of it can be accepted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hearth.timetable.board import Board, MalformedBoard, Span, Staff

HIRE = "hire"
"""The board id of whoever would be hired: no person's, so that no row can ever be made of it."""
HIRE_MINUTES_RUN = 300


@dataclass(frozen=True, slots=True)
class Nothing:
    """The week worked out once more with nothing changed: what the others are held against."""


@dataclass(frozen=True, slots=True)
class MoreHours:
    """A member of staff works this much longer."""

    staff: str
    hours: Span


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody more, licensed wherever the board's people are, works in these hours."""

    populations: tuple[str, ...]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    hours: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ClosedRoom:
    """No group meets in this room."""

    room: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """Groups hold up to so many people."""

    most: int


@dataclass(frozen=True, slots=True)
class Away:
    """A member of staff leads nothing."""

    staff: str


Change = Nothing | MoreHours | Hire | ClosedRoom | Capacity | Away


def changed(board: Board, change: Change) -> Board:
    """The board as it would be. Raises MalformedBoard where the change is about nobody and nothing on it."""
    match change:
        case Nothing():
            return board
        case MoreHours(staff, hours):
            _known(staff, (one.id for one in board.staff))
            team = [_longer(one, hours) if one.id == staff else one for one in board.staff]
            return replace(board, staff=tuple(team))
        case Hire():
            return replace(board, staff=(*board.staff, _hired(board, change)))
        case ClosedRoom(room):
            _known(room, (one.id for one in board.rooms))
            return replace(board, rooms=tuple(one for one in board.rooms if one.id != room))
        case Capacity(most):
            if most < 1:
                raise MalformedBoard("A group of nobody is none.")
            return replace(board, capacity=most, minimum=min(board.minimum, most))
        case Away(staff):
            _known(staff, (one.id for one in board.staff))
            return replace(board, absent=board.absent | {staff})


def _known(wanted: str, ids: Any) -> None:
    if wanted not in set(ids):
        raise MalformedBoard(f'"{wanted}" is not on the board.')


def _longer(staff: Staff, hours: Span) -> Staff:
    """With these hours joined to those they have; what is added may be led."""
    here = [span for span in staff.hours if span.day == hours.day]
    joined = [span for span in here if span.start <= hours.end and hours.start <= span.end]
    whole = Span(
        hours.day,
        min([hours.start, *(span.start for span in joined)]),
        max([hours.end, *(span.end for span in joined)]),
    )
    rest = [span for span in staff.hours if span not in joined]
    added = (whole.end - whole.start) - sum(span.end - span.start for span in joined)
    spans = tuple(sorted((*rest, whole), key=lambda span: (span.day, span.start)))
    return replace(staff, hours=spans, max_minutes_week=staff.max_minutes_week + added)


def _hired(board: Board, hire: Hire) -> Staff:
    return Staff(
        id=HIRE,
        populations=hire.populations,
        topics=hire.topics,
        languages=hire.languages,
        states=tuple(sorted({one.state for one in board.patients})),
        hours=hire.hours,
        max_minutes_week=sum(span.end - span.start for span in hire.hours),
        max_minutes_run=HIRE_MINUTES_RUN,
    )


# ---- as JSON


def as_json(change: Change) -> dict[str, Any]:
    """The change as it is stored."""
    match change:
        case Nothing():
            return {"kind": "nothing"}
        case MoreHours(staff, hours):
            return {"kind": "hours", "staff": staff, "hours": _span_as_json(hours)}
        case Hire():
            return {
                "kind": "hire",
                "populations": list(change.populations),
                "topics": list(change.topics),
                "languages": list(change.languages),
                "hours": [_span_as_json(span) for span in change.hours],
            }
        case ClosedRoom(room):
            return {"kind": "room", "room": room}
        case Capacity(most):
            return {"kind": "capacity", "most": most}
        case Away(staff):
            return {"kind": "away", "staff": staff}


def parse(data: Mapping[str, Any]) -> Change:
    """The change that `as_json` wrote."""
    read: dict[str, Callable[[], Change]] = {
        "nothing": Nothing,
        "hours": lambda: MoreHours(data["staff"], Span(*data["hours"])),
        "hire": lambda: Hire(
            tuple(data["populations"]),
            tuple(data["topics"]),
            tuple(data["languages"]),
            tuple(Span(*span) for span in data["hours"]),
        ),
        "room": lambda: ClosedRoom(data["room"]),
        "capacity": lambda: Capacity(data["most"]),
        "away": lambda: Away(data["staff"]),
    }
    return read[data["kind"]]()


def _span_as_json(span: Span) -> list[int]:
    return [span.day, span.start, span.end]
