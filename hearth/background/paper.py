"""The assessment on paper: everything it says as plain JSON, true on the day it is signed, and the same as a PDF."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hearth.background.models import Background
from hearth.background.queries import Picture, Standing, told_in, value_of, words_for
from hearth.background.questionnaire import Words, questions
from hearth.background.wording import STAFF_SOURCES
from hearth.lib import pdf
from hearth.people.models import Patient

TEMPLATE = Path(__file__).parent / "background.typ"


def body_of(picture: Picture, *, language: str) -> dict[str, Any]:
    """What stands, in codes and in words: {"questions", "language", "items": {id: …}, "skipped": [section]}."""
    spoken = words_for(picture.patient, language)
    return {
        "questions": questions().version,
        "language": spoken.language,
        "items": {one.item.id: _line(one, spoken, picture.patient) for one in told_in(picture)},
        "skipped": [part.section.id for part in picture.parts if part.look and part.look.skipped],
    }


def _line(one: Standing, spoken: Words, patient: Patient) -> dict[str, Any]:
    """`who` said it and when; `own_said`: what the student had said, where staff put something else in its place."""
    answer, known = one.answer, one.known
    own = value_of(one.own) if one.own else ""
    at = answer.at if answer else known.at if known else patient.joined_at
    return {
        "text": spoken.items[one.item.id].text,
        "value": list(one.value) if isinstance(one.value, tuple) else one.value,
        "said": spoken.said(one.item, one.value),
        "who": answer.by.name if answer else patient.name,
        "by": str(answer.by_id) if answer and not answer.own else "",
        "at": at.isoformat(),
        "from": "" if answer else known.source if known else "",
        "own_said": spoken.said(one.item, own) if own and own != one.value else "",
        "part2": one.item.part2,
    }


def paper_of(background: Background, body: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the sheet says, in the reader's words around what was said. The caller has passed a door."""
    patient, language = background.patient, (get_language() or "en")[:2]
    spoken = words_for(patient, language)
    signed = getattr(background, "signature", None)
    made = signed.at if signed else background.begun_at
    return {
        "language": language,
        "organisation": patient.organisation.name,
        "title": _("Biopsychosocial assessment"),
        "facts": [
            [_("Name"), patient.name],
            [_("Date of birth"), formats.date_format(patient.birth_date, "j F Y")],
            [_("Version"), _("%(number)s, %(day)s") % {"number": background.version, "day": _day(made)}],
        ],
        "summary_title": _("Interpretive summary"),
        "summary": signed.summary if signed else "",
        "draft": "" if signed else _("Not signed yet: a draft."),
        "parts": [part for one in questions().sections if (part := _part(one.id, body, spoken))],
        "addenda_title": _("Added later"),
        "addenda": [[one.text, f"{one.by.name}, {_day(one.at)}"] for one in background.addenda.all()],
        "signed": _("Signed electronically by %(name)s, %(licence)s, %(when)s")
        % {"name": signed.by.name, "licence": signed.licence, "when": _moment(signed.at)}
        if signed
        else "",
        "part2": _("Substance use information, 42 CFR Part 2"),
        "notice": _("42 CFR part 2 prohibits unauthorized use or disclosure of these records."),
    }


def _part(section: str, body: Mapping[str, Any], spoken: Words) -> dict[str, Any] | None:
    found = questions().section(section)
    rows = [(item, body["items"][item.id]) for item in (found.items if found else ()) if item.id in body["items"]]
    skipped = section in body["skipped"]
    if not rows and not skipped:
        return None
    return {
        "title": spoken.sections[section].staff,
        "skipped": _("Skipped: they would rather not speak of it.") if skipped and not rows else "",
        "part2": any(row["part2"] for _item, row in rows),
        "lines": [[row["text"], row["said"], _told_by(row)] for _item, row in rows],
    }


def _told_by(row: Mapping[str, Any]) -> str:
    when = _day(datetime.fromisoformat(row["at"]))
    who = str(STAFF_SOURCES[row["from"]]) if row["from"] else row["who"]
    told = f"{who}, {when}"
    if row["own_said"]:
        told += " · " + _("the student had said: %(words)s") % {"words": row["own_said"]}
    return told


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y")


def _moment(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i")


def pdf_of(paper: Mapping[str, Any]) -> bytes:
    """The sheet as a tagged PDF, the same bytes for the same version."""
    return pdf.pdf_of(TEMPLATE, paper)
