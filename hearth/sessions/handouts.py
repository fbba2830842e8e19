"""Reads of what was handed out in sessions: by those who lead, and by each student for themself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import translation

from hearth.accounts.models import User
from hearth.people.models import Patient
from hearth.program.pack import Lesson, in_language
from hearth.sessions.agendas import lessons_of, pack_of_most
from hearth.sessions.models import Attendance, Handout, HandoutReceipt, Session
from hearth.sessions.queries import HERE

SHOWN_FOR = timedelta(hours=24)  # product default: so long after it was handed out it stands on a student's Today


@dataclass(frozen=True, slots=True)
class Sheet:
    """One lesson that can be handed out; `handout` once it was, `read_by` those who opened it, by name."""

    lesson: Lesson
    module: str
    is_todays: bool
    handout: Handout | None
    read_by: Collection[str] = ()

    @property
    def is_near(self) -> bool:
        """Whether it stands open on the page: today's own, or handed out."""
        return self.is_todays or self.handout is not None


def sheets_of(*, session: Session, patient_ids: Collection[UUID]) -> list[Sheet]:
    """The curriculum's lessons for this session, today's own first, for a caller who has passed `access_session`.

    Three queries, whatever the number.
    """
    described = pack_of_most(patient_ids)
    if described is None:
        return []
    receipts = HandoutReceipt.objects.select_related("attendance__patient").order_by("opened_at")
    given = {
        each.lesson: each for each in session.handouts.prefetch_related(Prefetch("receipts", receipts, to_attr="read"))
    }
    language = translation.get_language() or "en"
    modules = {one.id: in_language(one.title, language) for one in described.modules}
    return [
        Sheet(each, modules[each.module], each.id == session.lesson, given.get(each.id), _names(given.get(each.id)))
        for each in lessons_of(described, first=session.lesson)
    ]


def _names(handout: Any) -> list[str]:
    return [each.attendance.patient.short_name for each in handout.read] if handout else []


@dataclass(frozen=True, slots=True)
class OwnHandout:
    """A handout as its student sees it."""

    handout: Handout
    title: str
    is_new: bool


def own_handouts(*, patient: Patient, at: datetime) -> list[OwnHandout]:
    """What was handed out of late in sessions that `patient` takes part in, newest first. Two queries.

    For the student themself.
    """
    mine = Attendance.objects.filter(patient=patient, status__in=HERE, session=OuterRef("session"))
    opened = HandoutReceipt.objects.filter(handout=OuterRef("pk"), attendance__patient=patient)
    rows = (
        Handout.objects.filter(Exists(mine), given_at__gt=at - SHOWN_FOR, given_at__lte=at)
        .annotate(was_opened=Exists(opened))
        .select_related("session", "given_by")
        .order_by("-given_at", "lesson")
    )
    found = list(rows)
    described = pack_of_most([patient.pk]) if found else None
    if described is None:
        return []
    titles = {each.id: each.title for each in lessons_of(described)}
    return [OwnHandout(each, titles[each.lesson], not each.was_opened) for each in found if each.lesson in titles]


def own_handout(*, viewer: User, pk: UUID) -> tuple[Handout, Attendance]:
    """The handout `pk` and the viewer's own place in its session. Raises PermissionDenied."""
    handout = Handout.objects.filter(pk=pk).first()
    if handout is None:
        raise PermissionDenied
    place = Attendance.objects.filter(session=handout.session_id, patient__user=viewer, status__in=HERE).first()
    if place is None:
        raise PermissionDenied
    return handout, place
