"""Weeks that could be had and changes that would make one, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hearth.timetable.board import Group, Individual, clock
from hearth.timetable.models import Kind
from hearth.timetable.newcomer import Place
from hearth.timetable.one_change import Change, What
from hearth.timetable.wording import language_words, topic_words, when_words

Names = Mapping[str, str]
NOBODY: Names = {}
"""For pages that name no staff and no room."""
ORDER_WORDS = {
    "pregnant_injects": gettext_lazy("They are pregnant and inject drugs: asked before everyone else."),
    "pregnant": gettext_lazy("They are pregnant: asked before all who are not."),
    "injects": gettext_lazy("They inject drugs: asked before all others who are not pregnant."),
    "high": gettext_lazy("Their risk while they wait is high."),
    "raised": gettext_lazy("Their risk while they wait is raised."),
    "date": gettext_lazy("Among those alike, whoever waits longest is asked first."),
}
"""The steps of `waitlist_order` in words."""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One weekly session: when, what, and with whom and where as far as names are told."""

    when: str
    what: str
    where: str
    free: int


@dataclass(frozen=True, slots=True)
class PlaceLines:
    """One week that could be had."""

    is_full: bool
    minutes: int
    of: int
    counselor: str
    sessions: tuple[SessionLine, ...]


@dataclass(frozen=True, slots=True)
class ChangeLines:
    """One change, what it takes, and the week it would make."""

    sentence: str
    gained: int
    place: PlaceLines


def place_lines(place: Place, names: Names) -> PlaceLines:
    """This week in words."""
    lines = tuple(
        session_line(_plain(session), names, free) for session, free in zip(place.sessions, place.free, strict=True)
    )
    return PlaceLines(place.is_full, place.minutes, place.of, names.get(place.counselor or "", ""), lines)


def _plain(session: Group | Individual) -> dict[str, Any]:
    shared = {name: getattr(session, name) for name in ("kind", "modality", "day", "start", "minutes", "staff")}
    if isinstance(session, Group):
        shared |= {name: getattr(session, name) for name in ("topic", "language", "room", "interpreter")}
    return shared


def session_line(one: Mapping[str, Any], names: Names, free: int = 0) -> SessionLine:
    """One session, stored or found, in words."""
    what = str(Kind(one["kind"]).label)
    if one.get("topic"):
        what = f"{what}: {topic_words(one['topic'])}"
    if one.get("language", "en") != "en":
        what = _("%(what)s, in %(language)s") % {"what": what, "language": language_words(one["language"])}
    room = names.get(one.get("room") or "", "")
    where = [_("by video") if one["modality"] == "virtual" else room or _("in person")]
    if names.get(one["staff"]):
        where.append(names[one["staff"]])
    if names.get(one.get("interpreter") or ""):
        where.append(_("interpreted by %(name)s") % {"name": names[one["interpreter"]]})
    when = f"{when_words(one['day'], one['start'])}–{clock(one['start'] + one['minutes'])}"
    return SessionLine(when, what, " · ".join(where), free)


def change_lines(change: Change, names: Names) -> ChangeLines:
    """This change in words."""
    return ChangeLines(_sentence(change, names), change.gained, place_lines(change.place, names))


def _sentence(change: Change, names: Names) -> str:
    if change.span:
        words: dict[str, object] = {
            "day": WEEKDAYS[change.span.day],
            "start": clock(change.span.start),
            "end": clock(change.span.end),
        }
        if change.what == What.FAMILY_HOURS:
            return _("If the family could come on %(day)s %(start)s–%(end)s, too") % words
        return _("If %(day)s %(start)s–%(end)s could be free, too") % words
    if change.what == What.MODALITY:
        return _("Coming by video, too") if change.value == "virtual" else _("Coming in person, too")
    if change.what == What.LANGUAGE:
        return _("Taking part in %(language)s, too") % {"language": language_words(change.value)}
    assert change.group is not None
    words = {
        "when": when_words(change.group.day, change.group.start),
        "leader": names.get(change.group.staff, ""),
        "topic": topic_words(change.group.topic or "") or Kind(change.group.kind).label,
        "room": names.get(change.room or "", ""),
        "n": change.serves,
        "interpreter": names.get(change.value, ""),
    }
    if change.what == What.INTERPRETER:
        return _("Booking %(interpreter)s for the group on %(when)s with %(leader)s") % words
    if change.what == What.NEW_GROUP:
        return (
            ngettext(
                "Opening a new group (%(topic)s) on %(when)s with %(leader)s; it would also serve %(n)s other",
                "Opening a new group (%(topic)s) on %(when)s with %(leader)s; it would also serve %(n)s others",
                change.serves,
            )
            % words
        )
    if change.room:
        return _("Moving the full group on %(when)s to %(room)s") % words
    return _("A larger room for the full group on %(when)s with %(leader)s") % words
