"""Notes of contacts outside sessions: begun from the chart, saved as they are written, signed once, or set aside."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import CARE
from hearth.audit import services as audit
from hearth.consent.models import Consent
from hearth.consent.queries import access_chart
from hearth.consent.services import record_disclosure
from hearth.people.models import Licence
from hearth.plan.models import Problem
from hearth.safety.models import Severity
from hearth.safety.services import raise_concern
from hearth.sessions import facts
from hearth.sessions.contacts import access_contact, spoken_with
from hearth.sessions.models import ContactNote, ContactNoteVersion, ProgressNote
from hearth.sessions.rules.contacts import EMERGENCIES, Kind, brought_together, fields_of, lacking, when
from hearth.sessions.rules.merging import Fields, Value
from hearth.sessions.rules.notes import digest
from hearth.sessions.services.cosigning import ask_co_signatures
from hearth.sessions.services.drafting import NoteLocked

TAPPED_TWICE = timedelta(minutes=10)


class ContactNotComplete(Exception):
    """Something is left before signing; `lacks` says what, as `rules.contacts.lacking` does."""

    def __init__(self, lacks: list[str]) -> None:
        super().__init__(f"{len(lacks)} things are missing")
        self.lacks = lacks


@transaction.atomic
def begin_contact(*, patient: UUID, kind: Kind, by: User, at: datetime) -> ContactNote:
    """A draft to write in; two taps begin one. Raises PermissionDenied."""
    person = access_chart(viewer=by, pk=patient, purpose="TREAT", at=at, to="change", lock=True, what="notes")
    if not by.has_any(CARE):
        raise PermissionDenied
    untouched = ContactNote.objects.filter(patient=person, author=by, kind=kind, version=0, set_aside_at=None)
    begun = untouched.filter(begun_at__gt=at - TAPPED_TWICE).first()
    if begun is not None:
        return begun
    local = at.astimezone(by.zone)
    said = {"day": local.date().isoformat(), "clock": f"{local:%H:%M}"}
    note = ContactNote.objects.create(
        patient=person, kind=kind, author=by, said=said, happened_at=at, begun_at=at, saved_at=at
    )
    audit.record("sessions.contact_begun", by=by, about=note, at=at, patient_id=person.pk, kind=kind)
    return note


@transaction.atomic
def save_contact(
    *, note: UUID, said: Mapping[str, Value], by: User, at: datetime, base: int | None = None
) -> ContactNote:
    """Keep what is written so far. `base` is the version it was begun from: what another window of its author saved
    since stays. Raises NoteLocked.
    """
    found = _open(note, by=by, at=at)
    mine = {name: said.get(name) or "" for name in fields_of(Kind(found.kind))}
    began = _at_version(found, base) if base is not None else found.said
    stands = brought_together(base=began, current=found.said, mine=mine)
    changes = {
        name: [found.said.get(name, ""), value] for name, value in stands.items() if found.said.get(name, "") != value
    }
    found.saved_at = at
    if changes:
        found.said, found.version = stands, found.version + 1
        found.happened_at = _happened_at(stands, by) or found.happened_at
        ContactNoteVersion.objects.create(note=found, number=found.version, changes=changes, at=at)
    found.save()
    return found


@transaction.atomic
def set_contact_aside(*, note: UUID, why: str, by: User, at: datetime) -> ContactNote:
    """End a draft that was begun by mistake; it is kept with the reason. Raises NoteLocked, ValueError without one."""
    if not why.strip():
        raise ValueError("a draft is set aside with a reason")
    found = _open(note, by=by, at=at)
    found.set_aside_at, found.set_aside_why = at, why.strip()[:200]
    found.save(update_fields=["set_aside_at", "set_aside_why"])
    audit.record("sessions.contact_set_aside", by=by, about=found, at=at, patient_id=found.patient_id)
    return found


@transaction.atomic
def sign_contact(*, note: UUID, by: User, at: datetime) -> ProgressNote:
    """Sign once: a locked progress note, the disclosure and the concern that follow from it, all of them or none.

    Raises ContactNotComplete, NoteLocked.
    """
    found = _open(note, by=by, at=at)
    spoken = spoken_with(found)
    may_tell = spoken is not None and spoken.consent is not None
    left = lacking(Kind(found.kind), found.said, is_past=found.happened_at <= at, may_tell=may_tell)
    if left:
        raise ContactNotComplete(left)
    consent = Consent.objects.get(pk=spoken.consent) if spoken and spoken.consent else None
    body = _body(found, consent, by=by)
    made = ProgressNote.objects.create(
        patient=found.patient, contact=found, body=body, signed_by=by, signed_at=at, digest=digest(body)
    )
    found.signed_at = at
    found.save(update_fields=["signed_at"])
    audit.record("sessions.note_signed", by=by, about=made, at=at, digest=made.digest)
    if consent is not None and found.said.get("disclosed"):
        who, what = str(found.said["who"]), str(found.said["disclosed"])
        record_disclosure(patient=found.patient, consent=consent, recipient=who, what=what, by=by, at=at)
    _raise_concern(found, made, by=by, at=at)
    ask_co_signatures(notes=[made], by=by, at=at)
    facts.notes_signed.send(ProgressNote, session_id=None, note_ids=[made.pk], by_id=by.pk, at=at)
    return made


def _open(pk: UUID, *, by: User, at: datetime) -> ContactNote:
    note = access_contact(viewer=by, pk=pk, at=at, to="change", lock=True)
    if not note.is_open:
        raise NoteLocked
    return note


def _at_version(note: ContactNote, base: int) -> Fields:
    """What the note said when version `base` had been saved."""
    said = dict(note.said)
    for row in note.versions.filter(number__gt=base).order_by("-number"):
        said |= {name: before for name, (before, _after) in row.changes.items()}
    return said


def _happened_at(said: Fields, by: User) -> datetime | None:
    typed = when(said)
    return datetime.combine(*typed, tzinfo=by.zone) if typed else None


def _body(note: ContactNote, consent: Consent | None, *, by: User) -> dict[str, Any]:
    start = note.happened_at.astimezone(by.zone)
    licences = Licence.objects.filter(holder=by, during__contains=start.date()).order_by("state", "number")
    problems = Problem.objects.filter(patient=note.patient, episode__ended_at=None)
    said = {name: note.said.get(name, "") for name in fields_of(Kind(note.kind))}
    return {
        "contact": note.kind,
        "session": note.get_kind_display(),
        "date": start.date().isoformat(),
        "start": f"{start:%H:%M}",
        "stop": f"{note.over_at.astimezone(by.zone):%H:%M}",
        "time_zone": by.zone.key,
        "clinician": by.name,
        "credentials": by.title,
        "licences": [f"{each.discipline} {each.state} {each.number}" for each in licences],
        "diagnoses": [
            {"text": each.text, "code": each.code} for each in problems.order_by("-is_primary", "noted_at", "pk")
        ],
        "consent": {"id": str(consent.pk), "signed_on": consent.signed_at.date().isoformat()} if consent else None,
        "said": said,
        "risk": said["risk"],
    }


def _raise_concern(note: ContactNote, made: ProgressNote, *, by: User, at: datetime) -> None:
    """A new or higher risk is somebody's to deal with from now on."""
    if note.said["risk"] != "new":
        return
    summary = note.said.get("presenting") or note.said.get("risk_text") or ""
    raise_concern(
        patient=note.patient,
        source_kind="care_sessions.progress_note",
        source_id=made.pk,
        severity=Severity.EMERGENCY if note.said.get("disposition") in EMERGENCIES else Severity.URGENT,
        summary=str(summary).strip()[:300],
        by=by,
        at=at,
    )
