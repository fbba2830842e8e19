"""Signing a group note, the progress notes that signing makes of it, and addenda."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Licence, Modality
from hearth.safety.models import Severity
from hearth.safety.services import raise_concern
from hearth.sessions import facts
from hearth.sessions.chairs import Chair, chairs
from hearth.sessions.families import came_by_patient
from hearth.sessions.models import Addendum, Attendance, GroupNote, Presence, ProgressNote, Session
from hearth.sessions.note_checks import draft_of, missing_of, named_in, person_of
from hearth.sessions.note_words import named_interventions
from hearth.sessions.queries import access_note, standing_of, zone_of
from hearth.sessions.rules.names import names_others
from hearth.sessions.rules.notes import Draft, Line, Missing, digest
from hearth.sessions.services.cosigning import ask_co_signatures
from hearth.sessions.services.drafting import NoteLocked, own_session

SIGNED_IN = frozenset({Presence.Source.OWN, Presence.Source.WAITING, Presence.Source.VIDEO})
"""By these somebody was there under their own sign-in; into the video room with a ticket made for it."""


class NotComplete(Exception):
    """Something is left before signing; `missing` says what."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(f"{len(missing)} things are missing")
        self.missing = missing


class NamesOthers(Exception):
    """A student's note would name another. `found`: by attendance id ("" for all), the names as written."""

    def __init__(self, found: Mapping[str, list[str]]) -> None:
        super().__init__("a note names another member")
        self.found = dict(found)


@transaction.atomic
def sign_group_note(*, session: Session, by: User, at: datetime) -> list[ProgressNote]:
    """Sign once: each student present gets a locked note of their own, all of them or none.

    A new or higher risk raises a concern in the same transaction. Raises NotComplete, NamesOthers, NoteLocked.
    """
    session = own_session(session, by=by, at=at)
    note = GroupNote.objects.select_for_update().filter(session=session).first()
    if note is not None and note.signed_at is not None:
        raise NoteLocked
    seats, draft = chairs(session=session, at=at), draft_of(note)
    left = missing_of(session, draft, seats, beside=note.beside if note else {})
    if note is None or left:
        raise NotComplete(left)
    found = named_in(draft, seats)
    if found:
        raise NamesOthers(found)
    shared, family = _shared(session, draft, seats, by=by), came_by_patient(session)
    made = [
        _progress_note(session, each, draft, shared | family[each.attendance.patient_id], by=by, at=at)
        for each in seats
        if each.is_here
    ]
    ask_co_signatures(notes=made, by=by, at=at)
    note.signed_by, note.signed_at = by, at
    note.save(update_fields=["signed_by", "signed_at"])
    audit.record("sessions.notes_signed", by=by, about=session, at=at, notes=len(made))
    facts.notes_signed.send(Session, session_id=session.pk, note_ids=[each.pk for each in made], by_id=by.pk, at=at)
    return made


def _shared(session: Session, draft: Draft, seats: list[Chair], *, by: User) -> dict[str, Any]:
    """The parts every note of this session has (facts.md, "Group note, one per client")."""
    zone = zone_of(session)
    start = (session.started_at or session.starts_at).astimezone(zone)
    stop = session.over_at.astimezone(zone)
    licences = Licence.objects.filter(holder=by, during__contains=start.date()).order_by("state", "number")
    return {
        "date": start.date().isoformat(),
        "start": f"{start:%H:%M}",
        "stop": f"{stop:%H:%M}",
        "time_zone": zone.key,
        "kind": session.kind,
        "session": session.name,
        "topic": session.topic,
        "lesson": session.lesson,
        "clinician": by.name,
        "credentials": by.title,
        "licences": [f"{each.discipline} {each.state} {each.number}" for each in licences],
        **_beside(session, by),
        "attendees": sum(each.is_here for each in seats),
        "interventions": named_interventions(draft.interventions),
        "said_for_all": draft.text.strip(),
        "process": draft.process.strip(),
    }


