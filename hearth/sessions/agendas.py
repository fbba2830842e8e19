"""What the curriculum has for a session today: the topic's purpose, the lesson, and each part with its clock time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from hearth.admission.models import Episode
from hearth.program import pack
from hearth.program.pack import Guide, Lesson, Pack, in_language
from hearth.sessions.models import Session
from hearth.sessions.rules.agenda import laid_out


@dataclass(frozen=True, slots=True)
class Part:
    """One part of today's session. `is_now`: by the clock it should be here."""

    starts_at: datetime
    minutes: int
    title: str
    purpose: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of the guide for whoever leads."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """Today's plan in the reader's language."""

    purpose: str
    lesson: Lesson | None
    guide: tuple[Advice, ...]
    parts: tuple[Part, ...]


def agenda_of(*, session: Session, patient_ids: Iterable[UUID], language: str, at: datetime) -> Agenda | None:
    """The plan of the program that most of its students are in; None where the curriculum says nothing.

    For a caller who has passed `access_session`. One query.
    """
    described = pack_of_most(patient_ids)
    if described is None:
        return None
    parts = _parts(described, session, language, at)
    lesson = _lesson(described, session, language)
    purpose = _purpose(described, session.topic, language)
    guide = _advice(described.guide(session.lesson), language)
    return Agenda(purpose, lesson, guide, parts) if parts or lesson or purpose else None


def pack_of_most(patient_ids: Iterable[UUID]) -> Pack | None:
    """The pack of the program that most of these are in now; None without one. One query."""
    stays = Episode.objects.filter(patient__in=list(patient_ids), ended_at=None)
    return commonest(stays.values_list("program__pack", flat=True))


def commonest(packs: Iterable[str]) -> Pack | None:
    """The pack that is named most often; None without one."""
    counted = Counter(packs)
    try:
        return pack.get(max(counted, key=lambda name: (counted[name], name))) if counted else None
    except LookupError:  # a pack that no longer ships
        return None


def lessons_of(described: Pack, *, first: str = "") -> list[Lesson]:
    """Every lesson of the curriculum in the reader's language; the one with the id `first` stands first."""
    language = translation.get_language() or "en"
    found = [described.lesson(pk, language) for module in described.modules for pk in module.lessons]
    return sorted(found, key=lambda each: each.id != first)


def _parts(described: Pack, session: Session, language: str, at: datetime) -> tuple[Part, ...]:
    found = described.agenda(session.kind)
    if found is None:
        return ()
    starts_at = session.starts_at
    laid: list[Part] = []
    for part, minutes in zip(
        found.parts, laid_out([each.minutes for each in found.parts], minutes=session.minutes), strict=True
    ):
        ends_at = starts_at + timedelta(minutes=minutes)
        if minutes:
            title, purpose = in_language(part.title, language), in_language(part.purpose, language)
            laid.append(Part(starts_at, minutes, title, purpose, starts_at <= at < ends_at))
        starts_at = ends_at
    return tuple(laid)


def _lesson(described: Pack, session: Session, language: str) -> Lesson | None:
    try:
        return described.lesson(session.lesson, language) if session.lesson else None
    except KeyError:
        return None


def _advice(guide: Guide | None, language: str) -> tuple[Advice, ...]:
    if guide is None:
        return ()
    pieces = (
        (_("Open with"), guide.open),
        (_("Show"), guide.show),
        (_("Work on it"), guide.work),
        (_("Watch for"), guide.watch),
        (_("End with"), guide.close),
    )
    return tuple(Advice(title, in_language(words, language)) for title, words in pieces)


def _purpose(described: Pack, topic: str, language: str) -> str:
    """What today's topic is for, where it is one of the curriculum's."""
    known = (each for topics in (*(one.topics for one in described.tracks), described.strands) for each in topics)
    return next((in_language(each.purpose, language) for each in known if topic in each.title.values()), "")
