"""Builders of the strand for painful events, for tests and the demo."""

from datetime import date, datetime, timedelta

from hearth.accounts.models import User
from hearth.people.models import Patient
from hearth.sessions.models import Attendance, Session
from hearth.sessions.testing import make_session
from hearth.timetable.models import Kind
from hearth.trauma import services
from hearth.trauma.models import Training
from hearth.trauma.texts import choice_text, lines_for


def make_training(holder: User, *, seen_by: User, at: datetime, method: str = "written-exposure") -> Training:
    """A training on file, whose proof `seen_by` saw."""
    return services.record_training(
        holder_pk=holder.pk,
        method=method,
        trained_where="Front Range Trauma Institute",
        trained_on=date(2024, 5, 17),
        by=seen_by,
        at=at,
    )


def offer_and_choose(patient: Patient, *, by: User, at: datetime, what: str = "work") -> None:
    """A counselor talked with them, and they chose on their own screen."""
    assert patient.user
    services.offer_choice(patient_pk=patient.pk, by=by, at=at)
    services.choose(what=what, digest=choice_text("en").digest, by=patient.user, at=at + timedelta(minutes=1))


def agree_and_sign(patient: Patient, *, by: User, at: datetime, signal: str = "My hand flat on the table") -> None:
    """A stop signal, and a checklist on which every line holds."""
    services.say_signal(patient_pk=patient.pk, words=signal, by=by, at=at)
    holds = {line.id: "yes" for line in lines_for(is_minor=True)}
    services.sign_readiness(patient_pk=patient.pk, holds=holds, said={}, begins=True, words="", by=by, at=at)


def make_individual_session(leader: User, patient: Patient, *, starts_at: datetime) -> Session:
    """An hour alone with `patient`, who is here."""
    session = make_session(
        leader,
        patient,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        kind=Kind.INDIVIDUAL,
        name="Individual session",
    )
    session.roster.update(status=Attendance.Status.PRESENT, arrived_at=starts_at)
    return session
