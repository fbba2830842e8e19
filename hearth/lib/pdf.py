"""Papers as PDF: set with Typst from plain JSON, and given by a page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse

ROOT = Path(__file__).parents[1]
"""What a template may import from: `/lib/blocks.typ`."""


def pdf_of(template: Path, paper: Mapping[str, Any]) -> bytes:
    """`paper` set by the Typst file `template` as a tagged PDF: the same bytes for the same words."""
    told = json.dumps(paper)
    return bytes(typst.compile(template, root=ROOT, format="pdf", sys_inputs={"paper": told}, timestamp=0))


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """The PDF for the reader's own program; `name` tells nothing of anybody."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
