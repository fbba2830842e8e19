"""Moves, sessions and refusals in the planner's words."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from hearth.lib.written_dates import written
from hearth.timetable.board import clock
from hearth.timetable.board_view import title_of, where
from hearth.timetable.drafts import Step
from hearth.timetable.moving import DoesNotApply, End, Open, Reseat, Sessions, Shift, Spot
from hearth.timetable.week import Session


def when(day: int, start: int, monday: date) -> str:
    """`Tue 17:30`."""
    return f"{written(monday + timedelta(days=day), 'D')} {clock(start)}"


def said(session: Session, names: Mapping[str, str], monday: date) -> str:
    """A session with its time and leader."""
    return f"{title_of(session, names)}, {when(session.day, session.start, monday)}, {names.get(session.staff, '')}"


def spot_words(spot: Spot, names: Mapping[str, str], monday: date) -> str:
    """A spot in words."""
    leaders = " + ".join(names.get(who, "") for who in (spot.staff, spot.co_staff) if who)
    parts = [when(spot.day, spot.start, monday), leaders]
    if spot.modality == "virtual":
        parts.append(_("video"))
    parts += [names[who] for who in (spot.room, spot.interpreter) if who is not None and who in names]
    return ", ".join(parts)


def step_words(step: Step, names: Mapping[str, str], sessions: Sessions, monday: date) -> str:
    """What one move of a draft does."""
    about = said(step.about, names, monday) if step.about else _("a session that is gone")
    match step.move:
        case Shift(to=to):
            return _("%(session)s → %(spot)s") % {"session": about, "spot": spot_words(to, names, monday)}
        case Reseat(patient=patient, out_of=out_of, into=into):
            target = sessions.get(into or "")
            words = {
                "name": names.get(patient, ""),
                "out": about,
                "into": said(target, names, monday) if target else _("a session that is gone"),
            }
            if into is None:
                return _("%(name)s: out of %(out)s") % words
            if out_of is None:
                return _("%(name)s: into %(into)s") % words
            return _("%(name)s: %(out)s → %(into)s") % words
        case Open(opened=opened):
            return _("New: %(session)s, %(where)s") % {
                "session": said(opened, names, monday),
                "where": where(opened, names),
            }
        case End():
            return _("Ends: %(session)s") % {"session": about}


def trouble_words(trouble: DoesNotApply, names: Mapping[str, str]) -> str:
    """Why a move is no longer possible."""
    who = names.get(trouble.patient, "")
    return {
        "gone": _("That session is no longer on the board: somebody ended it meanwhile."),
        "elsewhere": _("That session was moved meanwhile. Look at where it is now, then move it from there."),
        "not_in": _("%(name)s is not in that group any more.") % {"name": who},
        "already_in": _("%(name)s is in that group already.") % {"name": who},
        "alone": _("An hour alone has one student; move the hour itself."),
    }[trouble.why]
