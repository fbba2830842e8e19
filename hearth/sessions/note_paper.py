"""A signed note on paper: its parts in the reader's words, and the same as a PDF."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hearth.lib import pdf
from hearth.sessions.contact_words import facts_of, parts_of
from hearth.sessions.cosigning import Standing
from hearth.sessions.models import ProgressNote
from hearth.sessions.note_layout import blocks_of, people_of

TEMPLATE = Path(__file__).parent / "note.typ"
Fact = tuple[str, str]


def paper_of(note: ProgressNote, *, standing: Standing | None) -> dict[str, Any]:
    """Everything the paper says, as plain JSON. The caller has passed the note's door."""
    body, patient = note.body, note.patient
    return {
        "language": (get_language() or "en")[:2],
        "organisation": patient.organisation.name,
        "phone": patient.organisation.phone,
        "title": _("Progress note"),
        "about": body["session"],
        "facts": [
            (_("Name"), patient.name),
            (_("Date of birth"), patient.birth_date.isoformat()),
            *((name, value) for name, value in (facts_of if "contact" in body else _facts)(body) if value),
        ],
        "parts": _parts(body),
        "added_title": _("Added later"),
        "added": [(row.text, f"{row.by.name}, {_moment(row.at)}") for row in note.addenda.all()],
        "signatures": _signatures(note, standing),
        "digest": _("Digest of the note as signed (SHA-256): %(digest)s") % {"digest": note.digest},
        "notice": _("42 CFR part 2 prohibits unauthorized use or disclosure of these records."),
    }


def _facts(body: Mapping[str, Any]) -> list[Fact]:
    by_video = body.get("modality") == "virtual"
    clinician = ", ".join([body["clinician"], *filter(None, [body["credentials"]]), *body["licences"]])
    return [
        (_("When"), _("%(date)s, %(start)s to %(stop)s (%(zone)s)") % {**body, "zone": body["time_zone"]}),
        (_("Clinician"), clinician),
        *people_of(body),
        (_("Attended"), _attended(body)),
        (_("Location"), body.get("location", "") if by_video else ""),
        (_("Consent to video"), (body.get("telehealth_consent") or _("none on file")) if by_video else ""),
        (_("About"), "; ".join(f"{each['text']} {each['code']}".strip() for each in body["diagnoses"])),
    ]


def _attended(body: Mapping[str, Any]) -> str:
    if "minutes" not in body:
        return ""
    how = _("by video") if body.get("modality") == "virtual" else _("in person")
    all_of = _("%(n)s in all") % {"n": body["attendees"]} if body.get("attendees") else ""
    return ", ".join(filter(None, [_("%(n)s minutes") % {"n": body["minutes"]}, how, all_of]))


def _parts(body: Mapping[str, Any]) -> list[Fact]:
    """The note's headings with their texts, in its own format."""
    if "contact" in body:
        return parts_of(body)
    return [
        (block.heading, "\n".join(f"{part.name}: {part.words}" for part in block.parts)) for block in blocks_of(body)
    ]


def _signatures(note: ProgressNote, standing: Standing | None) -> list[str]:
    signed = _("Signed electronically by %(name)s, %(at)s")
    named = ", ".join(filter(None, [note.body["clinician"], note.body["credentials"]]))
    lines = [signed % {"name": named, "at": _moment(note.signed_at)}]
    if standing is None:
        return lines
    for row in note.co_signatures.all():
        lines.append(_("Co-signed electronically by %(name)s, %(at)s") % {"name": row.signed_as, "at": _moment(row.at)})
    if not note.co_signatures.all():
        lines.append(_("Waiting for the co-signature of %(name)s") % {"name": standing.asked.supervisor.name})
    return lines


def _moment(at: Any) -> str:
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'j F Y, H:i')} {local.tzname()}"


def pdf_of(paper: Mapping[str, Any]) -> bytes:
    """The paper as a tagged PDF, the same bytes for the same note."""
    return pdf.pdf_of(TEMPLATE, paper)
