"""Weeks as pictures: sections, places and proposals as the slots that `c-week` draws. Nothing is read here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hearth.people.models import Modality
from hearth.timetable.accepting import name_of
from hearth.timetable.board import Board, Group, Individual, Solution
from hearth.timetable.figures import seats
from hearth.timetable.models import Kind, Section
from hearth.timetable.queries import Place
from hearth.timetable.week import DAYS

TONES = {Kind.GROUP: "pine", Kind.SKILLS: "gold", Kind.INDIVIDUAL: "dusk", Kind.FAMILY: "ember"}


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


@dataclass(frozen=True, slots=True)
class Filter:
    """Which part of the week is looked at; empty shows all of it."""

    program: str = ""
    staff: str = ""
    room: str = ""

    def shows(self, section: Section) -> bool:
        """Whether this section is looked at."""
        asked = ((self.program, section.program_id), (self.staff, section.facilitator_id), (self.room, section.room_id))
        return all(not wanted or wanted == str(found or "") for wanted, found in asked)


def days_of(monday: date) -> list[date]:
    """The seven days of a week."""
    return [monday + timedelta(days=number) for number in range(7)]


def slots_of_places(places: Iterable[Place]) -> list[Slot]:
    """A student's own week."""
    return [
        Slot(
            day=place.day,
            starts=place.section.starts,
            ends=place.section.ends,
            title=place.section.name,
            note=where(place.section, place.seat.modality),
            tone=TONES[Kind(place.section.kind)],
        )
        for place in places
    ]


def where(section: Section, modality: str) -> str:
    """How and where a student takes part, in words."""
    if modality == Modality.VIRTUAL:
        return _("by video")
    if section.room is not None:
        return f"{section.room.name}, {section.room.site.name}"
    return _("in person, with %(name)s") % {"name": section.facilitator.name}


def slots_of_sections(sections: Iterable[Section], monday: date, *, one_by_one: bool) -> list[Slot]:
    """The staff's week. Individual hours at the same time are one box, unless `one_by_one`."""
    found, together = [], defaultdict(list)
    for section in sections:
        if section.is_group or one_by_one:
            found.append(_slot_of(section, monday))
        else:
            together[section.weekday, section.starts, section.ends, section.kind].append(section)
    for (weekday, starts, ends, kind), alike in together.items():
        title = f"{_short(kind)} ×{len(alike)}" if len(alike) > 1 else _short(kind)
        day = monday + timedelta(days=weekday)
        found.append(Slot(day, starts, ends, title, _names(one.facilitator.first_name for one in alike), _tone(kind)))
    return found


def _slot_of(section: Section, monday: date) -> Slot:
    held = section.held  # type: ignore[attr-defined]  # set by queries.sections_of_week
    if section.is_group:
        place = section.room.name if section.room else section.get_modality_display()
        count = _("%(people)s of %(most)s") % {"people": len(held), "most": section.capacity}
        note = f"{count} · {place} · {section.facilitator.first_name}"
        title = section.name
    else:
        note, title = section.facilitator.name, f"{_short(section.kind)}: {held[0].patient.short_name}"
    return Slot(section.day_in(monday), section.starts, section.ends, title, note, _tone(section.kind))


def slots_of_solution(board: Board, solution: Solution, monday: date, names: Mapping[str, str]) -> list[Slot]:
    """A proposed week; what does not stand now is new."""
    current = board.current or Solution()
    standing = {_when(group) for group in current.groups}
    found = []
    for group in solution.groups:
        place = names.get(group.room or "", "") or _("by video")
        count = _("%(people)s of %(most)s") % {"people": len(group.patients), "most": board.capacity}
        found.append(
            Slot(
                day=monday + timedelta(days=group.day),
                starts=_time(group.start),
                ends=_time(group.start + group.minutes),
                title=name_of(group, names),
                note=f"{count} · {place} · {names.get(group.staff, '').split(' ')[0]}",
                tone=_tone(group.kind),
                state="" if _when(group) in standing else "new",
            )
        )
    return found + _ones(solution.individual, set(current.individual), monday, names)


