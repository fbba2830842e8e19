"""Reads of the biopsychosocial assessment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.background.known import Beside, Known, beside_of, is_shown, known_of
from hearth.background.models import Background, BackgroundAnswer, BackgroundLook, BackgroundSignature
from hearth.background.questionnaire import Words, questions, words
from hearth.background.rules import Item, Section, Value, Values, applicable
from hearth.consent.queries import access_chart
from hearth.people.models import Patient

READERS = CARE | {Role.COORDINATOR, Role.DIRECTOR}
WRITERS = CLINICIANS | {Role.COORDINATOR, Role.NURSE}
"""Who completes it with the student. Only a clinician with a licence in force signs."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one question stands: what counts now, who said it, what the student said, and what was told before."""

    item: Item
    known: Known | None
    answers: Sequence[BackgroundAnswer]  # newest first

    @property
    def answer(self) -> BackgroundAnswer | None:
        """What was said last, by whomever."""
        return self.answers[0] if self.answers else None

    @property
    def own(self) -> BackgroundAnswer | None:
        """What the student said last."""
        return next((one for one in self.answers if one.own), None)

    @property
    def value(self) -> Value:
        """What counts now. What was told before stands until somebody says otherwise, unless it is true of a day."""
        if self.answer:
            return value_of(self.answer)
        return self.known.value if self.known and self.known.own and not self.item.again else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a version. `look` is the last time somebody saved or skipped it."""

    section: Section
    standings: tuple[Standing, ...]
    looks: Sequence[BackgroundLook]  # newest first
    beside: Sequence[Beside]

    @property
    def look(self) -> BackgroundLook | None:
        return self.looks[0] if self.looks else None

    @property
    def seen(self) -> int:
        """How many answers it holds, corrections with them: whoever changes it has had all of them before them."""
        return sum(len(one.answers) for one in self.standings)

    @property
    def own_look(self) -> BackgroundLook | None:
        return next((one for one in self.looks if one.own), None)


@dataclass(frozen=True, slots=True)
class Picture:
    """A version as it stands."""

    patient: Patient
    background: Background | None
    parts: tuple[Part, ...]

    @property
    def values(self) -> Values:
        return {one.item.id: one.value for part in self.parts for one in part.standings if one.value}

    @property
    def own_values(self) -> Values:
        """What the student knows to have told: their answers, and what is shown to them as told before."""
        found = {}
        for part in self.parts:
            for one in part.standings:
                if one.own:
                    found[one.item.id] = value_of(one.own)
                elif one.known and one.known.own and not one.item.again:
                    found[one.item.id] = one.known.value
        return {name: value for name, value in found.items() if value}

    def part(self, section: str) -> Part | None:
        return next((one for one in self.parts if one.section.id == section), None)

    def after(self, kept: Iterable[BackgroundAnswer]) -> Self:
        """The same with what was just answered."""
        new = {row.item: row for row in kept}
        parts = (
            replace(
                part,
                standings=tuple(
                    replace(one, answers=[new[one.item.id], *one.answers]) if one.item.id in new else one
                    for one in part.standings
                ),
            )
            for part in self.parts
        )
        return replace(self, parts=tuple(parts))

    def looked_at(self, *, own: bool) -> frozenset[str]:
        """The sections that were saved or skipped, by the student or by anybody."""
        return frozenset(one.section.id for one in self.parts if (one.own_look if own else one.look))


def value_of(answer: BackgroundAnswer) -> Value:
    """A stored answer as the rules read it."""
    return tuple(answer.value) if isinstance(answer.value, list) else str(answer.value)


def access_background(*, viewer: User, pk: UUID, at: datetime, to: str = "read") -> Patient:
    """The patient whose assessment staff may read or change, with the read written down. Raises PermissionDenied.

    Not for family: whoever sees a student's schedule sees nothing of this.
    """
    if not viewer.has_any(READERS if to == "read" else WRITERS):
        raise PermissionDenied
    return access_chart(viewer=viewer, pk=pk, purpose="TREAT", at=at, to=to, what="background")


def open_version(patient: Patient) -> Background | None:
    """The version that is being answered. The caller has passed a door, as for all that follows."""
    return Background.objects.filter(patient=patient, signed_at=None).first()


def versions_of(patient: Patient) -> QuerySet[Background]:
    """Every version, newest first, with its signature and addenda."""
    rows = Background.objects.filter(patient=patient).select_related("signature__by", "begun_by")
    return rows.prefetch_related("addenda__by").order_by("-version")


def version_of(patient: Patient, number: int) -> Background | None:
    return versions_of(patient).filter(version=number).first()


def last_signature(patient: Patient) -> BackgroundSignature | None:
    rows = BackgroundSignature.objects.filter(patient=patient).select_related("by", "background")
    return rows.order_by("-at").first()


def picture_of(patient: Patient, *, staff: bool) -> Picture:
    """The open version as it stands, or what is known before one was begun. A fixed number of queries."""
    background = open_version(patient)
    known = known_of(patient)
    beside = beside_of(patient) if staff else {}
    answers: dict[str, list[BackgroundAnswer]] = {}
    looks: dict[str, list[BackgroundLook]] = {}
    if background:
        for row in background.answers.select_related("by").order_by("-at", "-pk"):
            answers.setdefault(row.item, []).append(row)
        for look in background.looks.select_related("by").order_by("-at", "-pk"):
            looks.setdefault(look.section, []).append(look)
    return Picture(
        patient,
        background,
        tuple(
            Part(
                section,
                tuple(Standing(one, known.get(one.id), answers.get(one.id, [])) for one in section.items),
                looks.get(section.id, []),
                beside.get(section.id, []),
            )
            for section in questions().sections
        ),
    )


def answers_now(patient: Patient) -> int:
    """How many answers the open version holds, corrections with them: what a clinician must have read to sign."""
    return BackgroundAnswer.objects.filter(background__patient=patient, background__signed_at=None).count()


def words_for(patient: Patient, language: str) -> Words:
    """The questions as they are put to this patient."""
    return words(language, str(patient.population))


@dataclass(frozen=True, slots=True)
class Ask:
    """What the student's Today says of it: how many sections they looked at, of how many."""

    done: int
    of: int
    is_again: bool


