"""Handing out lessons, and practising them."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.people.queries import access_patient
from hearth.safety.services import read_own_words
from hearth.skills import queries
from hearth.skills.models import Assignment, Practice

WHERE = gettext_noop("It stands in a note on practising, under Skills.")


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
    Assignment.objects.filter(patient=person, lesson=lesson_id, done_at=None, assigned_at__lte=row.practised_at).update(
        done_at=row.practised_at
    )
    audit.record("skills.practised", by=by, about=row, at=at, lesson=lesson_id, shared=is_shared)
    if is_shared:
        read_own_words(
            patient=person, kind="skills.practice", row=row.pk, where=WHERE, words=row.note, by=by, at=at,
            written_at=written_at,
        )  # fmt: skip
    return row
