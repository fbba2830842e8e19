"""How much somebody took part, marked during the session. The group note's line of the student is where it is kept."""

from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.sessions.models import Attendance, GroupNote, Mark
from hearth.sessions.services.attending import lock_place


@transaction.atomic
def mark_took_part(*, attendance: Attendance, much: int, by: User, at: datetime) -> None:
    """Write down 1 (hardly) to 5 (fully). Marking again changes it, until the note is signed. Raises NoteLocked."""
    row = lock_place(attendance, by=by, at=at)
    Mark.objects.create(
        attendance=row, what=Mark.What.TOOK_PART, took_part=much, made_at=at, made_by=by, received_at=at
    )  # fmt: skip
    set_took_part(row, much, at=at)
    audit.record("sessions.took_part_marked", by=by, about=row, at=at)


def set_took_part(row: Attendance, much: int, *, at: datetime) -> None:
    """Keep it in the line of the note. The caller holds the attendance's lock."""
    note, _is_new = GroupNote.objects.select_for_update().get_or_create(
        session_id=row.session_id, defaults={"saved_at": at}
    )  # fmt: skip
    note.lines[str(row.pk)] = {**note.lines.get(str(row.pk), {}), "took_part": much}
    note.saved_at = at
    note.save(update_fields=["lines", "saved_at"])
