"""Reads of what is shown to everyone in a session. Nothing here comes from a roster's names, a measure or a chart."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation

from hearth.accounts.models import User
from hearth.program.pack import Lesson
from hearth.sessions.agendas import lessons_of, pack_of_most
from hearth.sessions.models import Attendance, RoundAnswer, Session, Shown, Stroke, VideoPlace
from hearth.sessions.rules.showing import Picture, picture
from hearth.sessions.video.queries import Guest
from hearth.sessions.video.rules import RUNS_OVER
from hearth.skills.lesson_text import Section, sections


@dataclass(frozen=True, slots=True)
class Seen:
    """What everyone sees now; of a round each student has their own answer, and nobody another's."""

    shown: Shown | None
    picture: Picture | None = None
    answered: int = 0
    mine: RoundAnswer | None = None
    lesson: Lesson | None = None
    sections: tuple[Section, ...] = ()
    strokes: tuple[Stroke, ...] = ()


def is_inside(*, viewer: User, guest: Guest) -> bool:
    """Whether they take part by now, so that the group's words are theirs to read. One query at most.

    Those who lead do. Who has come to the video room's door does once they were let in, until they are taken out;
    everyone else while their own attendance says that they are here.
    """
    if guest.leads:
        return True
    place = VideoPlace.objects.filter(room__session=guest.session, user=viewer).first()
    if place:
        return place.admitted_at is not None and place.removed_at is None
    row = guest.attendance
    return row is not None and row.arrived_at is not None and row.left_at is None


def is_over(session: Session, *, at: datetime) -> bool:
    """Whether nothing is shown in it any more, also where nobody has ended it."""
    return session.ended_at is not None or at >= session.ends_at + RUNS_OVER


def seen_in(*, session: Session, place: Attendance | None, at: datetime) -> Seen:
    """What is shown in this session to somebody with this place (None: who is no student of it).

    For a caller who has asked `is_inside`. Three queries at most.
    """
    if is_over(session, at=at):
        return Seen(None)
    shown = Shown.objects.filter(session=session, ended_at=None).first()
    if shown is None:
        return Seen(None)
    if shown.kind == Shown.Kind.ROUND:
        return _round(shown, place)
    if shown.kind == Shown.Kind.WORKSHEET:
        return _worksheet(shown, session)
    if shown.kind == Shown.Kind.BOARD:
        return Seen(shown, strokes=tuple(shown.strokes.order_by("drawn_at", "pk")))
    return Seen(shown)


def _round(shown: Shown, place: Attendance | None) -> Seen:
    answers = list(shown.answers.all())
    mine = next((each for each in answers if place and each.attendance_id == place.pk), None)
    return Seen(shown, picture((each.word, each.number) for each in answers), len(answers), mine)


def _worksheet(shown: Shown, session: Session) -> Seen:
    described = pack_of_most(session.roster.values_list("patient", flat=True))
    try:
        lesson = described.lesson(shown.lesson, translation.get_language() or "en") if described else None
    except KeyError:  # a lesson that no longer ships
        lesson = None
    return Seen(shown, lesson=lesson, sections=tuple(sections(lesson.body)) if lesson else ())


def lessons_to_show(*, session: Session) -> list[Lesson]:
    """The curriculum's lessons, today's own first, for a caller who has passed `access_session`. Two queries."""
    described = pack_of_most(session.roster.values_list("patient", flat=True))
    return lessons_of(described, first=session.lesson) if described else []


def said_in_rounds(*, session: Session) -> dict[UUID, tuple[tuple[str, int], ...]]:
    """By attendance what each said in this session's rounds, in order. One query, for a caller with a door."""
    found: dict[UUID, tuple[tuple[str, int], ...]] = {}
    rows = RoundAnswer.objects.filter(shown__session=session).order_by("shown__shown_at", "pk")
    for pk, word, number in rows.values_list("attendance", "word", "number"):
        found[pk] = (*found.get(pk, ()), (word, number))
    return found