def asked_of(patient: Patient, *, is_in_program: bool) -> Ask | None:
    """Whether the student is asked: on the way in, and wherever staff began a version. One query."""
    rows = Background.objects.filter(patient=patient).order_by("-version")
    newest = rows.annotate(done=Count("looks__section", distinct=True, filter=Q(looks__own=True))).first()
    if newest is None:
        return None if is_in_program or patient.has_died else Ask(0, len(questions().sections), is_again=False)
    if not newest.is_open or newest.told_at or patient.has_died:
        return None
    return Ask(newest.done, len(questions().sections), is_again=newest.version > 1)


def waiting_to_be_signed(patients: Iterable[UUID]) -> frozenset[UUID]:
    """Those whose student said that this is all, and whom nobody has completed and signed yet. One query."""
    rows = Background.objects.filter(patient__in=list(patients), signed_at=None, told_at__isnull=False)
    return frozenset(rows.values_list("patient_id", flat=True))


@dataclass(frozen=True, slots=True)
class State:
    """Where the newest version stands, for pages of admission and the chart."""

    newest: Background | None
    signed: BackgroundSignature | None
    done: int
    of: int


def state_of(patient: Patient) -> State:
    """Two queries."""
    rows = Background.objects.filter(patient=patient).order_by("-version")
    newest = rows.annotate(done=Count("looks__section", distinct=True)).first()
    return State(newest, last_signature(patient), newest.done if newest else 0, len(questions().sections))


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as it stands beside a dimension of the level of care."""

    question: str
    said: str
    who: str
    at: datetime | None


def lines_by_dimension(patient: Patient, *, language: str) -> dict[str, list[Line]]:
    """By dimension what the assessment tells of it, in order: the open version, else the one signed last."""
    signed = None if open_version(patient) else last_signature(patient)
    lines = _lines_of(signed) if signed else _lines_standing(patient, language)
    found: dict[str, list[Line]] = {}
    for item in questions().items:
        for dimension in item.dimensions if item.id in lines else ():
            found.setdefault(dimension, []).append(lines[item.id])
    return found


def _lines_of(signed: BackgroundSignature) -> dict[str, Line]:
    return {
        name: Line(row["text"], row["said"], row["who"], datetime.fromisoformat(row["at"]))
        for name, row in signed.body["items"].items()
    }


def _lines_standing(patient: Patient, language: str) -> dict[str, Line]:
    picture, spoken = picture_of(patient, staff=False), words_for(patient, language)
    found = {}
    for one in told_in(picture):
        answer, known = one.answer, one.known
        who, at = (answer.by.name, answer.at) if answer else ("", known.at if known else None)
        found[one.item.id] = Line(spoken.items[one.item.id].text, spoken.said(one.item, one.value), who, at)
    return found


def filled_in(one: Standing, *, own: bool) -> Known | None:
    """What was told before and stands in this reader's form, so that they only say whether it is still true."""
    known = one.known
    if known is None or one.item.again or not known.own or not is_shown(one.item, known, staff=not own):
        return None
    return known


def told_in(picture: Picture) -> list[Standing]:
    """The questions that were answered, of those that are asked after the other answers."""
    values = picture.values
    return [
        one
        for part in picture.parts
        for one in part.standings
        if one.value and one.item in applicable(part.section, values, who="staff")
    ]
