"""Marks that a device made by itself, and what attendance comes to by all marks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.sessions.models import Attendance, GroupNote, Mark, Presence
from hearth.sessions.queries import zone_of
from hearth.sessions.rules import marks as rules
from hearth.sessions.rules.attendance import Status
from hearth.sessions.services import attending, presence
from hearth.sessions.services.drafting import keep_field
from hearth.sessions.services.running import NotNow

What, Source = Mark.What, Presence.Source
TAPPED = frozenset({What.EXPECTED, What.PRESENT, What.LATE, What.LEFT_EARLY, What.ABSENT, What.TOOK_PART})
"""What one tap can say; being excused needs a reason, and is written on the page of corrections."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """One mark as a device made it: `key` its own, `what` and how much, and when by a clock set right."""

    key: UUID
    what: str
    made_at: datetime
    took_part: int | None = None


@transaction.atomic
def keep_mark(*, attendance: Attendance, tapped: Tapped, by: User, at: datetime) -> bool:
    """Take over a mark that was made on a device, whenever it arrives; False if it is already stored.

    The order in which marks arrive changes nothing. Raises NotNow with a sentence for one made outside the session,
    NoteLocked, PermissionDenied.
    """
    row = attending.lock_place(attendance, by=by, at=at)
    stored = Mark.objects.filter(key=tapped.key).first()
    if stored is not None:
        if (stored.attendance_id, stored.made_by_id) != (row.pk, by.pk):
            raise PermissionDenied
        return False
    if tapped.what not in TAPPED:
        raise NotNow(_("This cannot be marked by one tap."))
    _must_lie_inside(row, tapped.made_at)
    earlier = list(row.marks.order_by("made_at", "key"))
    made = Mark.objects.create(
        attendance=row, what=tapped.what, took_part=tapped.took_part, made_at=tapped.made_at, made_by=by,
        received_at=at, key=tapped.key,
    )  # fmt: skip
    if tapped.what == What.TOOK_PART:
        _take_part(row, made, earlier, by=by, at=at)
    else:
        _settle(row, [each for each in [*earlier, made] if each.what != What.TOOK_PART], by=by, at=at)
    return True


def _must_lie_inside(row: Attendance, made_at: datetime) -> None:
    session = row.session
    wrong = rules.doubt(made_at, planned=presence.planned(session), over_at=session.ended_at)
    if wrong is not None:
        zone = zone_of(session)
        raise NotNow(
            _("This was marked at %(then)s; the session ran from %(start)s to %(end)s.")
            % {
                "then": f"{made_at.astimezone(zone):%H:%M}",
                "start": f"{session.starts_at.astimezone(zone):%H:%M}",
                "end": f"{session.over_at.astimezone(zone):%H:%M}",
            }
        )


def _take_part(row: Attendance, made: Mark, earlier: list[Mark], *, by: User, at: datetime) -> None:
    """The newest mark counts, unless the note's writer has said otherwise since."""
    marks = [each for each in earlier if each.what == What.TOOK_PART]
    note = GroupNote.objects.filter(session=row.session_id).first()
    written = note.lines.get(str(row.pk), {}).get("took_part") if note else None
    newest = max([*marks, made], key=lambda each: (each.made_at, str(each.key)))
    if written in (None, marks[-1].took_part if marks else None) and newest is made and made.took_part:
        keep_field(session=row.session, field=f"{row.pk}-took_part", value=made.took_part, by=by, at=at)
    audit.record("sessions.took_part_marked", by=by, about=row, at=at)
    live.tell(f"session:{row.session_id}", "roster")


def _settle(row: Attendance, marks: list[Mark], *, by: User, at: datetime) -> None:
    first_known = min(each.received_at for each in marks)
    others = [
        each
        for each in row.presences.all()
        if each.source != Source.STAFF or each.recorded_at < first_known  # staff's from before there were marks
    ]
    was_in = any(each.source == Source.VIDEO for each in others)
    without = Source.WAITING if was_in else None  # who was in the video room came when they joined it
    known = rules.known(
        [_said(each) for each in marks],
        [rules.Heard(each.began_at, each.recorded_at) for each in others if each.source != without],
        start=row.session.starts_at,
    )
    kept = {each.pk for each in others if known.since is not None and each.recorded_at > known.since}
    if known.status == Status.EXPECTED and known.since is not None:
        kept |= presence.stand_by_video(row, since=known.since)
    presence.void(row, at=at, but=kept)
    for stretch in known.stretches:
        presence.begin(
            row, Source.STAFF, by=by, at=at, began_at=stretch.began, ended_at=stretch.ended, said_at=known.since
        )
    attending.settle(row, known.status, by=by, at=at, before=row.status)


def _said(mark: Mark) -> rules.Said:
    return rules.Said(mark.made_at, str(mark.key), Status(mark.what), mark.came_at, mark.went_at)
