"""The draft of a group note: saved by whoever leads, brought together where two write at once, every version kept."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.lib import live
from hearth.sessions.models import GroupNote, GroupNoteVersion, Session
from hearth.sessions.note_checks import draft_of
from hearth.sessions.queries import access_session
from hearth.sessions.rules.merging import Change, Merged, Value, at_version, flat, joins, merge, unflat
from hearth.sessions.rules.notes import Draft


class NoteLocked(Exception):
    """The note is signed; only addenda can follow. The text is a sentence for the screen."""

    def __init__(self) -> None:
        super().__init__(_("These notes are signed and locked. You can add to each of them."))


@transaction.atomic
def save_group_note(
    *,
    session: Session,
    draft: Draft,
    by: User,
    at: datetime,
    base: int | None = None,
    bases: Mapping[str, int] | None = None,
) -> GroupNote:
    """Keep the draft as it is, finished or not. Raises NoteLocked.

    `base` is the version it was begun from, `bases` that of single fields. What another saved since is kept: in its
    place if only they changed it, else beside it. Without `base` the draft replaces what is stored.
    """
    session = own_session(session, by=by, at=at)
    note = _unlocked(session, at=at)
    ids = {str(pk) for pk in session.roster.values_list("pk", flat=True)}
    mine = flat(Draft(draft.text, draft.interventions, draft.process, draft.plan, _of(ids, draft)))
    current = flat(draft_of(note))
    began = current if base is None else at_version(current, _history(note), bases or {}, base=base)
    merged = merge(base=began, current=current, mine=mine)
    return _keep(note, merged, by=by, at=at)


@transaction.atomic
def keep_field(*, session: Session, field: str, value: Value, by: User, at: datetime) -> GroupNote:
    """Change one field of the draft, for a caller who has locked the session. Raises NoteLocked."""
    note = _unlocked(session, at=at)
    current = flat(draft_of(note))
    return _keep(note, merge(base=current, current=current, mine={field: value}), by=by, at=at)


@transaction.atomic
def choose_text(*, session: Session, field: str, choice: str, by: User, at: datetime) -> GroupNote:
    """Settle a field that two changed at once: `choice` is "stored", "both", or the id of whose text stands beside it.

    Raises LookupError where nothing is to be settled so, and NoteLocked.
    """
    session = own_session(session, by=by, at=at)
    note = _unlocked(session, at=at)
    current = flat(draft_of(note))
    waiting = note.beside[field]
    others = {each["by"]: _value(each["value"]) for each in waiting}
    if choice == "stored":
        chosen = current.get(field)
    elif choice == "both" and joins(field):
        chosen = "\n".join(str(each) for each in dict.fromkeys([current.get(field), *others.values()]) if each)
    else:
        chosen = others[choice]
    note.beside = {key: rest for key, rest in note.beside.items() if key != field}
    return _keep(note, merge(base=current, current=current, mine={field: chosen}), by=by, at=at, is_choice=True)


def own_session(session: Session, *, by: User, at: datetime) -> Session:
    """The session, locked, for those who lead it: nobody signs what another has seen."""
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    if not session.is_led_by(by):
        raise PermissionDenied
    return session


def _unlocked(session: Session, *, at: datetime) -> GroupNote:
    note, _is_new = GroupNote.objects.select_for_update().get_or_create(session=session, defaults={"saved_at": at})
    if note.signed_at is not None:
        raise NoteLocked
    return note


def _of(ids: set[str], draft: Draft) -> dict[str, Any]:
    return {pk: line for pk, line in draft.lines.items() if pk in ids}


def _history(note: GroupNote) -> list[Change]:
    rows = note.versions.order_by("number").values_list("number", "changes")
    return [
        Change(number, {field: (_value(before), _value(after)) for field, (before, after) in changes.items()})
        for number, changes in rows
    ]


def _value(stored: Any) -> Value:
    """JSON knows no tuples."""
    found: Value = tuple(stored) if isinstance(stored, list) else stored
    return found


def _keep(note: GroupNote, merged: Merged, *, by: User, at: datetime, is_choice: bool = False) -> GroupNote:
    """Store what stands, what is beside it and the version that made it so; nothing where nothing changed."""
    was_beside = dict(note.beside)
    note.beside = _beside(note.beside, merged, by=by, at=at)
    if not merged.changed and note.beside == was_beside and not is_choice:
        note.saved_at = at
        note.save(update_fields=["saved_at"])
        return note
    draft = unflat(merged.fields)
    note.text, note.process, note.plan = draft.text, draft.process, draft.plan
    note.interventions = list(draft.interventions)
    note.lines = {pk: asdict(line) for pk, line in draft.lines.items()}
    note.version, note.saved_at = note.version + 1, at
    note.save()
    GroupNoteVersion.objects.create(
        note=note, number=note.version, changes=dict(merged.changed), beside=dict(merged.beside), by=by, at=at
    )
    live.tell(f"note:{note.session_id}", str(note.version))
    return note


def _beside(stored: Mapping[str, Any], merged: Merged, *, by: User, at: datetime) -> dict[str, Any]:
    """What stands beside the fields: of each writer the newest text alone, and none that is the field's own."""
    found = {field: list(rows) for field, rows in stored.items()}
    for field, value in merged.beside.items():
        row = {"value": value, "by": str(by.pk), "name": by.name, "at": at.isoformat()}
        known = next((each for each in found.get(field, []) if each["by"] == row["by"]), None)
        if known is None or known["value"] != value:
            found[field] = [*(each for each in found.get(field, []) if each["by"] != row["by"]), row]
    left = {
        field: [each for each in rows if each["value"] != merged.fields.get(field)] for field, rows in found.items()
    }
    return {field: rows for field, rows in left.items() if rows}
