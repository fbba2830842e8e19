"""A signed letter as a PDF."""

from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.letters.models import Letter
from hearth.lib import pdf
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
    return pdf.pdf_of(TEMPLATE, paper_of(letter))


def as_pdf(letter: Letter) -> HttpResponse:
    """The paper as a page gives it, under a name that tells nothing."""
    return pdf.pdf_response(pdf_of(letter), "letter.pdf")
