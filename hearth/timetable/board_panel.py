"""What stands beside the board: the form of a picked session, of a student, or of a new session."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from hearth.timetable.board import Group
from hearth.timetable.board_forms import WAYS, OpenForm, was_words
from hearth.timetable.board_words import said, when
from hearth.timetable.drafts import Drafted
from hearth.timetable.moving import Targets, seat_targets, spot_of, targets
from hearth.timetable.rules import Violation
from hearth.timetable.verdicts import verdicts
from hearth.timetable.week import Session, people_in


@dataclass(frozen=True, slots=True)
class Choice:
    """One target with what it would break; nothing where it is free."""

    value: str
    words: str
    breaks: tuple[str, ...] = ()
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class PickedSession:
    """The form of one session."""

    id: str
    words: str
    was: str
    times: tuple[Choice, ...]
    staff: tuple[Choice, ...]
    rooms: tuple[Choice, ...]
    ways: tuple[Choice, ...]
    seconds: tuple[Choice, ...]
    interpreters: tuple[Choice, ...]
    people: tuple[tuple[str, str], ...]
    is_group: bool
    is_by_video: bool = False

    @property
    def free(self) -> list[Choice]:
        """The times that break nothing, but for the one it is at."""
        return [one for one in self.times if not one.breaks and not one.is_here]

    @property
    def taken(self) -> list[Choice]:
        """The times that break a rule."""
        return [one for one in self.times if one.breaks]


@dataclass(frozen=True, slots=True)
class PickedStudent:
    """The form of one student: out of one group, into another."""

    id: str
    name: str
    out_of: str
    held: tuple[Choice, ...]
    free: tuple[Choice, ...]
    taken: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What is picked, and what can be."""

    session: PickedSession | None = None
    student: PickedStudent | None = None
    opening: OpenForm | None = None
    sessions: tuple[Choice, ...] = ()
    students: tuple[Choice, ...] = field(default=())


def panel_of(found: Drafted, asked: QueryDict, opening: OpenForm | None = None) -> Panel:
    """The form that was asked for by `pick` (or `session`), `student` (or `patient`) or `new`."""
    names = found.week.names
    key = asked.get("pick") or asked.get("session") or ""
    who = asked.get("student") or asked.get("patient") or ""
    if opening is not None or asked.get("new"):
        return Panel(opening=opening or OpenForm(drafted=found))
    if who in {one.id for one in found.week.board.patients}:
        return Panel(student=_student(found, who, asked.get("out_of", "")))
    if key in found.sessions:
        return Panel(session=_session(found, key, found.sessions[key]))
    sessions = tuple(Choice(one_key, said(one, names, found.week_of)) for one_key, one in found.sessions.items())
    people = sorted(found.week.board.patients, key=lambda one: names[one.id])
    return Panel(sessions=sessions, students=tuple(Choice(one.id, names[one.id]) for one in people))


def _session(found: Drafted, key: str, session: Session) -> PickedSession:
    names = found.week.names
    here = spot_of(session)
    judged: Targets = targets(found.week.board, found.sessions, key, here)
    times = tuple(
        Choice(
            f"{day}-{start}",
            when(day, start, found.week_of),
            _words(broken, names),
            is_here=(day, start) == (here.day, here.start),
        )
        for (day, start), broken in judged.times.items()
    )
    people = sorted(((who, names.get(who, "")) for who in people_in(session)), key=lambda one: one[1])
    return PickedSession(
        id=key,
        words=said(session, names, found.week_of),
        was=was_words(here),
        times=times,
        staff=_choices(judged.staff, names, here.staff),
        rooms=_choices(judged.rooms, names, here.room or ""),
        ways=_choices(judged.ways, {key: str(words) for key, words in WAYS}, here.modality),
        seconds=_choices(judged.seconds, names | {"": _("nobody")}, here.co_staff or ""),
        interpreters=_choices(judged.interpreters, names | {"": _("nobody")}, here.interpreter or ""),
        people=tuple(people),
        is_group=isinstance(session, Group),
        is_by_video=here.modality == "virtual",
    )


def _choices(judged: Mapping[str, list[Violation]], names: Mapping[str, str], here: str) -> tuple[Choice, ...]:
    found = [Choice(key, names[key], _words(broken, names), is_here=key == here) for key, broken in judged.items()]
    return tuple(sorted(found, key=lambda one: (not one.is_here, bool(one.breaks), one.words)))


def _words(broken: Iterable[Violation], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(str(one) for one in verdicts(broken, names))


def _student(found: Drafted, who: str, out_of: str) -> PickedStudent:
    names = found.week.names
    groups = {key: one for key, one in found.sessions.items() if isinstance(one, Group)}
    held = {key: one for key, one in groups.items() if who in one.patients}
    out_of = out_of if out_of in held else ""
    judged = seat_targets(found.week.board, found.sessions, who, out_of or None)
    into = [
        Choice(
            key,
            said(groups[key], names, found.week_of),
            tuple(one.rule if one.names == (names.get(who),) else str(one) for one in verdicts(broken, names)),
        )
        for key, broken in judged.items()
    ]
    return PickedStudent(
        id=who,
        name=names.get(who, ""),
        out_of=out_of,
        held=tuple(Choice(key, said(one, names, found.week_of), is_here=key == out_of) for key, one in held.items()),
        free=tuple(one for one in into if not one.breaks),
        taken=tuple(one for one in into if one.breaks),
    )
