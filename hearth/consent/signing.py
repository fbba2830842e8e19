"""What a person reads before they sign: the text with their own facts in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from hearth.consent import wordings
from hearth.lib.written_dates import written
from hearth.people.models import Patient


@dataclass(frozen=True, slots=True)
class Terms:
    """Whom a consent lets know what, why, and until when."""

    recipients: Sequence[str] = ()
    information: str = ""
    purpose: str = ""
    expires_on: date | None = None


def text_for(
    patient: Patient, kind: str, language: str, *, terms: Terms | None = None, signer: str = ""
) -> tuple[wordings.Wording, str, Terms]:
    """The wording, its text for this patient, and its terms. `signer` names a guardian who signs for them."""
    wording = wordings.wording(kind, language)
    if terms is None or not wording.asks:
        terms = Terms(wording.recipients, wording.information, wording.purpose)
    elif wording.fixed:
        terms = replace(terms, information=wording.information, purpose=wording.purpose)
    organisation = patient.organisation
    with translation.override(wording.language):
        expires = (
            _("Until %(day)s") % {"day": written(terms.expires_on, "j F Y")}
            if terms.expires_on
            else _("No end date: until I take it back")
        )
        facts = {
            "name": patient.name,
            "organisation": organisation.name,
            "phone": organisation.phone,
            "recipients": "; ".join(terms.recipients),
            "information": terms.information,
            "purpose": terms.purpose,
            "expires": expires,
        }
        text = wordings.fill(wording.body, facts)
        if signer:
            words = _("Signed for {name} by {signer}, parent or guardian.")
            text += "\n\n" + wordings.fill(words, facts | {"signer": signer})
    return wording, text, terms


def said_by(wording: wordings.Wording, text: str, terms: Terms) -> dict[str, Any]:
    """What a paper says and lets out, and until when, as its row keeps it."""
    return {
        "kind": wording.signed_as,
        "paper": "" if wording.signed_as == wording.kind else wording.kind,
        "version": wording.version,
        "language": wording.language,
        "text": text,
        "recipients": list(terms.recipients),
        "information": terms.information,
        "purpose": terms.purpose,
        "expires_on": terms.expires_on,
    }
