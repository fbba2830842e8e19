"""Tiny boards for the timetable's tests: people named in one line, everything else a plain default."""

from dataclasses import replace

from hearth.timetable.board import Board, Dose, Group, Individual, Part, Patient, Room, Solution, Span, Staff

MORNING, EVENING = 9 * 60, 18 * 60
NONE = Part(0, 60)


def hours(*days: int, start: int = 8 * 60, end: int = 21 * 60) -> tuple[Span, ...]:
    return tuple(Span(day, start, end) for day in days)


def dose(
    *, group: int = 0, skills: int = 0, individual: int = 0, family: int = 0, days: int = 3, per_day: int = 1
) -> Dose:
    return Dose(Part(group, 180), Part(skills, 90), Part(individual, 60), Part(family, 60), per_day, days)


def patient(name: str, **changes) -> Patient:
    plain = Patient(
        name, "adult", ("grief",), ("en",), "in_person", "CO", hours(0, 1, 2), hours(0), "dana", dose(group=1)
    )
    return replace(plain, **changes)


def staff(name: str = "dana", **changes) -> Staff:
    plain = Staff(name, ("adult",), ("grief",), ("en",), ("CO",), hours(0, 1, 2, 3, 4), 1800, 300)
    return replace(plain, **changes)


def board(*patients: Patient, team: tuple[Staff, ...] | None = None, **changes) -> Board:
    plain = Board(12, 2, (Room("oak", 14),), team if team is not None else (staff(),), patients)
    return replace(plain, **changes)


def group(*people: str, **changes) -> Group:
    plain = Group("group", "adult", "grief", "en", "in_person", 0, MORNING, 180, "dana", "oak", people)
    return replace(plain, **changes)


def individual(who: str, **changes) -> Individual:
    return replace(Individual("individual", who, "dana", "in_person", 1, MORNING, 60), **changes)


def solution(*sessions: Group | Individual, unmet_bound: int = 0) -> Solution:
    groups = tuple(one for one in sessions if isinstance(one, Group))
    return Solution(groups, tuple(one for one in sessions if isinstance(one, Individual)), unmet_bound)
