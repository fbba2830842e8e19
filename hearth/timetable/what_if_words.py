"""What would be changed, in words."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from hearth.timetable.board import Span, clock
from hearth.timetable.compared import topic_word
from hearth.timetable.what_if import Away, Capacity, Change, ClosedRoom, Hire, MoreHours, Nothing

Names = Mapping[str, str]


def change_said(change: Change, names: Names) -> str:
    """What would be changed, as a heading."""
    match change:
        case Nothing():
            return _("Nothing changed")
        case MoreHours(staff, hours):
            return _("%(name)s works %(when)s too") % {"name": names.get(staff, ""), "when": span_said(hours)}
        case Hire():
            words = {
                "when": ", ".join(span_said(span) for span in change.hours),
                "language": ", ".join(language_word(one) for one in change.languages),
                "topics": ", ".join(topic_word(one) for one in change.topics) or _("life skills"),
            }
            return _("Somebody new: %(when)s, %(language)s, %(topics)s") % words
        case ClosedRoom(room):
            return _("%(room)s is closed") % {"room": names.get(room, "")}
        case Capacity(most):
            return _("Groups of up to %(most)s") % {"most": most}
        case Away(staff):
            return _("%(name)s is away") % {"name": names.get(staff, "")}


def span_said(span: Span) -> str:
    """A stretch of a day, as `Tuesday 16:00–20:00`."""
    return f"{WEEKDAYS[span.day]} {clock(span.start)}–{clock(span.end)}"


def language_word(code: str) -> str:
    """A language in the reader's words."""
    return str(dict(settings.LANGUAGES).get(code, code))
