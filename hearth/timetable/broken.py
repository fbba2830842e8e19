"""Broken rules in the reader's words: which, whom it hits, and where."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from hearth.lib.written_dates import written
from hearth.timetable.board_words import said
from hearth.timetable.rules import Violation
from hearth.timetable.verdicts import WORDS


def broken_words(found: Iterable[Violation], names: Mapping[str, str], monday: date) -> list[str]:
    """One line for each broken rule and session, with names in place of ids."""
    return list(dict.fromkeys(_line(one, names, monday) for one in found))


def later_week_said(week_of: date, *, is_cover: bool) -> str:
    """That a week that begins later stands in the way, or cover in one, and what can be done."""
    words = {"day": written(week_of, "j F")}
    if is_cover:
        return _("Cover in the week of %(day)s stands. Take it back first, then ask for it again.") % words
    return _("The week of %(day)s was accepted already.") % words


def _line(one: Violation, names: Mapping[str, str], monday: date) -> str:
    who = names.get(one.patient) or names.get(one.room) or ("" if one.session else names.get(one.staff, ""))
    where = said(one.session, names, monday) if one.session else ""
    about = ", ".join(part for part in (who, where) if part)
    rule = str(WORDS.get(one.rule, one.rule))
    return f"{rule}: {about}" if about else rule
