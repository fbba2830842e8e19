"""What can be said once for all of a session from what is known: facts alone, in the reader's language."""

from collections.abc import Iterable, Sequence

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hearth.program.pack import Pack, in_language
from hearth.sessions.agendas import commonest
from hearth.sessions.chairs import Chair
from hearth.sessions.models import Session
from hearth.sessions.queries import zone_of


def proposed_for_all(session: Session, seats: Sequence[Chair]) -> dict[str, str]:
    """What was done (groups alone) and what comes next, before anybody has written it; "" where nothing is known.

    For a caller who has passed `access_session`. Two queries.
    """
    pack = commonest(seat.pack.id for seat in seats if seat.pack)
    given = _titles(pack, session.handouts.order_by("given_at", "lesson").values_list("lesson", flat=True))
    lesson = _titles(pack, [session.lesson])
    return {
        "text": _done(session, pack, lesson=lesson, given=given) if session.is_group else "",
        "plan": _next(session, practise=given or lesson),
    }


def _done(session: Session, pack: Pack | None, *, lesson: Sequence[str], given: Sequence[str]) -> str:
    said = [
        _("Lesson: %(title)s.") % {"title": lesson[0]} if lesson else "",
        _("Handed out: %(titles)s.") % {"titles": ", ".join(given)} if given else "",
        _planned(session, pack),
    ]
    return " ".join(filter(None, said))


def _planned(session: Session, pack: Pack | None) -> str:
    """The parts of the curriculum's plan: what was meant to be done, to be changed where it was not."""
    agenda = pack.agenda(session.kind) if pack else None
    if agenda is None:
        return ""
    parts = "; ".join(in_language(part.title, get_language() or "en") for part in agenda.parts)
    return _("Planned for today: %(parts)s.") % {"parts": parts.rstrip(".")}


def _next(session: Session, *, practise: Sequence[str]) -> str:
    said = [_("Practise %(titles)s.") % {"titles": ", ".join(practise)}] if practise else []
    later = session.section.sessions.standing().filter(starts_at__gt=session.starts_at) if session.section else None
    coming = later.order_by("starts_at").first() if later is not None else None
    if coming is not None:
        starts = timezone.localtime(coming.starts_at, zone_of(session))
        said.append(_("Next session: %(when)s.") % {"when": formats.date_format(starts, "l, j F, H:i")})
    return " ".join(said)


def _titles(pack: Pack | None, lessons: Iterable[str]) -> list[str]:
    known = {one.id for one in pack.lessons} if pack else set()
    language = get_language() or "en"
    return [f"“{pack.lesson(each, language).title}”" for each in lessons if pack and each in known]
