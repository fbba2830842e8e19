"""What a session could be about, as the curriculum of its students' programs has it. The caller has passed a door."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from hearth.admission.models import Episode
from hearth.sessions.models import Session
from hearth.sessions.queries import zone_of
from hearth.sessions.rules.topics import About, Stay, about, subjects


def stays_of(patients: Collection[UUID]) -> dict[UUID, Stay]:
    """The active stays of these patients. One query."""
    rows = Episode.objects.active().filter(patient__in=patients).select_related("program")
    return {row.patient_id: Stay(row.program.pack, row.track, row.starts_on, row.planned_end_on) for row in rows}


def subjects_of(session: Session) -> list[About]:
    """Everything the curriculum has for this kind of session, that of its week first. Two queries."""
    patients = list(session.roster.values_list("patient", flat=True))
    day = session.starts_at.astimezone(zone_of(session)).date()
    language = session.section.language if session.section else session.facilitator.language
    return subjects(session.kind, list(stays_of(patients).values()), on=day, language=language)


def about_that_week(kind: str, patients: Collection[UUID], *, on: date, language: str) -> About:
    """What the curriculum has for these students in the week of this day. One query."""
    return about(kind, list(stays_of(patients).values()), on=on, language=language)
