"""Thank-yous: what a student wrote and was given, and what waits for whoever led the session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.audit import services as audit
from hearth.circle.models import Thanks
from hearth.circle.queries import apart_from
from hearth.people.queries import own_patient
from hearth.sessions.models import Attendance
from hearth.sessions.queries import CAME, may_thank, own_attendance

MOST = 30
OFFERED = 3  # sessions to thank for, beside the whole page


@dataclass(frozen=True, slots=True)
class MyThanks:
    """The thank-yous of a student's way, newest first: their own, and what others said to groups they were in."""

    given: Sequence[Thanks] = ()
    to_us: Sequence[Thanks] = ()
    to_thank: Sequence[Attendance] = ()  # the last places in sessions whose people can still be thanked


def my_thanks(*, viewer: User, at: datetime) -> MyThanks:
    """What `viewer` wrote, and what staff let their groups read, but of nobody kept apart. Five queries."""
    patient = own_patient(viewer=viewer)
    rows = Thanks.objects.select_related("session", "patient").order_by("-written_at", "-pk")
    was_there = Attendance.objects.filter(session=OuterRef("session"), patient=patient, status__in=CAME)
    to_us = rows.filter(Exists(was_there), to=Thanks.To.GROUP, is_released=True).exclude(patient=patient)
    to_us = to_us.exclude(patient__in=apart_from(patients=[patient.pk]))
    came = Attendance.objects.filter(patient=patient, status__in=CAME, session__starts_at__lt=at)
    last = came.select_related("session").order_by("-session__starts_at", "-pk")[:OFFERED]
    to_thank = [place for place in last if may_thank(place, at=at)]
    return MyThanks(list(rows.filter(patient=patient)[:MOST]), list(to_us[:MOST]), to_thank)


def place_to_thank(*, viewer: User, session: UUID, at: datetime) -> Attendance:
    """The viewer's own place in a session that is over, lately, and at which they were. Raises PermissionDenied."""
    place = own_attendance(viewer=viewer, session_id=session)
    if not may_thank(place, at=at):
        raise PermissionDenied
    return place


def waiting_thanks(*, viewer: User) -> QuerySet[Thanks]:
    """What waits for `viewer`, the longest first: of sessions they led, and of nobody kept apart from them.

    Supervisors also read what was written to somebody who left.
    """
    if not viewer.has_any(CARE):
        return Thanks.objects.none()
    rows = Thanks.objects.filter(is_released=None).exclude(patient__in=apart_from(member=viewer))
    led = Q(session__facilitator=viewer) | Q(session__co_facilitator=viewer)
    if viewer.has_role(Role.SUPERVISOR):
        led |= Q(session__facilitator__is_active=False)
    rows = rows.filter(led)
    return rows.select_related("session", "patient").order_by("written_at", "pk")


def read_waiting(*, viewer: User, at: datetime) -> list[Thanks]:
    """What waits for `viewer`, to read; each reading is written down."""
    found = list(waiting_thanks(viewer=viewer)[:MOST])
    audit.record_reads("thanks.read", by=viewer, patient_ids={one.patient_id for one in found}, purpose="TREAT", at=at)
    return found


def access_waiting(*, viewer: User, pk: UUID) -> Thanks:
    """A thank-you that waits for `viewer`, locked. Raises PermissionDenied."""
    row = waiting_thanks(viewer=viewer).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    return row
