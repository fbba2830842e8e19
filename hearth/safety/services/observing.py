"""What a member of staff noticed about a student, raised by hand."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.consent.queries import access_chart
from hearth.safety.models import Concern, Severity
from hearth.safety.services.protecting import mark_dangers
from hearth.safety.services.raising import TAKERS, raise_concern


class SummaryMissing(Exception):
    """An observation needs a sentence."""


@transaction.atomic
def raise_observation(
    *, patient_pk: UUID, severity: Severity | str, summary: str, by: User, at: datetime, dangers: Collection[str] = ()
) -> Concern:
    """Store what a member of staff noticed about a student, with the `dangers` it may mean for somebody else.

    Raises PermissionDenied, SummaryMissing.
    """
    if not by.has_any(TAKERS):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=patient_pk, purpose="TREAT", at=at, to="change", what="concern")
    if not summary.strip():
        raise SummaryMissing
    concern = raise_concern(
        patient=patient,
        source_kind="staff",
        source_id=None,
        severity=severity,
        summary=summary.strip(),
        by=by,
        at=at,
    )
    mark_dangers(concern=concern, dangers=dangers, learned_at=at, by=by, at=at)
    return concern
