"""Handing out lessons, practising, and looking at thoughts."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.people.queries import access_patient
from hearth.skills import queries
from hearth.skills.models import Assignment, Practice, ThoughtRecord
from hearth.skills.rules import Feeling


class UnknownLesson(LookupError):
    """The student's program has no such lesson."""


@transaction.atomic
def assign_lesson(*, patient: Patient, lesson_id: str, due_on: date, by: User, at: datetime) -> Assignment:
    """Hand this lesson to `patient`. Handed out again before it is done, only the day changes. Raises UnknownLesson."""
    person = access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to="change", lock=True, what="skills")
    if queries.lesson_for(person, lesson_id, "en") is None:
        raise UnknownLesson(lesson_id)
    row, _is_new = Assignment.objects.update_or_create(
        patient=person,
        lesson=lesson_id,
        done_at=None,
        defaults={"due_on": due_on, "assigned_by": by, "assigned_at": at},
    )
    audit.record("skills.lesson_assigned", by=by, about=row, at=at, lesson=lesson_id)
    return row


@transaction.atomic
def practise(
    *,
    patient: Patient,
    lesson_id: str,
    by: User,
    at: datetime,
    written_at: datetime | None = None,
    before: int | None = None,
    after: int | None = None,
    note: str = "",
    is_shared: bool = False,
    token: UUID | None = None,
) -> Practice:
    """Write down that the student practised; what was handed out of this lesson by then is done. Raises UnknownLesson.

    `written_at` is when they wrote it, if that was before `at`, when it reached us.
    """
    person = access_patient(viewer=by, pk=patient.pk, to="own", lock=True)
    if token and (stored := Practice.objects.filter(form_token=token, patient=person).first()):
        return stored
    if queries.lesson_for(person, lesson_id, "en") is None:
        raise UnknownLesson(lesson_id)
    row = Practice.objects.create(
        patient=person,
        lesson=lesson_id,
        before=before,
        after=after,
        note=note.strip(),
        is_shared=is_shared,
        practised_at=written_at or at,
        form_token=token,
    )
    Assignment.objects.filter(
        patient=person, lesson=lesson_id, done_at=None, assigned_at__lte=row.practised_at
    ).update(done_at=row.practised_at)
    audit.record("skills.practised", by=by, about=row, at=at, lesson=lesson_id, shared=is_shared)
    return row


@transaction.atomic
def keep_thought_record(
    *,
    patient: Patient,
    words: dict[str, str],
    feelings: Sequence[Feeling],
    is_shared: bool,
    by: User,
    at: datetime,
    record: ThoughtRecord | None = None,
    token: UUID | None = None,
) -> ThoughtRecord:
    """Keep a new thought record, or the changes to `record`.

    `words` holds situation, thought, evidence_for, evidence_against and balanced. Only the student writes here.
    """
    person = access_patient(viewer=by, pk=patient.pk, to="own", lock=True)
    values: dict[str, Any] = {
        **{name: text.strip() for name, text in words.items()},
        "feelings": [asdict(feeling) for feeling in feelings],
        "is_shared": is_shared,
        "changed_at": at,
    }
    if record is not None:
        row = queries.own_thought_record(viewer=by, pk=record.pk)
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        audit.record("skills.thought_record_changed", by=by, about=row, at=at, shared=is_shared)
        return row
    if token and (stored := ThoughtRecord.objects.filter(form_token=token, patient=person).first()):
        return stored
    row = ThoughtRecord.objects.create(patient=person, written_at=at, form_token=token, **values)
    audit.record("skills.thought_record_kept", by=by, about=row, at=at, shared=is_shared)
    return row


@transaction.atomic
def share_thought_record(*, record: ThoughtRecord, is_shared: bool, by: User, at: datetime) -> ThoughtRecord:
    """Let the care team read this record, or no longer."""
    row = queries.own_thought_record(viewer=by, pk=record.pk)
    row.is_shared = is_shared
    row.save(update_fields=["is_shared"])
    audit.record(
        "skills.thought_record_shared" if is_shared else "skills.thought_record_closed", by=by, about=row, at=at
    )
    return row


@transaction.atomic
def delete_thought_record(*, record: ThoughtRecord, by: User, at: datetime) -> None:
    """Take this record away for good."""
    row = queries.own_thought_record(viewer=by, pk=record.pk)
    audit.record("skills.thought_record_deleted", by=by, about=row, at=at)
    row.delete()