def _beside(session: Session, by: User) -> dict[str, Any]:
    """Who led it with the one who signs, and who interpreted."""
    others = [", ".join(filter(None, (one.name, one.title))) for one in session.leaders if one.pk != by.pk]
    interpreter = session.interpreter
    return {**({"led_with": others} if others else {}), **({"interpreter": interpreter.name} if interpreter else {})}


def _progress_note(
    session: Session, chair: Chair, draft: Draft, shared: Mapping[str, Any], *, by: User, at: datetime
) -> ProgressNote:
    body = {**shared, **_own_part(chair, draft)}
    row = chair.attendance
    made = ProgressNote.objects.create(
        patient=row.patient, session=session, body=body, signed_by=by, signed_at=at, digest=digest(body)
    )
    audit.record("sessions.note_signed", by=by, about=made, at=at, digest=made.digest)
    line = draft.lines[str(row.pk)]
    if line.risk == "new":
        raise_concern(
            patient=row.patient,
            source_kind="care_sessions.progress_note",
            source_id=made.pk,
            severity=Severity.URGENT,
            summary=line.risk_text.strip()[:300],
            by=by,
            at=at,
        )
    return made


def _own_part(chair: Chair, draft: Draft) -> dict[str, Any]:
    row = chair.attendance
    line = draft.lines[str(row.pk)]
    goal = next((each for each in chair.goals if each.number == line.goal), None)
    return {
        "format": chair.pack.notes.format if chair.pack else "dap",
        "minutes": row.minutes,
        "attendance": row.status,
        "modality": row.modality,
        **(_by_video(chair, line) if row.modality == Modality.VIRTUAL else {}),
        **({"beside": row.said_beside} if row.said_beside else {}),
        "diagnoses": [{"text": each.text, "code": each.code} for each in chair.problems],
        "goal": {"number": goal.number, "words": goal.words} if goal else None,
        "progress": line.progress if goal else "",
        "took_part": line.took_part,
        "response": line.text.strip(),
        "mood_in": row.mood_in,
        "mood_out": row.mood_out,
        "risk": line.risk,
        "risk_text": line.risk_text.strip(),
        "plan": line.plan.strip() or draft.plan.strip(),
    }


def _by_video(chair: Chair, line: Line) -> dict[str, Any]:
    consent, came = chair.telehealth_consent, {each.source for each in standing_of(chair.attendance)}
    return {
        "location": line.location.strip(),
        "identity": "signed_in" if SIGNED_IN & came else "seen_by_clinician",
        "telehealth_consent": consent.signed_at.date().isoformat() if consent else None,
    }


@transaction.atomic
def say_beside(*, attendance: Attendance, words: str) -> None:
    """Let this student's note say `words` once it is signed; said again, the newest words stand.

    For a caller who has passed a door of their own and records the deed. Raises NoteLocked.
    """
    note = GroupNote.objects.select_for_update().filter(session=attendance.session_id).first()
    if note is not None and note.signed_at is not None:
        raise NoteLocked
    attendance.said_beside = words
    attendance.save(update_fields=["said_beside"])


@transaction.atomic
def add_addendum(*, note: ProgressNote, text: str, by: User, at: datetime) -> Addendum:
    """Add to a locked note what was left out or wrong; the note itself stays as it is. Raises ValueError if empty.

    It may not name another member of the session either: raises NamesOthers.
    """
    note = access_note(viewer=by, pk=note.pk, at=at)
    if not by.is_staff:
        raise PermissionDenied
    if not text.strip():
        raise ValueError("an addendum has words")
    rows = Attendance.objects.filter(session=note.session_id).exclude(patient=note.patient_id)
    others = [person_of(row.patient) for row in rows.select_related("patient")]
    found = names_others(text, others, own=person_of(note.patient))
    if found:
        raise NamesOthers({"": found})
    row = Addendum.objects.create(note=note, text=text.strip(), by=by, at=at)
    audit.record("sessions.addendum_added", by=by, about=row, at=at, patient_id=note.patient_id, note=str(note.pk))
    return row
