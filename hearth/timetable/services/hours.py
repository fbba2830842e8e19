"""Writing down when somebody could come, and what a guardian suggests."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.people.queries import access_patient
from hearth.safety.services import read_own_words
from hearth.timetable import hours
from hearth.timetable.board import Span
from hearth.timetable.models import Availability, SuggestedHours
from hearth.timetable.one_offs import Dates
from hearth.timetable.queries import access_family, hours_of
from hearth.timetable.services.one_offs import say_cannot_come

WHERE = gettext_noop("It stands beside the hours at which they could come.")


@transaction.atomic
def give_hours(
    *,
    patient: Patient,
    spans: tuple[Span, ...],
    family: tuple[Span, ...],
    by: User,
    at: datetime,
    best: tuple[Span, ...] = (),
    dates: Iterable[Dates] = (),
    note: str = "",
    suggestion: SuggestedHours | None = None,
) -> Availability:
    """Write down when this student (and their family) could come; the newest counts.

    `best` are those hours that suit best: a wish, which binds nobody. `dates` are days on which they cannot come.
    `suggestion` is what a guardian suggested and these hours are made from.
    """
    own = patient.user_id == by.pk
    access_patient(viewer=by, pk=patient.pk, to="own" if own else "change", lock=True)
    before = hours_of(patient)
    row = Availability.objects.create(
        patient=patient,
        hours=hours.as_json(spans, best),
        family_hours=hours.as_json(family),
        note=note,
        entered_by=by,
        entered_at=at,
    )
    audit.record("timetable.hours_given", by=by, about=row, at=at, minutes=hours.minutes_in(spans))
    read_own_words(
        patient=patient, kind="timetable.hours", row=row.pk, where=WHERE, words=note,
        before=before.note if before else "", by=by, at=at,
    )  # fmt: skip
    say_cannot_come(patient=patient, dates=dates, by=by, at=at)
    if suggestion is not None:
        decide_suggestion(suggestion=suggestion, is_taken=True, by=by, at=at)
    return row


@transaction.atomic
def give_family_hours(*, patient: Patient, family: tuple[Span, ...], by: User, at: datetime) -> Availability:
    """A family member writes down when the family could come; the student's own hours stay. Raises PermissionDenied."""
    access_family(viewer=by, patient=patient.pk, at=at)
    access_patient(viewer=by, pk=patient.pk, lock=True)
    before = hours_of(patient)
    row = Availability.objects.create(
        patient=patient,
        hours=before.hours if before else [],
        family_hours=hours.as_json(family),
        note=before.note if before else "",
        entered_by=by,
        entered_at=at,
    )
    audit.record("timetable.family_hours_given", by=by, about=row, at=at, minutes=hours.minutes_in(family))
    return row


@transaction.atomic
def suggest_hours(
    *, patient: Patient, spans: tuple[Span, ...], best: tuple[Span, ...], note: str, by: User, at: datetime
) -> SuggestedHours:
    """A guardian suggests a minor's hours; the one before that waits is replaced. Raises PermissionDenied."""
    if not access_family(viewer=by, patient=patient.pk, at=at).may_suggest:
        raise PermissionDenied
    access_patient(viewer=by, pk=patient.pk, lock=True)
    row, _is_new = SuggestedHours.objects.update_or_create(
        patient=patient,
        decided_at=None,
        defaults={"hours": hours.as_json(spans, best), "note": note, "suggested_by": by, "suggested_at": at},
    )
    audit.record("timetable.hours_suggested", by=by, about=row, at=at, minutes=hours.minutes_in(spans))
    return row


@transaction.atomic
def decide_suggestion(*, suggestion: SuggestedHours, is_taken: bool, by: User, at: datetime) -> SuggestedHours:
    """The young person or staff take what a guardian suggested, or let it go. Deciding twice changes nothing."""
    own = suggestion.patient.user_id == by.pk
    access_patient(viewer=by, pk=suggestion.patient_id, to="own" if own else "change", lock=True)
    if suggestion.decided_at is None:
        suggestion.was_taken, suggestion.decided_by, suggestion.decided_at = is_taken, by, at
        suggestion.save(update_fields=["was_taken", "decided_by", "decided_at"])
        audit.record("timetable.suggestion_decided", by=by, about=suggestion, at=at, taken=is_taken)
    return suggestion
