"""A signed letter as a PDF."""

import json
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.letters.models import Letter
from hearth.lib.written_dates import written

TEMPLATE = Path(__file__).with_name("letter.typ")


def paper_of(letter: Letter) -> dict[str, Any]:
    """What the paper says, as plain JSON: the words its student saw, and the signature under them."""
    assert letter.signed_at is not None
    day = letter.signed_at.astimezone(letter.organisation.zone).date()
    with translation.override(letter.language):
        return {
            **letter.body,
            "date": written(day, "j F Y"),
            "signed": _("Signed electronically by %(name)s") % {"name": letter.signed_as},
        }


def pdf_of(letter: Letter) -> bytes:
    """A tagged PDF, the same bytes for the same letter. It carries no name of a program and no time of making."""
    told = json.dumps(paper_of(letter))
    return bytes(typst.compile(TEMPLATE, format="pdf", sys_inputs={"paper": told}, timestamp=0))


def as_pdf(letter: Letter) -> HttpResponse:
    """The paper as a page gives it, under a name that tells nothing."""
    response = HttpResponse(pdf_of(letter), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="letter.pdf"'
    return response
