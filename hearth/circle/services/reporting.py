"""What students tell hosts of each other's posts: read for danger of either, and told, in the same transaction."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.circle import rules
from hearth.circle.models import Report
from hearth.circle.queries import access_to_report
from hearth.people.models import Patient
from hearth.safety.services import raise_concern

WORRIED = gettext_noop("Somebody in the circle is worried about them after what they wrote there.")


@transaction.atomic
def report(*, post: UUID, why: str, words: str, by: User, at: datetime) -> Report:
    """Ask a host to look at somebody else's post; its writer never learns who. Raises PermissionDenied.

    Also one that was hidden or taken back since it was read. Sent twice it is stored once; another reason or other
    words are another report. Worry about its writer is a concern at once and makes the post wait, whatever was told
    before. It names nobody as having raised it: its student may read the record.
    """
    membership, found = access_to_report(viewer=by, pk=post, at=at, lock=True)
    if found.patient_id == membership.patient_id or why not in Report.Why.values:
        raise PermissionDenied
    row, is_new = Report.objects.get_or_create(post=found, by=by, why=why, words=words.strip(), defaults={"at": at})
    if not is_new and why != Report.Why.WORRIED:
        return row
    if found.waits_since is None:
        found.waits_since = at
        found.save(update_fields=["waits_since"])
    _tell(row, reporter=membership.patient, writer=found.patient, by=by, at=at)
    if is_new:
        audit.record("circle.reported", by=by, about=row, at=at, patient_id=membership.patient_id, why=why)
    return row


def _tell(row: Report, *, reporter: Patient, writer: Patient, by: User, at: datetime) -> None:
    """Raise the concerns of this report: about the writer of the post, and about whoever reports."""
    read = rules.read_report(row.words, is_worried=row.why == Report.Why.WORRIED)
    if read.writer:
        raise_concern(
            patient=writer,
            source_kind="circle.report",
            source_id=row.pk,
            severity=read.writer,
            summary=WORRIED,
            by=None,
            at=at,
        )
    if read.reporter:
        raise_concern(
            patient=reporter,
            source_kind="circle.report_words",
            source_id=row.pk,
            severity=read.reporter,
            summary=f"Wrote to a host of the circle: “{Truncator(row.words).chars(250)}”",
            by=by,
            at=at,
        )
