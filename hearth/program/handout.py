"""A lesson on paper: to be handed out in a room, or taken home by whoever likes to write with a pencil."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from hearth.lib import pdf
from hearth.lib.paper_blocks import blocks_of
from hearth.program.pack_parts import Lesson

TEMPLATE = Path(__file__).with_suffix(".typ")


def paper_of(lesson: Lesson) -> dict[str, Any]:
    """What the sheet says, in the lesson's language, as plain JSON. It names neither a person nor a house."""
    with override(lesson.language):
        takes = ngettext("%(minutes)s minute", "%(minutes)s minutes", lesson.minutes) % {"minutes": lesson.minutes}
        return {
            "language": lesson.language,
            "title": lesson.title,
            "takes": takes,
            "blocks": blocks_of(lesson.body),
            "room": _("Room for my own words"),
            "help": _("If it gets dangerous: call or text 988, or 911 for an emergency."),
            "from": _("Where this lesson comes from"),
            "sources": list(lesson.sources),
        }


@lru_cache(maxsize=64)  # a facilitator prints the same sheet for a whole group
def handout_pdf(lesson: Lesson) -> bytes:
    """The sheet as a tagged PDF: the same bytes for the same lesson."""
    return pdf.pdf_of(TEMPLATE, paper_of(lesson))
