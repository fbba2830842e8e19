"""A student's way so far and their certificate of completion on paper, as PDF."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hearth.circle.models import Thanks
from hearth.lib import pdf
from hearth.skills.cards import Found
from hearth.web.my_way import Completion, MyWay

FOLDER = Path(__file__).parent


def way_paper(way: MyWay, *, on: date) -> dict[str, Any]:
    """What the sheet of a way so far says, as plain JSON.

    It names neither the program nor the house, and nobody of the group: a sheet is carried out of the room.
    """
    goals = [[f"“{goal.words}”", f"{goal.get_status_display()}, {goal.progress} / 10"] for goal in way.goals]
    parts = [
        (_("Sessions"), [[attended(way.came.came, way.came.minutes), ""]] if way.came.came else []),
        (_("Goals, in my words"), goals),
        (_("What I practised"), [_line(one) for one in way.lessons]),
        (_("What helped me"), [_line(one) for one in way.helped]),
        (_("Tiny habits"), [[habit_days(way.habit_days), ""]] if way.habit_days else []),
        (_("Check-ins"), [[one.title, one.moved] for one in way.check_ins]),
        (_("Said to groups I was in"), [_thanks(one) for one in way.thanks.to_us]),
        (_("My thank-yous"), [_thanks(one) for one in way.thanks.given]),
    ]
    return {
        "title": _("My way so far"),
        "made": f"{way.patient.name}, {_day(on)}",
        "parts": [{"title": title, "rows": rows} for title, rows in parts if rows],
    }


def _thanks(one: Thanks) -> list[str]:
    return [f"“{one.text}”", _day(timezone.localdate(one.session.starts_at))]


def certificate_paper(completion: Completion) -> dict[str, Any]:
    """What the certificate says, as plain JSON, to be hung up or shown."""
    days = {"first": _day(completion.first_day), "last": _day(completion.last_day)}
    return {
        "title": _("Certificate of completion"),
        "before": _("This is to say with pride that"),
        "name": completion.name,
        "after": _("completed the whole program, one day after the other."),
        "came": attended(completion.sessions, completion.minutes) if completion.sessions else "",
        "days": _("From %(first)s to %(last)s") % days,
        "signed": _("For %(organisation)s") % {"organisation": completion.organisation},
    }


def attended(sessions: int, minutes: int) -> str:
    """How much somebody came, in words: less than an hour in minutes, never as no hours at all."""
    came = ngettext("%(count)s session", "%(count)s sessions", sessions) % {"count": sessions}
    return f"{came}, {_lasted(minutes)}" if minutes else came


def _lasted(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}
    hours = round(minutes / 60)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def habit_days(days: int) -> str:
    """On how many days tiny habits were done, in words."""
    return ngettext("%(count)s day on which a tiny habit was done", "%(count)s days of tiny habits", days) % {
        "count": days
    }


def eased(card: Found) -> str:
    """How often something was used and what it did for the number, in words. What did not ease it is not counted."""
    times = ngettext("%(count)s time", "%(count)s times", card.times) % {"count": card.times}
    if card.mean_eased is None or card.mean_eased <= 0:
        return times
    points = ngettext("%(count)s point lighter", "%(count)s points lighter", card.mean_eased)
    return f"{times}, {points % {'count': card.mean_eased}}"


def pdf_of(template: str, paper: Mapping[str, Any]) -> bytes:
    """This paper set by one of the templates beside it, as a tagged PDF: the same bytes for the same words."""
    return pdf.pdf_of(FOLDER / template, {"language": (get_language() or "en")[:2], **paper})


def _line(card: Found) -> list[str]:
    return [card.words, eased(card)]


def _day(day: date) -> str:
    # Translators: how a day is written out; d and e are letters to Django unless a backslash stands before them
    return formats.date_format(day, _("j F Y"))
