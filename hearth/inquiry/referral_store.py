"""Sealing a referral's content and opening it again. Nothing of it stands readable in the database."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import shorten
from typing import Any
from uuid import UUID

from django.conf import settings

from hearth.inquiry.models import Referral
from hearth.inquiry.packet import Packet, as_json, from_json
from hearth.inquiry.rules import Known, traits
from hearth.lib import sealed

_MOST_TOLD = 3  # conditions named in a list
_LONGEST_TOLD = 90  # letters of a reason, where somebody wrote instead


@dataclass(frozen=True, slots=True)
class Label:
    """What lists show of a referral, and what duplicates of its person are looked for by."""

    name: str
    file_name: str
    birth_date: date | None
    sender: str
    conditions: tuple[str, ...]
    known: Known


def keys() -> Path:
    """The file of the keys that seal referrals."""
    return Path(settings.HEARTH_KEY_DIR) / "referrals"


def digest(data: bytes) -> str:
    """The same for the same file, and telling nothing of it to whoever lacks the key."""
    return sealed.fingerprint(data, keys=keys(), context="referral file")


def traits_of(known: Known) -> list[str]:
    """Keyed digests of what tells this person from others, as `Referral.traits` keeps them."""
    return sorted(sealed.fingerprint(one.encode(), keys=keys(), context="referral trait") for one in traits(known))


def fill(referral: Referral, *, packet: Packet, data: bytes, file_name: str, apart: bytes = b"") -> Referral:
    """Put the sealed content into this unsaved row."""
    referral.label = _seal(referral.pk, "label", json.dumps(_label_values(packet, referral.pk, file_name)).encode())
    referral.packet = _seal(referral.pk, "packet", as_json(packet).encode())
    referral.original = _seal(referral.pk, "original", data)
    referral.digest = digest(apart + data)
    referral.traits = traits_of(packet.person.known_as(str(referral.pk)))
    referral.size = len(data)
    return referral


def read_label(referral: Referral) -> Label:
    values = json.loads(_open(referral, "label"))
    known = values["known"]
    born = date.fromisoformat(values["birth_date"]) if values["birth_date"] else None
    return Label(
        name=values["name"],
        file_name=values["file_name"],
        birth_date=born,
        sender=values["sender"],
        conditions=tuple(values["conditions"]),
        known=Known(
            key=str(referral.pk),
            names=tuple(known["names"]),
            birth_date=born,
            phones=tuple(known["phones"]),
            emails=tuple(known["emails"]),
            identifiers=tuple((system, value) for system, value in known["identifiers"]),
        ),
    )


def read_packet(referral: Referral) -> Packet:
    return from_json(_open(referral, "packet").decode())


def read_original(referral: Referral) -> bytes:
    """The file as it came."""
    return _open(referral, "original")


def _label_values(packet: Packet, pk: UUID, file_name: str) -> dict[str, Any]:
    known = packet.person.known_as(str(pk))
    told = [one.text for one in packet.conditions if one.active and one.behavioural][:_MOST_TOLD]
    if packet.form and packet.referral:
        told = told or [shorten(one, _LONGEST_TOLD, placeholder=" …") for one in packet.referral.reasons[:1]]
    sender = packet.sender.organisation or packet.sender.name if packet.sender else ""
    return {
        "name": packet.person.name,
        "file_name": file_name,
        "birth_date": known.birth_date.isoformat() if known.birth_date else None,
        "sender": sender,
        "conditions": told,
        "known": {
            "names": known.names,
            "phones": known.phones,
            "emails": known.emails,
            "identifiers": known.identifiers,
        },
    }


def _seal(pk: UUID, part: str, plain: bytes) -> bytes:
    return sealed.seal(plain, keys=keys(), context=f"referral {pk} {part}")


def _open(referral: Referral, part: str) -> bytes:
    return sealed.unseal(bytes(getattr(referral, part)), keys=keys(), context=f"referral {referral.pk} {part}")
