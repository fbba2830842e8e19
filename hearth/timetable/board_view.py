"""The planner's board as rows, days and chips: by hour, staff, room, group or student. Nothing is read here."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from hearth.timetable.board import CLOSE, OPEN, SLOT, Board, Group, clock
from hearth.timetable.calendar import TONES
from hearth.timetable.drafts import Drafted
from hearth.timetable.models import Kind
from hearth.timetable.week import Session, leaders_of, people_in
from hearth.timetable.wording import topic_words

VIEWS = ("day", "staff", "room", "group", "student")
NO_ROOM = "none"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in a group: a chip of its own in the view by group."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One session in one cell. `seat` is the student whose place it stands for, in the view by student."""

    id: str
    session: Session
    at: str
    title: str
    note: str
    tone: str
    is_new: bool
    room: str
    second: str = ""
    interpreter: str = ""
    seat: str = ""
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `staff`, `room` and `start` are what a session dropped here gets; empty where it keeps its own."""

    head: str
    cells: tuple[tuple[int, tuple[Chip, ...]], ...]
    staff: str = ""
    room: str = ""
    start: int | None = None
    is_spare: bool = False


@dataclass(frozen=True, slots=True)
class BoardView:
    """The whole board in one of `VIEWS`. `days` are the days shown, as numbers and dates."""

    by: str
    days: tuple[tuple[int, date], ...]
    rows: tuple[Row, ...]


def board_view(drafted: Drafted, by: str) -> BoardView:
    """The week in the view `by`."""
    board, names = drafted.week.board, drafted.week.names
    days = shown_days(board, drafted.sessions.values())
    chips = [_chip(drafted, key, one, by) for key, one in drafted.sessions.items()]
    chips.sort(key=lambda chip: (chip.session.start, chip.title))
    rows: Callable[[], list[Row]] = {
        "day": lambda: _by_hour(chips, days),
        "staff": lambda: [
            Row(names[one.id], _cells([c for c in chips if c.session.staff == one.id], days), staff=one.id)
            for one in board.staff
        ],
        "room": lambda: _by_room(board, names, chips, days),
        "group": lambda: [Row(_("Groups"), _cells([c for c in chips if isinstance(c.session, Group)], days))],
        "student": lambda: _by_student(drafted, chips, days),
    }[by]
    dated = tuple((day, drafted.week_of + timedelta(days=day)) for day in days)
    return BoardView(by, dated, tuple(rows()))


def shown_days(board: Board, sessions: Iterable[Session]) -> list[int]:
    """The days on which somebody works or something lies."""
    return sorted({span.day for one in board.staff for span in one.hours} | {one.day for one in sessions})


def short(name: str) -> str:
    """`Maya Reyes` as `Maya R.`, for what others may glance at."""
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name


def title_of(session: Session, names: Mapping[str, str]) -> str:
    """A session in a word or two."""
    if isinstance(session, Group):
        if session.kind == Kind.SKILLS:
            return _("Skills")
        return topic_words(session.topic or "").capitalize()
    who = short(names.get(session.patient, ""))
    return _("Family: %(name)s") % {"name": who} if session.kind == Kind.FAMILY else who


def where(session: Session, names: Mapping[str, str]) -> str:
    """The room, or that there is none."""
    if session.modality == "virtual":
        return _("video")
    return names.get(session.room or "", _("no room")) if isinstance(session, Group) else _("office")


def _chip(drafted: Drafted, key: str, session: Session, by: str) -> Chip:
    names, board = drafted.week.names, drafted.week.board
    parts = [f"{len(session.patients)}/{board.capacity}"] if isinstance(session, Group) else []
    if by != "staff":
        parts.append(" + ".join(names.get(who, "").split(" ")[0] for who in leaders_of(session)))
    if by != "room":
        parts.append(where(session, names))
    return Chip(
        id=key,
        session=session,
        at=clock(session.start),
        title=title_of(session, names),
        note=" · ".join(parts),
        tone=TONES[Kind(session.kind)],
        is_new=drafted.week.standing.get(key) != session,
        room=(session.room or "") if isinstance(session, Group) else "",
        second=(session.co_staff or "") if isinstance(session, Group) else "",
        interpreter=(session.interpreter or "") if isinstance(session, Group) else "",
        people=_people(session, names) if by == "group" else (),
    )


def _people(session: Session, names: Mapping[str, str]) -> tuple[Person, ...]:
    found = (Person(who, names.get(who, "")) for who in people_in(session))
    return tuple(sorted(found, key=lambda one: one.name))


def _cells(chips: Iterable[Chip], days: Iterable[int]) -> tuple[tuple[int, tuple[Chip, ...]], ...]:
    by_day: dict[int, list[Chip]] = defaultdict(list)
    for chip in chips:
        by_day[chip.session.day].append(chip)
    return tuple((day, tuple(by_day[day])) for day in days)


def _by_hour(chips: list[Chip], days: list[int]) -> list[Row]:
    """A row for each half hour; those at which nothing begins are spare and shown while something is carried."""
    starts: dict[int, list[Chip]] = defaultdict(list)
    for chip in chips:
        starts[chip.session.start].append(chip)
    return [
        Row(clock(start), _cells(starts[start], days), start=start, is_spare=not starts[start])
        for start in range(OPEN, CLOSE, SLOT)
    ]


def _by_room(board: Board, names: Mapping[str, str], chips: list[Chip], days: list[int]) -> list[Row]:
    found = [
        Row(names[room.id], _cells([c for c in chips if c.room == room.id], days), room=room.id) for room in board.rooms
    ]
    found.append(Row(_("Video or an office"), _cells([c for c in chips if not c.room], days), room=NO_ROOM))
    return found


def _by_student(drafted: Drafted, chips: list[Chip], days: list[int]) -> list[Row]:
    names = drafted.week.names
    places: dict[str, list[Chip]] = defaultdict(list)
    for chip in chips:
        for who in people_in(chip.session):
            places[who].append(chip)
    people = sorted(drafted.week.board.patients, key=lambda one: names[one.id])
    return [Row(names[one.id], _seats(one.id, places[one.id], days, names)) for one in people]


def _seats(
    who: str, chips: Iterable[Chip], days: list[int], names: Mapping[str, str]
) -> tuple[tuple[int, tuple[Chip, ...]], ...]:
    """A student's own places; an hour alone is called by its leader."""
    found = []
    for chip in chips:
        alone = not isinstance(chip.session, Group)
        words = (names.get(chip.session.staff, ""), where(chip.session, names)) if alone else (chip.title, chip.note)
        found.append(replace(chip, title=words[0], note=words[1], seat=who))
    return _cells(found, days)
