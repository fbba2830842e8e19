"""Writes to people."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.people.models import CareTeamMember, Patient, Population, Relationship
from hearth.people.queries import access_patient

ADULT_FROM = 18  # years; who is in an adolescent program is decided at admission


def population_of(birth_date: date, *, on: date) -> Population:
    """Adolescent below 18 years on the day `on`, else adult."""
    age = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    return Population.ADULT if age >= ADULT_FROM else Population.ADOLESCENT


@transaction.atomic
def register_patient(*, by: User, at: datetime, **facts: Any) -> Patient:
    """Open a chart: `facts` are the fields of Patient; the population follows from the birth date."""
    facts.setdefault("population", population_of(facts["birth_date"], on=at.date()))
    patient = Patient.objects.create(joined_at=at, **facts)
    audit.record("people.patient_registered", by=by, about=patient, at=at)
    return patient


@transaction.atomic
def join_care_team(
    *, patient: Patient, member: User, role: Role, by: User, at: datetime, primary: bool = False
) -> CareTeamMember:
    """Put `member` on the care team; a new primary counselor takes over from the one before."""
    access_patient(viewer=by, pk=patient.pk, to="change", lock=True)
    today = at.astimezone(member.zone).date()
    if primary:
        CareTeamMember.objects.current().filter(patient=patient, is_primary=True).update(until=today)
    row, _ = CareTeamMember.objects.update_or_create(
        patient=patient,
        member=member,
        role=role,
        until=None,
        defaults={"is_primary": primary},
        create_defaults={"is_primary": primary, "since": today},
    )
    audit.record("people.care_team_joined", by=by, about=row, at=at, member=str(member.pk), primary=primary)
    return row


@transaction.atomic
def relate(
    *, patient: Patient, person: User, kind: Relationship.Kind, by: User, at: datetime, is_guardian: bool = False
) -> Relationship:
    """Write down that `person` is family of `patient`."""
    access_patient(viewer=by, pk=patient.pk, to="change")
    row, _ = Relationship.objects.get_or_create(
        patient=patient, person=person, defaults={"kind": kind, "is_guardian": is_guardian}
    )
    audit.record("people.related", by=by, about=row, at=at, kind=kind)
    return row
