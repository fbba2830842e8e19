"""Answering the assessment, completing it with the student, signing it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS
from hearth.audit import services as audit
from hearth.background import rules
from hearth.background.models import (
    Background,
    BackgroundAddendum,
    BackgroundAnswer,
    BackgroundLook,
    BackgroundSignature,
)
from hearth.background.paper import body_of
from hearth.background.queries import WRITERS, Standing, filled_in, open_version, picture_of, value_of
from hearth.background.questionnaire import questions
from hearth.background.wording import ABOUT, REASONS
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.safety import services as safety
from hearth.safety.services import NotLicensed, licence_on

SOURCE = "background.answer"


class NotAsked(Exception):
    """There is no such section, or nobody asks for this version at the moment."""


class AlreadySigned(Exception):
    """This version is locked; what is missing is added as an addendum."""


class ChangedMeanwhile(Exception):
    """Something was answered since they read it: they read that first."""


class SummaryMissing(Exception):
    """A signed assessment has the clinician's own summary."""


class WordsMissing(Exception):
    """An addendum says something."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving a section. `more`: the answers lead to questions of it that were not on the screen."""

    background: Background
    in_danger: bool
    more: bool


@transaction.atomic
def begin(*, patient_pk: UUID, by: User, at: datetime) -> Background:
    """The open version, or a new one that starts from the last. Raises PermissionDenied."""
    patient, own = _patient(patient_pk, by=by, at=at)
    if patient.has_died:
        raise PermissionDenied
    return _begin(patient, own=own, by=by, at=at)


def _begin(patient: Patient, *, own: bool, by: User, at: datetime) -> Background:
    background = open_version(patient)
    if background:
        return background
    last = patient.backgrounds.order_by("-version").first()
    if own and last is not None:  # staff say when it is looked through again
        raise NotAsked
    made = Background.objects.create(
        patient=patient,
        version=last.version + 1 if last else 1,
        questions=questions().version,
        begun_by=by,
        begun_at=at,
    )
    audit.record("background.begun", by=by, about=made, at=at, version=made.version)
    return made


@transaction.atomic
def save_section(
    *,
    patient_pk: UUID,
    section: str,
    given: Mapping[str, object],
    by: User,
    at: datetime,
    skip: bool = False,
    seen: int | None = None,
) -> Saved:
    """Keep what the student, or staff with them, said in this section; what did not change is not stored again.

    A grave answer, or words that tell of danger, raise a concern in the same transaction. `given` holds the questions
    that were on the screen. With `skip` nothing is kept but that. `seen` is how many answers of it staff had before
    them. Raises NotAsked, ChangedMeanwhile, UnusableAnswer, PermissionDenied.
    """
    found = questions().section(section)
    if found is None:
        raise NotAsked
    patient, own = _patient(patient_pk, by=by, at=at)
    background = _begin(patient, own=own, by=by, at=at)
    picture = picture_of(patient, staff=False)
    part = picture.part(section)
    assert part is not None
    if seen is not None and part.seen != seen:
        raise ChangedMeanwhile
    who: rules.Who = "student" if own else "staff"
    on_screen = [one for one in part.standings if one.item.id in given and one.item.is_for(who)]
    kept = [] if skip else _keep(background, on_screen, given, own=own, by=by, at=at)
    BackgroundLook.objects.create(background=background, section=section, skipped=skip, own=own, by=by, at=at)
    audit.record("background.answered", by=by, about=background, at=at, section=section, own=own, answers=len(kept))
    grave = _raise_concerns(patient, kept, by=by, at=at)
    now = picture.after(kept)
    values = now.own_values if own else now.values
    return Saved(background, grave, not skip and rules.more(found, [one.item for one in on_screen], values, who=who))


def _keep(
    background: Background,
    on_screen: list[Standing],
    given: Mapping[str, object],
    *,
    own: bool,
    by: User,
    at: datetime,
) -> list[BackgroundAnswer]:
    rows = []
    for one in on_screen:
        value = rules.read(one.item, given[one.item.id])
        before = one.own if own else one.answer
        shown = filled_in(one, own=own)
        if (value_of(before) != value) if before else (value or shown):
            confirms = shown.label if not before and shown and shown.value == value else ""
            rows.append(
                BackgroundAnswer(
                    background=background,
                    patient_id=background.patient_id,
                    item=one.item.id,
                    value=list(value) if isinstance(value, tuple) else value,
                    own=own,
                    confirms=confirms,
                    by=by,
                    at=at,
                )
            )
    return BackgroundAnswer.objects.bulk_create(rows)


