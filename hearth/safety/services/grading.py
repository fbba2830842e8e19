"""How severe a concern is: up by a screen's answers, up or down by a clinician with a licence, with a reason."""

from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.safety.models import Concern, ConcernGrade, Severity
from hearth.safety.services.answering import require_licence
from hearth.safety.services.raising import TAKERS, lock
from hearth.safety.tasks import escalate

_GRAVEST_LAST: list[str] = [Severity.WATCH, Severity.URGENT, Severity.EMERGENCY]


class OfOneSource(Exception):
    """What raised this concern raised another one, which is of that severity already."""


@transaction.atomic
def grade_concern(*, concern: Concern, severity: str, reason: str, by: User, at: datetime) -> Concern:
    """A clinician says how severe this is, and why; its clock and the way up follow. The same again changes nothing.

    Raises NotLicensed, OfOneSource.
    """
    row = lock(concern, by=by, at=at, roles=TAKERS)
    licence = require_licence(by, at)
    if row.is_open and row.severity != severity:
        if _is_held(row, severity):
            raise OfOneSource
        _grade(row, severity, reason.strip(), by=by, licence=licence, at=at)
    return row


@transaction.atomic
def grade_up(*, concern: Concern, reason: str, at: datetime) -> None:
    """A screen's answers make this an emergency; nothing makes it less by itself. `reason` is a line of the catalogue.

    Not where whatever raised it raised an emergency beside it.
    """
    row = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    if row.is_open and row.severity != Severity.EMERGENCY and not _is_held(row, Severity.EMERGENCY):
        _grade(row, Severity.EMERGENCY, reason, by=None, licence="", at=at)


def _is_held(row: Concern, severity: str) -> bool:
    same = Concern.objects.filter(source_kind=row.source_kind, source_id=row.source_id, severity=severity)
    return row.source_id is not None and same.exclude(pk=row.pk).exists()


def _grade(row: Concern, severity: str, reason: str, *, by: User | None, licence: str, at: datetime) -> None:
    ConcernGrade.objects.create(
        concern=row, before=row.severity, severity=severity, reason=reason, by=by, licence=licence, at=at
    )
    audit.record("safety.concern_graded", by=by, about=row, at=at, before=row.severity, severity=severity)
    if _GRAVEST_LAST.index(severity) > _GRAVEST_LAST.index(row.severity):
        row.tried_at = row.reached_at = None  # who was spoken with before this was known is to be spoken with again
    row.severity = severity
    row.save(update_fields=["severity", "tried_at", "reached_at"])
    escalate.defer(concern_id=str(row.pk), organisation_id=str(row.organisation_id))
