"""Writing down what somebody needs to take part, and who is kept apart from whom."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.people.queries import access_patient
from hearth.timetable.models import Accommodation, KeepApart
from hearth.timetable.needs import KEEPERS


class SaidAlready(Exception):
    """These two are kept apart already."""


@transaction.atomic
def say_needs(
    *, patient: Patient, interpreting: str, equipment: Sequence[str], by: User, at: datetime
) -> Accommodation:
    """What this student needs in groups from now on, as they or staff who may write in the chart say."""
    access_patient(viewer=by, pk=patient.pk, to="own" if patient.user_id == by.pk else "change", lock=True)
    row = Accommodation.objects.create(
        patient=patient, interpreting=interpreting, equipment=sorted(equipment), entered_by=by, entered_at=at
    )
    audit.record("timetable.needs_said", by=by, about=patient, at=at)
    return row


@transaction.atomic
def keep_apart(
    *, patient: Patient, reason: str, by: User, at: datetime, other: Patient | None = None, member: User | None = None
) -> KeepApart:
    """Never put these two into one session. Weeks that stand are not changed by it. Raises SaidAlready."""
    if not by.has_any(KEEPERS):
        raise PermissionDenied
    rows = KeepApart.objects.filter(ended_at=None)
    same = rows.filter(patient=patient, other=other, member=member)
    if same.exists() or (other is not None and rows.filter(patient=other, other=patient).exists()):
        raise SaidAlready
    row = KeepApart.objects.create(
        patient=patient, other=other, member=member, reason=reason.strip(), entered_by=by, entered_at=at
    )
    audit.record("timetable.kept_apart", by=by, about=row, at=at)
    return row


@transaction.atomic
def end_keeping_apart(*, pair: KeepApart, by: User, at: datetime) -> KeepApart:
    """These two may meet again."""
    if not by.has_any(KEEPERS):
        raise PermissionDenied
    pair = KeepApart.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if pair.ended_at is None:
        pair.ended_by, pair.ended_at = by, at
        pair.save(update_fields=["ended_by", "ended_at"])
        audit.record("timetable.apart_ended", by=by, about=pair, at=at)
    return pair
