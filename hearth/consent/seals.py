"""The digest of a signed paper: what it says, who signed it, how and when, in one number to be worked out again."""

import hashlib
import json
from datetime import UTC

from hearth.consent.models import Consent

FORM = 1
"""Which facts are counted in. It goes up with another fact, which `digest_of` counts from that form on alone."""


def seal(consent: Consent) -> None:
    """Keep with the paper the digest of all it says, and the form in which that is worked out again."""
    consent.digest_form = FORM
    consent.digest = digest_of(consent)


def digest_of(consent: Consent) -> str:
    """The SHA-256 of everything that was signed, as it is stored now. Taking it back changes nothing in it."""
    told = {
        "form": consent.digest_form,
        "id": str(consent.pk),
        "organisation": str(consent.organisation_id),
        "patient": str(consent.patient_id),
        "kind": consent.kind,
        "paper": consent.paper,
        "version": consent.version,
        "language": consent.language,
        "text": consent.text,
        "recipients": list(consent.recipients),
        "information": consent.information,
        "purpose": consent.purpose,
        "expires_on": consent.expires_on.isoformat() if consent.expires_on else "",
        "signer": str(consent.signer_id),
        "signer_is_patient": consent.signer_is_patient,
        "signed_name": consent.signed_name,
        "drawing": consent.drawing or [],
        "intent": consent.intent,
        "device": consent.device,
        "signed_at": consent.signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    words = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def is_altered(consent: Consent) -> bool:
    """Whether what is stored is not what was signed. Of papers from before digests were kept nobody can tell."""
    return bool(consent.digest) and consent.digest != digest_of(consent)
