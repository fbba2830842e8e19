"""Reads of lessons, practice and thought records. Callers have passed the chart's door unless a viewer is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from hearth.accounts.models import User
from hearth.admission.queries import latest_episode_of
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.program import pack
from hearth.program.pack import Lesson, in_language
from hearth.skills import rules
from hearth.skills.models import Assignment, Practice, ThoughtRecord

LATEST = 12  # practices whose lessons a phone keeps
AT_HAND = 10  # thought records and sheets, of each, that a phone keeps to go on with


@dataclass(frozen=True, slots=True)
class Shelf:
    """One module with its lessons, in the reader's language."""

    title: str
    purpose: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class DueLesson:
    """A lesson somebody handed to a student, not practised yet."""

    lesson: Lesson
    due_on: date
    assigned_by: User
    is_late: bool


def pack_of(patient: Patient) -> pack.Pack | None:
    """The pack of the program `patient` is in, or was in last; None before there is one."""
    episode = latest_episode_of(patient)
    return pack.get(episode.program.pack) if episode else None


def shelves_of(patient: Patient, language: str) -> list[Shelf]:
    """Every module of the student's program with its lessons."""
    found = pack_of(patient)
    return [] if found is None else shelves(found, language)


def shelves(found: pack.Pack, language: str) -> list[Shelf]:
    """Every module of this pack with its lessons."""
    return [
        Shelf(
            in_language(module.title, language),
            in_language(module.purpose, language),
            tuple(found.lesson(lesson_id, language) for lesson_id in module.lessons),
        )
        for module in found.modules
    ]


def lesson_for(patient: Patient, lesson_id: str, language: str) -> Lesson | None:
    """The lesson, if the student's program has it."""
    found = pack_of(patient)
    if found is None or lesson_id not in {one.id for one in found.lessons}:
        return None
    return found.lesson(lesson_id, language)


def is_gentle(patient: Patient, lesson: Lesson) -> bool:
    """Whether this lesson keeps skipping and stopping in sight."""
    found = pack_of(patient)
    return found is not None and found.is_gentle(lesson)


def grounding_for(patient: Patient, lesson: Lesson) -> str:
    """The id of another lesson that leads from this one back to here and now; empty without one."""
    found = pack_of(patient)
    grounding = found.grounding(lesson) if found else ""
    return "" if grounding == lesson.id else grounding


def due_lessons(patient: Patient, today: date, *, language: str | None = None) -> list[DueLesson]:
    """What `patient` was asked to practise and has not yet, the earliest due first, in the reader's language."""
    spoken = language or get_language() or "en"
    rows = list(
        Assignment.objects.filter(patient=patient, done_at=None).select_related("assigned_by").order_by("due_on", "pk")
    )
    found = pack_of(patient) if rows else None
    if found is None:
        return []
    known = {one.id for one in found.lessons}
    return [
        DueLesson(found.lesson(row.lesson, spoken), row.due_on, row.assigned_by, row.due_on < today)
        for row in rows
        if row.lesson in known
    ]


def practices_of(patient: Patient) -> QuerySet[Practice]:
    """Everything practised, newest first."""
    return Practice.objects.filter(patient=patient).order_by("-practised_at", "pk")


def lessons_at_hand(patient: Patient, due: Iterable[DueLesson]) -> list[str]:
    """The lessons that a phone keeps for when there is no connection: those `due`, and those practised last."""
    practised = list(practices_of(patient).values_list("lesson", flat=True)[:LATEST])
    return list(dict.fromkeys([*(one.lesson.id for one in due), *practised]))


def practised_since(patients: Iterable[Patient], since: datetime) -> dict[UUID, int]:
    """How often each of `patients` practised or wrote a thought record since then, in two queries."""
    counts = {patient.pk: 0 for patient in patients}
    for model, when in ((Practice, "practised_at"), (ThoughtRecord, "written_at")):
        rows = model._default_manager.filter(Q((f"{when}__gte", since)), patient__in=list(counts))
        for patient_id in rows.values_list("patient_id", flat=True):
            counts[patient_id] += 1
    return counts


def thought_records_of(patient: Patient) -> QuerySet[ThoughtRecord]:
    """All thought records, newest first. For the student alone."""
    return ThoughtRecord.objects.filter(patient=patient).order_by("-written_at", "pk")


def records_beside(record: ThoughtRecord) -> QuerySet[ThoughtRecord]:
    """What was written in its place on another device in between, and is still kept beside it."""
    return thought_records_of(record.patient).filter(Q(beside=record) | Q(pk=record.beside_id))


def shared_thought_records_of(patient: Patient) -> QuerySet[ThoughtRecord]:
    """Those thought records the student shares with the care team, newest first."""
    return thought_records_of(patient).filter(is_shared=True)


def own_thought_record(*, viewer: User, pk: UUID) -> ThoughtRecord:
    """The viewer's own thought record. Raises PermissionDenied; nobody else has a way to it."""
    record = thought_records_of(own_patient(viewer=viewer)).filter(pk=pk).first()
    if record is None:
        raise PermissionDenied
    return record


def feelings_of(record: ThoughtRecord) -> tuple[rules.Feeling, ...]:
    """The feelings of this record as values."""
    return tuple(rules.Feeling(one["name"], one["before"], one.get("after")) for one in record.feelings)


def assignments_of(patient: Patient) -> QuerySet[Assignment]:
    """Every lesson handed to `patient`, newest first."""
    return Assignment.objects.filter(patient=patient).select_related("assigned_by").order_by("-assigned_at", "pk")
