"""How much somebody took part, marked during the session. The group note's line of the student is where it is kept."""

from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.sessions.models import Attendance, Mark
from hearth.sessions.services.attending import lock_place
from hearth.sessions.services.drafting import keep_field


@transaction.atomic
def mark_took_part(*, attendance: Attendance, much: int, by: User, at: datetime) -> None:
    """Write down 1 (hardly) to 5 (fully). Marking again changes it, until the note is signed. Raises NoteLocked."""
    row = lock_place(attendance, by=by, at=at)
    Mark.objects.create(
        attendance=row, what=Mark.What.TOOK_PART, took_part=much, made_at=at, made_by=by, received_at=at
    )  # fmt: skip
    keep_field(session=row.session, field=f"{row.pk}-took_part", value=much, by=by, at=at)
    audit.record("sessions.took_part_marked", by=by, about=row, at=at)
    live.tell(f"session:{row.session_id}", "roster")
