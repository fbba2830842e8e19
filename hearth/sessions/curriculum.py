"""What a session could be about, as the curriculum of its students' programs has it. The caller has passed a door."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from hearth.admission.models import Episode
from hearth.sessions.models import Session
from hearth.sessions.queries import zone_of
from hearth.sessions.rules.topics import About, Place, Stay, about, subjects
from hearth.timetable.models import Kind, Seat


def stays_of(patients: Collection[UUID]) -> dict[UUID, Stay]:
    """The active stays of these patients, with their seats in groups. Two queries."""
    rows = Episode.objects.active().filter(patient__in=patients).select_related("program")
    seats = Seat.objects.filter(patient__in=patients, section__kind__in=(Kind.GROUP, Kind.SKILLS))
    places: defaultdict[UUID, list[Place]] = defaultdict(list)
    for patient, kind, weekday, during in seats.values_list("patient", "section__kind", "section__weekday", "during"):
        places[patient].append(Place(kind, weekday, during))
    return {
        row.patient_id: Stay(
            row.program.pack, row.track, row.starts_on, row.planned_end_on, tuple(places[row.patient_id])
        )
        for row in rows
    }


def subjects_of(session: Session) -> list[About]:
    """Everything the curriculum has for this kind of session, that of its week first. Three queries."""
    patients = list(session.roster.values_list("patient", flat=True))
    day = session.starts_at.astimezone(zone_of(session)).date()
    language = session.section.language if session.section else session.facilitator.language
    return subjects(session.kind, list(stays_of(patients).values()), on=day, language=language)


def lesson_of(session: Session, topic: str) -> str:
    """The lesson that a topic of the curriculum brings with it; "" for a topic of one's own. Three queries."""
    return next((one.lesson for one in subjects_of(session) if one.topic == topic), "")


def about_that_week(kind: str, patients: Collection[UUID], *, on: date, language: str) -> About:
    """What the curriculum has for these students in the week of this day. Two queries."""
    return about(kind, list(stays_of(patients).values()), on=on, language=language)