def _ones(ones: Iterable[Individual], standing: set[Individual], monday: date, names: Mapping[str, str]) -> list[Slot]:
    together: dict[tuple[int, int, int, str], list[Individual]] = defaultdict(list)
    for one in ones:
        together[one.day, one.start, one.minutes, one.kind].append(one)
    found = []
    for (day, start, minutes, kind), alike in together.items():
        title = f"{_short(kind)} ×{len(alike)}" if len(alike) > 1 else _short(kind)
        people = _names(names.get(one.patient, "").split(" ")[0] for one in alike)
        state = "" if all(one in standing for one in alike) else "new"
        day_of = monday + timedelta(days=day)
        found.append(Slot(day_of, _time(start), _time(start + minutes), title, people, _tone(kind), state))
    return found


def _when(group: Group) -> tuple[object, ...]:
    return group.kind, group.day, group.start, group.minutes, group.staff


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _tone(kind: str) -> str:
    return TONES[Kind(kind)]


def _short(kind: str) -> str:
    return _("Family") if kind == Kind.FAMILY else _("1:1")


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


@dataclass(frozen=True, slots=True)
class Move:
    """Someone whose week would change: what they give up and what they get, in words."""

    name: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def moves(board: Board, solution: Solution, names: Mapping[str, str]) -> list[Move]:
    """Everyone who had places and would lose one, by name."""
    before = seats(board.current) if board.current else set()
    after = seats(solution)
    found = []
    for patient in board.patients:
        gone = sorted((seat for seat in before - after if seat[0] == patient.id), key=lambda seat: seat[2:4])
        new = sorted((seat for seat in after - before if seat[0] == patient.id), key=lambda seat: seat[2:4])
        if gone:
            words = (tuple(map(_said, gone)), tuple(map(_said, new)))
            found.append(Move(names.get(patient.id, ""), *words))
    return sorted(found, key=lambda move: move.name)


def _said(seat: tuple[str, str, int, int, str, str]) -> str:
    when = f"{_(DAYS[seat[2]])} {_time(seat[3]):%H:%M}"
    return f"{Kind(seat[1]).label}, {when}"


def why(board: Board, solution: Solution, figures: Mapping[str, float]) -> list[str]:
    """What speaks for this week, in sentences."""
    standing = {_when(group) for group in board.current.groups} if board.current else set()
    opened = sum(_when(group) not in standing for group in solution.groups)
    before = len(seats(board.current)) if board.current else 0
    found = []
    if before:
        kept = before - int(figures["moved"]) - int(figures["hit"])
        found.append(_("%(kept)s of %(before)s places stay exactly as they are.") % {"kept": kept, "before": before})
    if opened:
        found.append(ngettext("%(n)s group begins anew.", "%(n)s groups begin anew.", opened) % {"n": opened})
    full = round(figures["full_dose_share"] * len(board.patients))
    found.append(_("%(full)s of %(all)s people get all of their plan.") % {"full": full, "all": len(board.patients)})
    found.append(_("Groups hold %(mean)s people on average.") % {"mean": f"{figures['mean_group']:g}"})
    found.append(_("Every rule holds: hours, licenses, rooms, group sizes and breaks."))
    return found


def choices_of(sections: Sequence[Section]) -> dict[str, list[tuple[str, str]]]:
    """What the week can be filtered by: programs, staff and rooms that are in it."""
    programs = {str(one.program_id): one.program.name for one in sections if one.program}
    staff = {str(one.facilitator_id): one.facilitator.name for one in sections}
    rooms = {str(one.room_id): one.room.name for one in sections if one.room}
    kinds = {"program": programs, "staff": staff, "room": rooms}
    return {kind: sorted(found.items(), key=lambda item: item[1]) for kind, found in kinds.items()}
