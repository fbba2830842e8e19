"""What meets in one week, for staff: every section while they are few or a part is asked for, else counted together."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count, DateField, F, Func, Prefetch, Q, Value

from hearth.accounts.models import User
from hearth.program.models import Program, Room
from hearth.timetable.models import Kind, Seat, Section, SectionQuerySet
from hearth.timetable.queries import PLANNERS, READERS

ONE_BY_ONE = 240
"""Sections that are still shown with names; a week of more is counted until a program, person or room is chosen."""

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the week is looked at, by id; empty shows all of it."""

    program: str = ""
    staff: str = ""
    room: str = ""

    def __bool__(self) -> bool:
        return bool(self.program or self.staff or self.room)


@dataclass(frozen=True, slots=True)
class Together:
    """Everything of one kind that meets at the same time: how many sections, and people in them."""

    weekday: int
    starts: time
    minutes: int
    kind: str
    sections: int
    people: int


SHOWN = (
    "name", "kind", "topic", "modality", "weekday", "starts", "minutes", "capacity", "facilitator__name", "room__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WholeWeek:
    """One week as staff see it: `sections` with their `held` seats, or `together` where there are too many."""

    sections: list[Section] = field(default_factory=list)
    together: list[Together] = field(default_factory=list)
    choices: dict[str, list[Choice]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.sections or self.together)


def whole_week(*, viewer: User, monday: date, part: Part) -> WholeWeek:
    """What meets in the week of `monday`: every group, and the individual hours `viewer` leads or plans."""
    if not viewer.has_any(READERS):
        raise PermissionDenied
    rows = _meeting_in(monday)
    if not viewer.has_any(PLANNERS):
        rows = rows.filter(Q(kind__in=[Kind.GROUP, Kind.SKILLS]) | Q(facilitator=viewer))
    choices = _choices(rows)
    rows = _only(rows, part)
    if not part and rows.order_by().count() > ONE_BY_ONE:
        return WholeWeek(together=_together(rows), choices=choices)
    return WholeWeek(sections=_sections(rows, monday), choices=choices)


def _meeting_in(monday: date) -> SectionQuerySet:
    """The sections that meet on their day in the week of `monday` (`day`), with somebody in them."""
    rows: SectionQuerySet = Section.objects.within_week(monday).annotate(
        day=Func(Value(monday), F("weekday"), arg_joiner=" + ", template="(%(expressions)s)", output_field=DateField())
    )
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=F("day")), started_on__lte=F("day"))


def _only(rows: SectionQuerySet, part: Part) -> SectionQuerySet:
    asked = {"program": part.program, "facilitator": part.staff, "room": part.room}
    return rows.filter(**{name: pk for name, pk in asked.items() if pk})


def _together(rows: SectionQuerySet) -> list[Together]:
    found = (
        rows.filter(seats__during__contains=F("day"))
        .values_list("weekday", "starts", "minutes", "kind")
        .annotate(sections=Count("pk", distinct=True), people=Count("seats"))
        .order_by("weekday", "starts", "kind", "minutes")
    )
    return [Together(*row) for row in found]


def _sections(rows: SectionQuerySet, monday: date) -> list[Section]:
    found = []
    seats = Seat.objects.filter(during__overlap=(monday, monday + timedelta(days=7))).select_related("patient")
    held_then = Prefetch("seats", seats.only("section", "during", "patient__chosen_name", "patient__family_name"))
    rows = rows.select_related("facilitator", "room").only(*SHOWN).order_by("weekday", "starts", "name", "pk")
    for section in rows.prefetch_related(held_then):
        held = [seat for seat in section.seats.all() if seat.is_held_on(section.day_in(monday))]
        if held:
            section.held = held  # type: ignore[attr-defined]
            found.append(section)
    return found


def _choices(rows: SectionQuerySet) -> dict[str, list[Choice]]:
    """What the week can be narrowed to: programs, staff and rooms that are in it, by name."""
    staff = User.objects.filter(pk__in=rows.order_by().values("facilitator")).order_by("name")
    programs = Program.objects.filter(pk__in=rows.order_by().values("program")).order_by("name")
    rooms = Room.objects.filter(pk__in=rows.order_by().values("room")).order_by("name")
    return {
        "program": [(str(pk), name) for pk, name in programs.values_list("pk", "name")],
        "staff": [(str(pk), name) for pk, name in staff.values_list("pk", "name")],
        "room": [(str(pk), name) for pk, name in rooms.values_list("pk", "name")],
    }
