"""Questions of families to the care team: asked, owned by the primary counselor, answered by a named person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.family.models import Question
from hearth.family.queries import Sheet, sheets
from hearth.lib.form_tokens import for_other_words
from hearth.people.models import CareTeamMember, Patient, Relationship
from hearth.people.queries import primary_counselor_of
from hearth.safety.danger_of_others import severity_of
from hearth.safety.services import raise_concern

WORRIED = gettext_noop("Somebody close to them wrote words that worry us. Read their question under Family.")
"""It repeats no words and names nobody: the student may read the record."""


class MayNotConfirm(Exception):
    """The answer names a student to somebody who may not be told that they are here."""


class MayHaveChanged(Exception):
    """What may be said is not what it was when the answer was begun."""


class Answered(Exception):
    """A colleague has answered meanwhile."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as its asker reads it."""

    question: Question
    answer: str  # empty where it may not be read any more, or not yet
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question with what may be said to its asker, for whoever answers."""

    question: Question
    sheet: Sheet
    owner: User | None


def ties_of(viewer: User, *, at: datetime) -> list[Sheet]:
    """Everybody living whom `viewer` is close to, with what they may know."""
    rows = Relationship.objects.filter(person=viewer, patient__has_died=False)
    return sheets(rows.select_related("person", "patient__organisation").order_by("pk"), at=at)


@transaction.atomic
def ask(*, tie: UUID, text: str, token: UUID, by: User, at: datetime) -> Question:
    """Ask the care team. Words of danger raise a concern with it. Raises PermissionDenied.

    The same form sent twice is one question; with other words, or about somebody else, it is another.
    """
    row = Relationship.objects.filter(pk=tie, person=by, patient__has_died=False).select_related("patient").first()
    if row is None or not by.has_role(Role.FAMILY):
        raise PermissionDenied
    severity = severity_of(text)
    facts = {"patient": row.patient, "text": text.strip(), "asked_at": at, "severity": severity}
    question, is_new = Question.objects.get_or_create(form_token=token, defaults={"relationship": row, **facts})
    if question.relationship.person_id != by.pk:
        raise PermissionDenied
    if not is_new:
        if question.relationship_id == row.pk and question.text == text.strip():
            return question
        return ask(tie=tie, text=text, token=for_other_words(token, str(tie), text.strip()), by=by, at=at)
    audit.record("family.asked", by=by, about=question, at=at)
    if severity:
        raise_concern(
            patient=row.patient,
            source_kind="family.question",
            source_id=question.pk,
            severity=severity,
            summary=WORRIED,
            by=None,
            at=at,
        )
    return question


def asked_by(viewer: User, *, at: datetime) -> list[Asked]:
    """What `viewer` asked, newest first. An answer about a student is read only while they may know of them."""
    open_to = {one.tie.pk for one in ties_of(viewer, at=at) if one.may_confirm}
    rows = Question.objects.filter(relationship__person=viewer).select_related("answered_by").order_by("-asked_at")
    found = []
    for row in rows[:50]:
        withheld = bool(row.answer) and row.confirms and row.relationship_id not in open_to
        found.append(Asked(row, "" if withheld else row.answer, withheld))
    return found


def waiting_for(viewer: User) -> Sequence[Question]:
    """Unanswered questions of those whose primary counselor `viewer` is; without one they go to supervisors."""
    if not viewer.has_any(CARE):
        return ()
    primary = CareTeamMember.objects.current().filter(
        patient=OuterRef("patient"), is_primary=True, member__is_active=True
    )
    mine = Q(Exists(primary.filter(member=viewer)))
    if viewer.has_role(Role.SUPERVISOR):
        mine |= Q(~Exists(primary))
    rows = Question.objects.waiting().filter(mine).select_related("patient", "relationship__person")
    return list(rows.order_by("asked_at")[:25])


def access_question(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Waiting:
    """A question to answer, for those who care for its student. Raises PermissionDenied."""
    rows = Question.objects.select_related("relationship__person", "relationship__patient__organisation", "answered_by")
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if row is None or not viewer.has_any(CARE):
        raise PermissionDenied
    patient = access_chart(viewer=viewer, pk=row.patient_id, purpose="TREAT", at=at, to="change", what="family")
    (sheet,) = sheets([row.relationship], at=at)
    return Waiting(row, sheet, primary_counselor_of(patient))


def words_that_confirm_nothing(asker: User) -> str:
    """An answer that is kind and says of nobody that they are here, in the asker's language."""
    with translation.override(asker.language):
        return _(
            "Thank you for writing. The law does not let us say whether somebody is or was in our care, to anyone, so "
            "please do not take this as a yes or a no. We have read what you wrote. If you are worried about "
            "somebody's safety, call 911, or call or text 988 at any hour; 988 is there for you too."
        )


@transaction.atomic
def answer(*, question: UUID, words: str, confirming: bool, by: User, at: datetime) -> Question:
    """Answer in one's own name. `confirming` is what the screen said may be confirmed when the answer was begun.

    Raises PermissionDenied, Answered, MayHaveChanged, MayNotConfirm.
    """
    found = access_question(viewer=by, pk=question, at=at, lock=True)
    row, patient = found.question, found.sheet.tie.patient
    if row.answered_at is not None:
        raise Answered
    if confirming != found.sheet.may_confirm:
        raise MayHaveChanged
    if not found.sheet.may_confirm and _names(patient, words):
        raise MayNotConfirm
    row.answer, row.answered_by, row.answered_at, row.confirms = words.strip(), by, at, found.sheet.may_confirm
    row.save(update_fields=["answer", "answered_by", "answered_at", "confirms"])
    audit.record("family.answered", by=by, about=row, at=at, confirms=row.confirms)
    return row


def _names(patient: Patient, words: str) -> bool:
    """Whether these words hold one of the student's names."""
    names = (patient.chosen_name, patient.legal_given, patient.family_name)
    return any(re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE) for name in names if name)
