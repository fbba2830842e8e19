"""Reading what students write where staff may read it, for words of danger: asked by every service that stores such."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.people.models import Patient
from hearth.safety import danger, danger_of_others, help_at_once
from hearth.safety.models import Concern, ConcernGrade
from hearth.safety.services.raising import raise_concern

WORRIED = gettext_noop("Wrote words of danger that their care team may read: read them and speak with them.")
"""It repeats no words: who sees concerns may not be one of those with whom these were shared."""

WORRIED_ABOUT = gettext_noop("Somebody close to them wrote words that worry us.")
"""It names nobody, either: the student may read the record."""


@transaction.atomic
def read_own_words(
    *,
    patient: Patient,
    kind: str,
    row: UUID,
    where: str,
    words: object,
    by: User,
    at: datetime,
    before: object = (),
    written_at: datetime | None = None,
) -> None:
    """Raise a concern where `words`, which staff may read from now on, show danger of the student who wrote them.

    `words`, and `before`, what of them staff could read until now, are texts in whatever holds them (a row's JSON).
    `where` tells staff in a sentence where to look; `kind` and `row` are what they stand in. `written_at` is when, if
    that was before `at`, when they reached us; the concern says both. What was read before is not read again, and the
    same words in the same place, shared anew, raise no second concern while the first is open. What staff write is not
    read.
    """
    if patient.user_id != by.pk:
        return
    known = frozenset(texts_in(before))
    grave = [text for text in texts_in(words) if text not in known and danger.severity_in(text)]
    if not grave:
        return
    severity = danger.worst(danger.severity_in(text) for text in grave)
    raise_concern(
        patient=patient,
        source_kind=kind,
        source_id=_source(kind, uuid5(row, "\n".join(grave)), severity),
        severity=severity,
        summary="\n".join([*_times(patient, written_at, at), WORRIED, where]),
        by=by,
        at=at,
    )
    help_at_once.offer()


@transaction.atomic
def read_words_about(*, patient: Patient, kind: str, row: UUID, where: str, words: str, at: datetime) -> None:
    """Raise a concern where `words` that somebody close to this student wrote show danger of either of them.

    The same words in the same place raise no second one while the first is open.
    """
    severity = danger_of_others.severity_of(words)
    if not severity:
        return
    raise_concern(
        patient=patient,
        source_kind=kind,
        source_id=_source(kind, uuid5(row, words), severity),
        severity=severity,
        summary=f"{WORRIED_ABOUT}\n{where}",
        by=None,
        at=at,
    )


def texts_in(words: object) -> list[str]:
    """Every text in this, in its order, however deep."""
    if isinstance(words, str):
        return [words.strip()] if words.strip() else []
    if isinstance(words, dict):
        return texts_in(list(words.values()))
    if isinstance(words, Iterable):
        return [text for each in words for text in texts_in(each)]
    return []


def _source(kind: str, source: UUID, severity: str) -> UUID:
    """What these words raise their concern under: another one each time theirs was dealt with, graded or not."""
    dealt_with = Concern.objects.filter(source_kind=kind, resolved_at__isnull=False)
    graded = Exists(ConcernGrade.objects.filter(concern=OuterRef("pk"), before=severity))
    while dealt_with.filter(Q(severity=severity) | graded, source_id=source).exists():
        source = uuid5(source, "again")
    return source


def _times(patient: Patient, written_at: datetime | None, at: datetime) -> list[str]:
    """Both times of what was written without a connection and reached us later."""
    if written_at is None:
        return []
    zone = patient.organisation.zone
    written, received = written_at.astimezone(zone), at.astimezone(zone)
    return [f"{written:%Y-%m-%d %H:%M} → {received:%Y-%m-%d %H:%M}"]
