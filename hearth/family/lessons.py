"""The lessons for families, in the reader's language, and which of them somebody has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.family.models import LessonRead
from hearth.program import pack
from hearth.program.pack import Lesson


@dataclass(frozen=True, slots=True)
class Shelf:
    """The lessons in order, and those that the reader has read."""

    lessons: Sequence[Lesson]
    read: frozenset[str]

    @property
    def next(self) -> Lesson | None:
        """The first one not read yet."""
        return next((one for one in self.lessons if one.id not in self.read), None)


def shelf_of(*, viewer: User, language: str) -> Shelf:
    """What there is to read for whoever is close to a student. The same for all: it says nothing of anybody."""
    shared = pack.all_packs()[0]
    lessons = [shared.family_lesson(lesson, language) for lesson in shared.family]
    return Shelf(lessons, frozenset(LessonRead.objects.filter(person=viewer).values_list("lesson", flat=True)))


@transaction.atomic
def mark(*, lesson: str, is_read: bool, by: User, at: datetime) -> None:
    """Mark a lesson as read for oneself, or no longer."""
    if not is_read:
        LessonRead.objects.filter(person=by, lesson=lesson).delete()
        audit.record("family.lesson_unread", by=by, about=by, at=at)
        return
    row, is_new = LessonRead.objects.get_or_create(person=by, lesson=lesson, defaults={"read_at": at})
    if is_new:
        audit.record("family.lesson_read", by=by, about=row, at=at)
