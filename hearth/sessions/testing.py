"""Builders of sections, seats, episodes and sessions for tests and the demo."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hearth.accounts.models import Site, User
from hearth.admission.models import Episode
from hearth.people.models import Licence, Modality, Patient, Population
from hearth.plan.models import CarePlan, Goal, Problem
from hearth.program.models import Program, Room
from hearth.sessions import services
from hearth.sessions.models import Attendance, Session
from hearth.sessions.rules.whereabouts import Address
from hearth.timetable.models import Kind, Seat, Section

ADULT_DOSE: dict[str, Any] = {
    "group": {"count": 3, "minutes": 180, "per_day": 1},
    "skills": {"count": 1, "minutes": 60},
    "individual": {"count": 1, "minutes": 60},
    "family": {"count": 0, "minutes": 0},
    "days": 3,
}


def make_room(name: str = "Lounge") -> Room:
    """A room at the Denver site."""
    site, _ = Site.objects.get_or_create(
        name="Denver", defaults={"street": "1420 Larimer Street", "city": "Denver", "state": "CO"}
    )
    room, _ = Room.objects.get_or_create(site=site, name=name, defaults={"seats": 14})
    return room


def make_episode(patient: Patient, *, by: User, starts_on: date, weeks: int = 14) -> Episode:
    """An episode with a signed plan of eleven hours a week, two goals and one problem."""
    at = datetime.combine(starts_on, time(9), by.zone)
    program, _ = Program.objects.get_or_create(
        name="Adult evening", defaults={"pack": "adult-evening", "pack_version": "1", "population": Population.ADULT}
    )
    episode = Episode.objects.create(
        patient=patient,
        program=program,
        track="co-occurring",
        admitted_by=by,
        admitted_at=at,
        starts_on=starts_on,
        planned_end_on=starts_on + timedelta(weeks=weeks),
    )
    CarePlan.objects.create(
        episode=episode,
        patient=patient,
        dose=ADULT_DOSE,
        weeks=weeks,
        review_due_on=starts_on + timedelta(days=30),
        made_by=by,
        made_at=at,
        signed_by=by,
        signed_at=at,
    )
    for number, words in ((1, "Sleep and get up"), (2, "Evenings without drinking")):
        Goal.objects.create(episode=episode, patient=patient, number=number, words=words, agreed_at=at, changed_at=at)
    Problem.objects.create(
        episode=episode,
        patient=patient,
        text="Alcohol use disorder, moderate",
        code="F10.20",
        is_primary=True,
        noted_at=at,
    )
    return episode


def make_section(facilitator: User, *patients: Patient, since: date, **fields: Any) -> Section:
    """The evening group on Tuesdays from 17:30 to 20:30 in Denver, with a seat for each of `patients`."""
    facts: dict[str, Any] = {
        "name": "Evening group",
        "kind": Kind.GROUP,
        "population": Population.ADULT,
        "modality": Modality.IN_PERSON,
        "weekday": 1,
        "starts": time(17, 30),
        "minutes": 180,
        "time_zone": "America/Denver",
        "started_on": since,
    } | fields
    section = Section.objects.create(facilitator=facilitator, **facts)
    for patient in patients:
        Seat.objects.create(section=section, patient=patient, during=(since, None), modality=section.modality)
    return section


def make_session(facilitator: User, *patients: Patient, starts_at: datetime, **fields: Any) -> Session:
    """One meeting of three hours with everyone of `patients` expected."""
    facts: dict[str, Any] = {
        "name": "Evening group",
        "kind": Kind.GROUP,
        "modality": Modality.IN_PERSON,
        "ends_at": starts_at + timedelta(hours=3),
    } | fields
    session = Session.objects.create(facilitator=facilitator, starts_at=starts_at, **facts)
    for patient in patients:
        Attendance.objects.create(session=session, patient=patient, modality=session.modality)
    return session


def say_where(session: Session, *patients: Patient, at: datetime) -> None:
    """These are at home in Denver, where the facilitator is licensed: their way in by video is open."""
    years = (date(2020, 1, 1), None)
    Licence.objects.get_or_create(
        holder=session.facilitator, state="CO", discipline="LPC", number="1", defaults={"during": years}
    )
    home = Address("14 Elm Street", "Denver", "CO", "80203")
    for row in session.roster.filter(patient__in=patients).select_related("patient__user"):
        assert row.patient.user
        services.confirm_place(attendance=row, address=home, by=row.patient.user, at=at)
