"""Photos of insurance cards: sent by the student, by whoever signs for them, or by staff who see to payment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.admission.card_models import CardPhoto
from hearth.audit import services as audit
from hearth.consent.queries import access_chart, access_signing
from hearth.lib import pictures, sealed, viruses
from hearth.lib.pictures import Picture
from hearth.people.models import Patient
from hearth.people.rules import PAYMENT

MOST_BYTES = 10 * 1024 * 1024


class Unusable(Exception):
    """A photo that cannot be kept; `why` as in `pictures.NotAPicture`, or "heavy", "virus" or "unchecked"."""

    def __init__(self, side: str, why: str) -> None:
        super().__init__(f"{side}: {why}")
        self.side, self.why = side, why


@dataclass(frozen=True, slots=True)
class Card:
    """One card with each side's photo, if there is one, without its picture."""

    card: CardPhoto.Card
    sides: list[tuple[CardPhoto.Side, CardPhoto | None]]


def access_cards(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Patient:
    """The patient whose cards `viewer` may see and send. Raises PermissionDenied."""
    if viewer.has_any(PAYMENT):
        return access_chart(viewer=viewer, pk=pk, purpose="HPAYMT", at=at, to="payment", lock=lock, what="coverage")
    return access_signing(viewer=viewer, pk=pk, at=at, lock=lock)


def cards_of(patient: Patient) -> list[Card]:
    """The cards of which there is any photo. The caller has passed a door."""
    rows = CardPhoto.objects.filter(patient=patient).defer("picture").select_related("sent_by")
    found = {(row.card, row.side): row for row in rows}
    every = [Card(card, [(side, found.get((card, side))) for side in CardPhoto.Side]) for card in CardPhoto.Card]
    return [one for one in every if any(row for _side, row in one.sides)]


@transaction.atomic
def keep_photos(
    *, patient: UUID, card: CardPhoto.Card | str, photos: Mapping[str, bytes], by: User, at: datetime
) -> None:
    """Keep these photos by side, all or none; an earlier photo of the same side is gone. Raises Unusable.

    Nobody's row is held while they are looked through: a concern of theirs would wait for it.
    """
    read = {side: usable(side, data) for side, data in photos.items()}
    person = access_cards(viewer=by, pk=patient, at=at, lock=True)
    for side, picture in read.items():
        CardPhoto.objects.filter(patient=person, card=card, side=side).delete()
        row = CardPhoto(
            patient=person, card=card, side=side, kind=picture.kind, width=picture.width, height=picture.height,
            sent_by=by, sent_at=at,
        )  # fmt: skip
        row.picture = sealed_picture(row, picture.data)
        row.save()
        audit.record("admission.card_photo_kept", by=by, about=row, at=at, card=card, side=side)


def usable(side: str, data: bytes) -> Picture:
    """The picture in these bytes, without anything else that came with it. Raises Unusable."""
    if len(data) > MOST_BYTES:
        raise Unusable(side, "heavy")
    try:
        picture = pictures.read(data)
        viruses.refuse(data, daemon=settings.HEARTH_CLAMD)
    except pictures.NotAPicture as error:
        raise Unusable(side, error.why) from error
    except viruses.Infected as error:
        raise Unusable(side, "virus") from error
    except viruses.NotAsked as error:
        raise Unusable(side, "unchecked") from error
    return picture


@transaction.atomic
def remove_photo(*, pk: UUID, by: User, at: datetime) -> CardPhoto:
    """Delete this photo for good. Raises PermissionDenied."""
    row = _access_photo(viewer=by, pk=pk, at=at, lock=True)
    audit.record("admission.card_photo_removed", by=by, about=row, at=at, card=row.card, side=row.side)
    row.delete()
    return row


def look_at(*, pk: UUID, viewer: User, at: datetime) -> tuple[CardPhoto, bytes]:
    """One photo with its picture; every look is written down. Raises PermissionDenied, sealed.CannotOpen."""
    row = _access_photo(viewer=viewer, pk=pk, at=at)
    purpose = "HPAYMT" if viewer.has_any(PAYMENT) else "PATRQT"
    audit.record_read("card.read", by=viewer, about=row, purpose=purpose, at=at)
    return row, picture_of(row)


def _access_photo(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> CardPhoto:
    row = CardPhoto.objects.filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    row.patient = access_cards(viewer=viewer, pk=row.patient_id, at=at, lock=lock)
    return row


def picture_of(row: CardPhoto) -> bytes:
    """The photo's bytes. Raises sealed.CannotOpen where they belong to another row."""
    return sealed.unseal(bytes(row.picture), keys=_keys(), context=_context(row))


def sealed_picture(row: CardPhoto, data: bytes) -> bytes:
    """These bytes, sealed for this row alone."""
    return sealed.seal(data, keys=_keys(), context=_context(row))


def _keys() -> Path:
    return Path(settings.HEARTH_KEY_DIR) / "coverage"


def _context(row: CardPhoto) -> str:
    return f"card photo {row.pk} of {row.patient_id}"