def _raise_concerns(patient: Patient, kept: list[BackgroundAnswer], *, by: User, at: datetime) -> bool:
    """One concern for each severity, with every reason of it. Whether there was any."""
    asked = {item.id: item for item in questions().items}
    found: dict[str, list[tuple[BackgroundAnswer, str]]] = {}
    for row in kept:
        for alert in rules.alerts(asked[row.item], value_of(row)):
            found.setdefault(alert.severity, []).append((row, REASONS[alert.reason]))
    for severity, told in found.items():
        safety.raise_concern(
            patient=patient,
            source_kind=SOURCE,
            source_id=told[0][0].pk,
            severity=severity,
            summary="\n".join([ABOUT, *dict.fromkeys(reason for _row, reason in told)])[:300],
            by=by,
            at=at,
        )
    return bool(found)


@transaction.atomic
def finish(*, patient_pk: UUID, by: User, at: datetime) -> Background:
    """The student says: that is all for now, however much of it they answered. Raises PermissionDenied, NotAsked."""
    patient, own = _patient(patient_pk, by=by, at=at)
    if not own:
        raise PermissionDenied
    background = _begin(patient, own=True, by=by, at=at)
    if background.told_at is None:
        background.told_at = at
        background.save(update_fields=["told_at"])
        audit.record("background.told", by=by, about=background, at=at, version=background.version)
    return background


@transaction.atomic
def keep_summary(*, patient_pk: UUID, summary: str, by: User, at: datetime) -> Background:
    """Keep a clinician's draft of the summary. Raises PermissionDenied, AlreadySigned."""
    background = _to_sign(patient_pk, by=by, at=at)
    if background.summary != summary.strip():
        background.summary = summary.strip()
        background.save(update_fields=["summary"])
        audit.record("background.summary_kept", by=by, about=background, at=at, version=background.version)
    return background


@transaction.atomic
def sign(*, patient_pk: UUID, summary: str, seen: int, language: str, by: User, at: datetime) -> BackgroundSignature:
    """Sign what stands, with this summary. From then on it is locked; whatever is left open does not stop it.

    `seen` is how many answers the clinician had before them. Raises PermissionDenied, NotLicensed, SummaryMissing,
    ChangedMeanwhile, AlreadySigned.
    """
    background = _to_sign(patient_pk, by=by, at=at)
    licence = licence_on(by, at.astimezone(by.organisation.zone).date())
    if not licence:
        raise NotLicensed
    if not summary.strip():
        raise SummaryMissing
    if background.answers.count() != seen:
        raise ChangedMeanwhile
    picture = picture_of(background.patient, staff=True)
    body = body_of(picture, language=language)
    row = BackgroundSignature.objects.create(
        background=background,
        patient=background.patient,
        body=body,
        summary=summary.strip(),
        digest=digest(body, summary.strip()),
        licence=licence,
        by=by,
        at=at,
    )
    background.summary, background.signed_at = summary.strip(), at
    background.save(update_fields=["summary", "signed_at"])
    audit.record("background.signed", by=by, about=background, at=at, version=background.version, digest=row.digest)
    return row


def digest(body: Mapping[str, object], summary: str) -> str:
    """What shows that nothing of it was changed."""
    whole = json.dumps([body, summary], sort_keys=True, ensure_ascii=False)
    return sha256(whole.encode()).hexdigest()


@transaction.atomic
def add(*, background: Background, text: str, by: User, at: datetime) -> BackgroundAddendum:
    """Add to a signed version. Raises PermissionDenied, WordsMissing, and NotAsked while it is open."""
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    access_chart(viewer=by, pk=background.patient_id, purpose="TREAT", at=at, to="change", what="background")
    if background.is_open:
        raise NotAsked
    if not text.strip():
        raise WordsMissing
    row = BackgroundAddendum.objects.create(background=background, text=text.strip(), by=by, at=at)
    audit.record("background.added", by=by, about=background, at=at, version=background.version)
    return row


def _to_sign(patient_pk: UUID, *, by: User, at: datetime) -> Background:
    """The open version, for a clinician who may change the chart."""
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=patient_pk, purpose="TREAT", at=at, to="change", lock=True, what="background")
    background = open_version(patient)
    if background is None:
        raise AlreadySigned
    return background


def _patient(pk: UUID, *, by: User, at: datetime) -> tuple[Patient, bool]:
    """The patient's row, held, and whether it is the student themself who writes."""
    own = Patient.objects.filter(pk=pk, user=by).exists()
    if not own and not by.has_any(WRITERS):
        raise PermissionDenied
    to = "own" if own else "change"
    patient = access_chart(viewer=by, pk=pk, purpose="TREAT", at=at, to=to, lock=True, what="background")
    return patient, own
