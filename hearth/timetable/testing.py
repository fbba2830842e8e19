"""Builders of weeks for tests: a program with a room, staff on duty, and students with plans and hours."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from hearth.accounts.models import Site, User
from hearth.admission.models import Episode
from hearth.people.models import Licence, Modality, Patient, Population
from hearth.plan.models import CarePlan
from hearth.program import pack
from hearth.program.models import Program, Room, StaffDuty
from hearth.timetable.models import Availability, Kind, Seat, Section

EVENINGS = [{"day": day, "from": "16:00", "to": "21:00"} for day in range(5)]
WORKDAYS = [{"day": day, "from": "12:00", "to": "21:00"} for day in range(5)]


def make_program(**fields: Any) -> Program:
    """The adult evening program at a site with one room of 14 seats."""
    site = Site.objects.create(name="Pearl Street", state="CO", time_zone="America/Denver")
    Room.objects.create(site=site, name="Oak room", seats=14)
    described = pack.get("adult-evening")
    facts = {"name": "Adult evening", "pack": described.id, "pack_version": described.version}
    return Program.objects.create(**facts | {"population": Population.ADULT, "site": site} | fields)


def put_on_duty(member: User, *, since: date, number: str = "LPC.1", **fields: Any) -> StaffDuty:
    """`member` leads adult groups on weekday afternoons and evenings, licensed in Colorado."""
    Licence.objects.create(
        holder=member, state="CO", discipline="LPC", number=number, during=DateRange(since, date(2030, 1, 1))
    )
    facts: dict[str, Any] = {
        "populations": ["adult"],
        "topics": ["mental_health", "substance_use"],
        "languages": ["en"],
        "hours": WORKDAYS,
        "since": since,
    }
    return StaffDuty.objects.create(member=member, **facts | fields)


def make_episode(patient: Patient, program: Program, *, by: User, at: datetime, **fields: Any) -> Episode:
    """An episode of 14 weeks, begun on the Monday of `at`."""
    day = at.date() - timedelta(days=at.weekday())
    facts: dict[str, Any] = {
        "track": "mental-health",
        "admitted_by": by,
        "admitted_at": at,
        "starts_on": day,
        "planned_end_on": day + timedelta(weeks=14),
    }
    return Episode.objects.create(patient=patient, program=program, **facts | fields)


def make_plan(episode: Episode, *, by: User, at: datetime, dose: dict[str, Any] | None = None) -> CarePlan:
    """The plan of `episode` with the pack's dose."""
    return CarePlan.objects.create(
        episode=episode,
        patient=episode.patient,
        dose=dose or pack.get(episode.program.pack).dose.as_board(),
        weeks=14,
        review_due_on=at.date() + timedelta(days=30),
        made_by=by,
        made_at=at,
    )


def make_hours(patient: Patient, *, by: User, at: datetime, hours: list[dict[str, Any]] | None = None) -> Availability:
    """`patient` can come on weekday evenings, unless told otherwise."""
    return Availability.objects.create(
        patient=patient,
        hours=EVENINGS if hours is None else hours,
        family_hours=[],
        entered_by=by,
        entered_at=at,
    )


def make_section(
    program: Program, facilitator: User, patients: Iterable[Patient], *, on: date, **fields: Any
) -> Section:
    """A group that meets on Tuesdays at 17:30 from the day `on` on, with these students in it."""
    facts: dict[str, Any] = {
        "name": "Evening group",
        "kind": Kind.GROUP,
        "population": program.population,
        "topic": "mental_health",
        "modality": Modality.VIRTUAL,
        "weekday": 1,
        "starts": time(17, 30),
        "minutes": 180,
        "time_zone": "America/Denver",
        "started_on": on,
    }
    section = Section.objects.create(program=program, facilitator=facilitator, **facts | fields)
    for patient in patients:
        Seat.objects.create(section=section, patient=patient, during=DateRange(on, None), modality=section.modality)
    return section
