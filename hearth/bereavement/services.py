"""Recording a death, doing what follows, and taking a mistake back."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.bereavement import rules
from hearth.bereavement.models import Death, Task
from hearth.bereavement.queries import (
    access_task,
    groups_of,
    owners_for,
    relatives_for,
    standing_death_of,
    with_their_next_meeting,
)
from hearth.consent.queries import access_chart
from hearth.people import services as people
from hearth.people.models import Patient, Relationship
from hearth.timetable.accepting import one_at_a_time


class WhyMissing(Exception):
    """Taking it back needs a reason."""


class WasAMistake(Exception):
    """The death was recorded by mistake: nothing is to be done because of it."""


@transaction.atomic
def record_death(
    *, patient: Patient, died_on: date | None, told_by: str, known_how: str, by: User, at: datetime
) -> Death:
    """Everything that one action does: all that is automatic stops, the stay ends, and tasks open for named people.

    Recording it twice changes nothing. Raises PermissionDenied.
    """
    one_at_a_time(by.organisation_id)  # before any row is locked, as whoever changes the week does
    patient = access_chart(
        viewer=by, pk=patient.pk, purpose="TREAT", at=at, to="farewell", lock=True, what="bereavement"
    )
    existing = standing_death_of(patient)
    if existing:
        return existing
    today = at.astimezone(by.organisation.zone).date()
    seats = groups_of(patient, on=today)
    closed = people.note_death(patient=patient, died_on=died_on, by=by, at=at)
    death = Death.objects.create(
        patient=patient,
        died_on=died_on,
        told_by=told_by.strip(),
        known_how=known_how.strip(),
        noted_by=by,
        noted_at=at,
        account_closed=closed,
    )
    groups = with_their_next_meeting(seats, at=at)
    opened = rules.wanted(owners=owners_for(patient, by=by), groups=groups, today=today)
    Task.objects.bulk_create(
        Task(
            death=death,
            kind=one.kind,
            group=one.group,
            session_id=one.session,
            owner_id=one.owner,
            due_on=one.due_on,
        )
        for one in opened
    )
    audit.record("bereavement.death_recorded", by=by, about=death, at=at, tasks=len(opened))
    return death


@transaction.atomic
def do_task(*, task: Task, note: str, by: User, at: datetime, spoken_with: Iterable[Relationship] = ()) -> Task:
    """This is done, and of the family's task with whom. Doing it twice keeps who did it first. Raises WasAMistake."""
    task = _standing(task, by=by, at=at)
    if task.done_at is None:
        task.done_by, task.done_at, task.note = by, at, note.strip()
        task.spoken_with = _of_theirs(task, spoken_with)
        task.save(update_fields=["done_by", "done_at", "note", "spoken_with"])
        audit.record("bereavement.task_done", by=by, about=task, at=at, patient_id=_whose(task), kind=task.kind)
    return task


@transaction.atomic
def say_spoken_with(*, task: Task, spoken_with: Iterable[Relationship], by: User, at: datetime) -> Task:
    """With whom of the family we have spoken by now: these, and nobody else, read of the death. Raises WasAMistake."""
    task = _standing(task, by=by, at=at)
    task.spoken_with = _of_theirs(task, spoken_with)
    task.save(update_fields=["spoken_with"])
    audit.record(
        "bereavement.spoken_with", by=by, about=task, at=at, patient_id=_whose(task), people=len(task.spoken_with)
    )
    return task


@transaction.atomic
def hand_over_task(*, task: Task, owner: User, due_on: date, by: User, at: datetime) -> Task:
    """Somebody else does it, or by another day. Raises WasAMistake."""
    task = _standing(task, by=by, at=at)
    task.owner, task.due_on = owner, due_on
    task.save(update_fields=["owner", "due_on"])
    audit.record("bereavement.task_handed_over", by=by, about=task, at=at, patient_id=_whose(task), owner=str(owner.pk))
    return task


@transaction.atomic
def take_back(*, death: Death, why: str, by: User, at: datetime) -> Death:
    """It was a mistake: they can sign in again, their stay goes on, and they have their turn on the waitlist again.

    Nothing that was stopped is sent, and no hour is given back.

    Raises PermissionDenied, WhyMissing.
    """
    one_at_a_time(by.organisation_id)
    patient = access_chart(
        viewer=by, pk=death.patient_id, purpose="TREAT", at=at, to="farewell", lock=True, what="bereavement"
    )
    if not why.strip():
        raise WhyMissing
    death = Death.objects.select_for_update(of=("self",)).get(pk=death.pk)
    if death.taken_back_at is None:
        death.taken_back_by, death.taken_back_at, death.taken_back_why = by, at, why.strip()
        death.save(update_fields=["taken_back_by", "taken_back_at", "taken_back_why"])
        people.take_back_death(patient=patient, noted_at=death.noted_at, reopen=death.account_closed, by=by, at=at)
        audit.record("bereavement.death_taken_back", by=by, about=death, at=at)
    return death


def _standing(task: Task, *, by: User, at: datetime) -> Task:
    """The task, locked, while its death stands."""
    task = access_task(viewer=by, pk=task.pk, at=at, lock=True)
    if task.death.taken_back_at is not None:
        raise WasAMistake
    return task


def _of_theirs(task: Task, spoken_with: Iterable[Relationship]) -> list[UUID]:
    """These by id, if they are the family of the task's student."""
    asked = [one.pk for one in spoken_with]
    return list(relatives_for(task).filter(pk__in=asked).values_list("pk", flat=True))


def _whose(task: Task) -> UUID:
    return task.death.patient_id
