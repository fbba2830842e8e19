"""What professionals attach to a referral: judged by its own bytes, sealed, and given out as a download alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.inquiry.models import Referral
from hearth.inquiry.portal_models import ReferralAttachment
from hearth.inquiry.queries import INTAKE
from hearth.inquiry.referral_queries import access_referral
from hearth.inquiry.referral_store import keys
from hearth.lib import pictures, sealed, sent_pdfs, viruses
from hearth.people.models import Patient

MOST_FILES = 4
MOST_BYTES = 10_000_000
MOST_TOGETHER = 20_000_000
"""Product defaults: a court order and a discharge summary as scans; less than what would lie on a disk on its way."""
_LONGEST_NAME = 120
PDF = "application/pdf"


class Unusable(Exception):
    """A file that cannot be kept; `why` as in `sent_pdfs` and `pictures`, or "virus" or "unchecked"."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name, self.why = name, why


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Listed:
    """An attachment with its name unsealed."""

    row: ReferralAttachment
    name: str


def checked(name: str, data: bytes) -> Checked:
    """This file if it is a plain PDF, or a picture without whatever else came with it. Raises Unusable."""
    try:
        if data.startswith(b"%PDF-"):
            sent_pdfs.check(data)
            found = Checked(plain_name(name), PDF, data)
        else:
            picture = pictures.read(data)
            found = Checked(plain_name(name), picture.kind, picture.data)
        viruses.refuse(data, daemon=settings.HEARTH_CLAMD)
    except (sent_pdfs.NotPlain, pictures.NotAPicture) as error:
        raise Unusable(name, error.why) from error
    except viruses.Infected as error:
        raise Unusable(name, "virus") from error
    except viruses.NotAsked as error:
        raise Unusable(name, "unchecked") from error
    return found


def plain_name(name: str) -> str:
    """A file's name as one line that shows nothing but itself."""
    shown = "".join(letter for letter in name if letter.isprintable())
    return shown.replace("\\", "/").rsplit("/", 1)[-1][-_LONGEST_NAME:].strip()


def keep(referral: Referral, files: Sequence[Checked]) -> None:
    """Seal these beside their referral, in the caller's transaction."""
    for place, file in enumerate(files):
        row = ReferralAttachment(referral=referral, place=place, kind=file.kind, size=len(file.data))
        row.name = sealed.seal(file.name.encode(), keys=keys(), context=_context(row, "name"))
        row.content = sealed.seal(file.data, keys=keys(), context=_context(row, "content"))
        row.save(force_insert=True)


def attached_to(referral: Referral) -> list[Listed]:
    """What came with this referral. The caller has passed a door."""
    return _listed(ReferralAttachment.objects.filter(referral=referral))


def attached_for(patient: Patient) -> list[Listed]:
    """What came with the referrals taken over for `patient`. The caller has passed the chart's door."""
    return _listed(ReferralAttachment.objects.filter(referral__patient=patient, referral__status="accepted"))


def _listed(rows: "QuerySet[ReferralAttachment]") -> list[Listed]:
    found = rows.defer("content").order_by("referral__received_at", "place")
    return [Listed(row, _open(row, "name").decode()) for row in found]


def look_at(*, pk: UUID, viewer: User, at: datetime) -> tuple[ReferralAttachment, bytes]:
    """One attachment with its bytes; every look is written down.

    For intake, and once the referral was taken over for whoever may open the chart. Raises PermissionDenied,
    sealed.CannotOpen.
    """
    row = ReferralAttachment.objects.select_related("referral").defer("referral__original").filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    patient = row.referral.patient_id
    if viewer.has_any(INTAKE):
        access_referral(viewer=viewer, pk=row.referral_id, at=at)
    elif patient:
        access_chart(viewer=viewer, pk=patient, purpose="TREAT", at=at)
    else:
        raise PermissionDenied
    audit.record_read("attachment.read", by=viewer, about=row, purpose="TREAT", at=at, patient_id=patient)
    return row, _open(row, "content")


def _open(row: ReferralAttachment, part: str) -> bytes:
    return sealed.unseal(bytes(getattr(row, part)), keys=keys(), context=_context(row, part))


def _context(row: ReferralAttachment, part: str) -> str:
    return f"attachment {row.pk} of referral {row.referral_id} {part}"
