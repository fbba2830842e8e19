"""A safety plan on one sheet of paper: its parts in the reader's words, and the same as a PDF."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hearth.lib import pdf
from hearth.safety.models import SafetyPlan
from hearth.safety.plan_words import MEANS_WITH, shown

TEMPLATE = Path(__file__).parent / "plan.typ"


def paper_of(plan: SafetyPlan) -> dict[str, Any]:
    """Everything the sheet says, as plain JSON. It names neither the program nor its student: it may lie on a table.

    The caller has passed the plan's door.
    """
    line = plan.patient.organisation.crisis_phone
    made = formats.date_format(timezone.localtime(plan.saved_at), "j F Y")
    return {
        "language": (get_language() or "en")[:2],
        "title": _("My safety plan"),
        "made": _("Version %(number)s of %(day)s") % {"number": plan.version, "day": made},
        "with_title": str(MEANS_WITH),
        "parts": [
            {
                "title": str(part.title),
                "text": part.text,
                "with_whom": part.with_whom,
                "people": [[each.name, each.phone] for each in part.people],
            }
            for part in shown(plan.sections)
            if not part.is_empty
        ],
        "always_title": _("At any hour"),
        "always": [
            [_("Call or text"), "988"],
            *([[_("Our own line"), line]] if line else []),
            [_("In danger right now"), "911"],
        ],
    }


def pdf_of(paper: Mapping[str, Any]) -> bytes:
    """The sheet as a tagged PDF, the same bytes for the same version."""
    return pdf.pdf_of(TEMPLATE, paper)
