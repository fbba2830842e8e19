"""Every word of a letter, in its reader's language: where somebody was and when, and nothing of why.

42 CFR 2.12(a)(1) protects what identifies somebody as having a substance use disorder. These words do not, and so the
notice of 2.32, which would say just that, stands on none of them.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from hearth.letters.models import Letter
from hearth.letters.rules import Day
from hearth.lib.folded import plain
from hearth.lib.written_dates import written

LANGUAGES = {"en": "English", "es": "Español"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Under which name a house signs, and where it is asked."""

    name: str
    address: str
    phone: str


def body_of(
    kind: str, *, named: str, reader: str, days: Iterable[Day], with_hours: bool, until: date | None, sender: Sender,
    language: str,
) -> dict[str, Any]:  # fmt: skip
    """The letter above its signature, as plain JSON. The same facts make the same words."""
    days = list(days)
    with translation.override(language):
        return {
            "language": language,
            "sender": asdict(sender),
            "to": reader,
            "title": _title(kind),
            "before": _before(named, with_hours=with_hours),
            "rows": [_row(day, with_hours=with_hours) for day in days],
            "total": _("In all: %(length)s") % {"length": length(sum(day.minutes for day in days))}
            if with_hours and len(days) > 1
            else "",
            "after": [
                *_after(kind, named, until),
                _("More is told only with %(name)s's written agreement.") % {"name": named},
            ],
        }


def names_nobody(reader: str) -> bool:
    """Whether these words stand for any reader at all, in whatever language: nothing is released to such a one.

    A release names who is told, or the entity (42 CFR 2.31(a)(4)).
    """
    return _bare(reader) in {"", *map(_to_anybody, LANGUAGES)}


def _to_anybody(language: str) -> str:
    with translation.override(language):
        return _bare(_("To whom it may concern"))


def _bare(words: str) -> str:
    return " ".join(re.findall(r"\w+", plain(words)))


def _title(kind: str) -> str:
    return {
        Letter.Kind.ATTENDANCE: _("Confirmation of attendance"),
        Letter.Kind.SCHOOL: _("Note for school: return to class"),
        Letter.Kind.EMPLOYER: _("Confirmation for an employer"),
    }[Letter.Kind(kind)]


def _before(named: str, *, with_hours: bool) -> str:
    if with_hours:
        return _("This is to confirm that %(name)s received health care at these times:") % {"name": named}
    return _("This is to confirm that %(name)s received health care on these days:") % {"name": named}


def _row(day: Day, *, with_hours: bool) -> list[str]:
    on = written(day.on, "l j F Y")
    if not with_hours:
        return [on]
    times = _("%(first)s to %(last)s") % {"first": f"{day.starts:%H:%M}", "last": f"{day.ends:%H:%M}"}
    return [on, times, length(day.minutes)]


def length(minutes: int) -> str:
    """Whole hours and what is left of minutes, in words."""
    hours, left = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": left}
    if not left:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": left}


def _after(kind: str, named: str, until: date | None) -> list[str]:
    day = written(until, "l j F Y") if until else ""
    if kind == Letter.Kind.SCHOOL:
        excused = _("Please excuse the absence at these times.")
        return (
            [excused, _("%(name)s can return to class on %(day)s.") % {"name": named, "day": day}] if day else [excused]
        )
    more = [_("More appointments are planned until %(day)s.") % {"day": day}] if day else []
    if kind == Letter.Kind.EMPLOYER:
        return [_("Please excuse the absence at these times."), *more]
    return more


def signature_of(name: str, licence: str, state: str) -> str:
    """Who signs: name and licence. The discipline is left out, since it would tell what the care is for.

    Some keep it behind their name, after a comma: “Dana Kim, LAC”.
    """
    name = name.partition(",")[0].strip()
    if not licence:
        return name
    return _("%(name)s, license no. %(number)s (%(state)s)") % {"name": name, "number": licence, "state": state}
