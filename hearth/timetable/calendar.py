"""Weeks as pictures: sections, places and proposals as the slots that `c-week` draws. Nothing is read here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hearth.people.models import Modality
from hearth.timetable.accepting import name_of
from hearth.timetable.board import Group, Individual, Solution
from hearth.timetable.models import Kind, Section
from hearth.timetable.queries import Place
from hearth.timetable.whole_week import Together
from hearth.timetable.wording import topic_words

TONES: dict[str, str] = {Kind.GROUP: "pine", Kind.SKILLS: "gold", Kind.INDIVIDUAL: "dusk", Kind.FAMILY: "ember"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One box of the week."""

    day: date
    starts: time
    ends: time
    title: str
    note: str
    tone: str
    state: str = ""
    href: str = ""


def days_of(monday: date) -> list[date]:
    """The seven days of a week."""
    return [monday + timedelta(days=number) for number in range(7)]


def slots_of_places(
    places: Iterable[Place], *, closed: Collection[Place] = (), missed: Collection[Place] = ()
) -> list[Slot]:
    """A student's own week; what falls on a `closed` day is called off, and `missed` is what they cannot come to."""
    return [
        Slot(
            day=place.day,
            starts=place.section.starts,
            ends=place.section.ends,
            title=place.section.name,
            note=cannot_come() if place in missed else where(place.section, place.seat.modality),
            tone=TONES[Kind(place.section.kind)],
            state="off" if place in closed else "",
        )
        for place in places
    ]


def cannot_come() -> str:
    """What stands at what a student cannot come to."""
    return _("you said you cannot come")


class Held(Protocol):
    """What has a leader and perhaps a room: a section, or one meeting of it."""

    room: Any  # a Room or None
    facilitator: Any  # a User


def where(held: Held, modality: str) -> str:
    """How and where a student takes part, in words."""
    if modality == Modality.VIRTUAL:
        return _("by video")
    if held.room is not None:
        return f"{held.room.name}, {held.room.site.name}"
    return _("in person, with %(name)s") % {"name": held.facilitator.name}


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the staff's week shows of one section or one proposed session. `line` stands for it among others."""

    weekday: int
    starts: time
    ends: time
    kind: str
    title: str
    note: str
    line: str
    is_new: bool = False


def slots_of_sections(sections: Iterable[Section], monday: date, *, one_by_one: bool) -> list[Slot]:
    """The staff's week. What meets at the same time is one box, unless `one_by_one`."""
    return _boxes([_meeting_of(section) for section in sections], monday, one_by_one=one_by_one)


def slots_of_counts(together: Iterable[Together], monday: date) -> list[Slot]:
    """The staff's week when too much meets to name it: one box for all of a kind at a time."""
    return [
        Slot(
            day=monday + timedelta(days=one.weekday),
            starts=one.starts,
            ends=_time(one.starts.hour * 60 + one.starts.minute + one.minutes),
            title=f"{_short(one.kind)} ×{one.sections}" if one.sections > 1 else _short(one.kind),
            note=ngettext("%(n)s person", "%(n)s people", one.people) % {"n": one.people},
            tone=TONES[Kind(one.kind)],
        )
        for one in together
    ]


def _meeting_of(section: Section) -> Meeting:
    held = section.held  # type: ignore[attr-defined]  # set by whole_week
    times = (section.weekday, section.starts, section.ends, section.kind)
    leader = section.facilitator.first_name
    if not section.is_group:
        name = held[0].patient.short_name
        return Meeting(*times, f"{_short(section.kind)}: {name}", section.facilitator.name, name)
    place = section.room.name if section.room else section.get_modality_display()
    count = _count(len(held), section.capacity)
    line = f"{_about(section.kind, section.topic)} {len(held)}, {leader}"
    return Meeting(*times, section.name, f"{count} · {place} · {leader}", line)


def slots_of_solution(
    current: Solution, solution: Solution, monday: date, names: Mapping[str, str], *, capacity: int, only_new: bool
) -> list[Slot]:
    """A proposed week; what does not stand in `current` is new, and with `only_new` the rest is left out."""
    standing = {_when(group) for group in current.groups}
    meetings = []
    for group in solution.groups:
        leader, place = names.get(group.staff, "").split(" ")[0], names.get(group.room or "", "") or _("by video")
        note = f"{_count(len(group.patients), capacity)} · {place} · {leader}"
        line = f"{_about(group.kind, group.topic or '')} {len(group.patients)}, {leader}"
        is_new = _when(group) not in standing
        meetings.append(Meeting(*_times(group), name_of(group, names), note, line, is_new))
    for one in solution.individual:
        person, is_new = names.get(one.patient, "").split(" ")[0], one not in set(current.individual)
        title = f"{_short(one.kind)}: {person}"
        meetings.append(Meeting(*_times(one), title, names.get(one.staff, ""), person, is_new))
    shown = [one for one in meetings if one.is_new or not only_new]
    return _boxes(shown, monday, one_by_one=False)


def _times(session: Group | Individual) -> tuple[int, time, time, str]:
    return session.day, _time(session.start), _time(session.start + session.minutes), session.kind


def _boxes(meetings: Iterable[Meeting], monday: date, *, one_by_one: bool) -> list[Slot]:
    together: dict[tuple[object, ...], list[Meeting]] = defaultdict(list)
    for number, one in enumerate(meetings):
        key = (one.weekday, one.starts, one.ends, one.kind)
        together[(*key, number) if one_by_one else key].append(one)
    found = []
    for alike in together.values():
        one, many = alike[0], len(alike) > 1
        title = f"{_short(one.kind)} ×{len(alike)}" if many else one.title
        note = " · ".join(sorted(each.line for each in alike)) if many else one.note
        state = "new" if any(each.is_new for each in alike) else ""
        day = monday + timedelta(days=one.weekday)
        found.append(Slot(day, one.starts, one.ends, title, note, TONES[Kind(one.kind)], state))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """What begins at one time of the day, on each of the days shown."""

    starts: time
    cells: list[list[Slot]]


def rows_by_start(days: Sequence[date], slots: Iterable[Slot]) -> list[Row]:
    """A full week as a table: where much meets at once, boxes as tall as they last would be too narrow to read."""
    at: dict[time, dict[date, list[Slot]]] = defaultdict(lambda: defaultdict(list))
    for slot in slots:
        at[slot.starts][slot.day].append(slot)
    return [Row(starts, [at[starts][day] for day in days]) for starts in sorted(at)]


def shown_days(monday: date, slots: Iterable[Slot]) -> list[date]:
    """Monday to Friday, and the weekend as far as something lies on it."""
    last = max((slot.day for slot in slots), default=monday)
    return [day for day in days_of(monday) if day <= max(last, monday + timedelta(days=4))]


def first_hour(slots: Iterable[Slot]) -> int:
    """The hour at which the picture of these slots begins."""
    return min((slot.starts.hour for slot in slots), default=9)


def _count(people: int, most: int) -> str:
    return _("%(people)s of %(most)s") % {"people": people, "most": most}


def _about(kind: str, topic: str) -> str:
    return topic_words(topic) if kind == Kind.GROUP else _("skills")


def _when(group: Group) -> tuple[object, ...]:
    return group.kind, group.day, group.start, group.minutes, group.staff


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _short(kind: str) -> str:
    words = {Kind.GROUP: _("Group"), Kind.SKILLS: _("Skills"), Kind.INDIVIDUAL: _("1:1"), Kind.FAMILY: _("Family")}
    return words[Kind(kind)]
