"""One signed paper as its signer takes it home: all it says as plain JSON, and the same as a PDF.

It is set in the language in which it was signed and in the house's time, and says nothing of the house's work that the
text does not say itself: the sheet may lie on a table.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hearth.consent import drawing
from hearth.consent.models import Consent
from hearth.consent.seals import digest_of, is_altered
from hearth.lib import pdf
from hearth.lib.paper_blocks import blocks_of
from hearth.lib.written_dates import written

TEMPLATE = Path(__file__).parent / "signed.typ"
INK = "#1d2a4d"


def paper_of(consent: Consent) -> dict[str, Any]:
    """Everything the sheet says. The caller has passed a door."""
    house = consent.patient.organisation
    with translation.override(consent.language), timezone.override(house.zone):
        digest = digest_of(consent)
        return {
            "language": consent.language,
            "file_title": _("Signed paper"),
            "house": " · ".join(filter(None, (house.name, house.phone))),
            "title": str(consent.get_kind_display()),
            "version": _("Version %(version)s of the text, as it was read and signed") % {"version": consent.version},
            "blocks": blocks_of(consent.text),
            "elements_title": _("What may be shared"),
            "elements": _elements(consent),
            "signature_title": _("Signature"),
            "signature": _signature(consent),
            "drawing": drawing.svg(consent.drawing, colour=INK) if consent.drawing else "",
            "drawing_words": _("Drawn signature of %(name)s") % {"name": consent.signed_name},
            "ended": _ended(consent),
            "digest_title": _("Digest of this paper (SHA-256)"),
            "digest": digest,
            "digest_words": _digest_words(consent),
        }


def pdf_of(paper: Mapping[str, Any]) -> bytes:
    """The sheet as a tagged PDF, the same bytes for the same paper."""
    return pdf.pdf_of(TEMPLATE, paper)


def _elements(consent: Consent) -> list[list[str]]:
    """What 42 CFR 2.31(a) asks of a consent that lets something out, each by itself; nothing for other papers."""
    if not consent.recipients:
        return []
    house = consent.patient.organisation.name
    until = written(consent.expires_on, "j F Y") if consent.expires_on else _("No end date: until I take it back")
    return [
        [_("Whose information"), consent.patient.name],
        [_("Who may share it"), _("%(house)s and those who work for it") % {"house": house}],
        [_("What"), consent.information],
        [_("With whom"), "\n".join(consent.recipients)],
        [_("What for"), consent.purpose],
        [_("Taking it back"), _("At any time. What was shared before stays shared.")],
        [pgettext("a consent", "Until"), until],
    ]


def _signature(consent: Consent) -> list[list[str]]:
    for_whom = _("%(name)s, parent or guardian of %(child)s") % {
        "name": consent.signed_name,
        "child": consent.patient.name,
    }
    rows = [
        [_("Signed by"), consent.signed_name if consent.signer_is_patient else for_whom],
        [_("Signed in as"), consent.signer.name],
        [_("How"), _("Drawn by hand on a screen") if consent.drawing else _("Name typed")],
        [_("What was ticked"), consent.intent],
        [_("When"), written(timezone.localtime(consent.signed_at), "j F Y, H:i:s e")],
        [_("Signed with"), consent.device],
        [_("Language"), _("Spanish") if consent.language == "es" else _("English")],
    ]
    return [row for row in rows if row[1]]


def _ended(consent: Consent) -> str:
    if consent.revoked_at is None:
        return ""
    day = written(timezone.localtime(consent.revoked_at), "j F Y, H:i e")
    return _("Taken back on %(day)s. Nothing is shared under it since then.") % {"day": day}


def _digest_words(consent: Consent) -> str:
    if is_altered(consent):
        return _("What is stored is no longer what was signed. Please tell the privacy officer.")
    if not consent.digest:
        return _("Worked out from what is stored today: when this was signed, no digest was kept yet.")
    return _("It is the one that was kept when this was signed. If one letter were different, so would it be.")
