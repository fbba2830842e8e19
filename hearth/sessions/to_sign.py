"""What is not signed yet: sessions without their notes, and contact notes begun from a chart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hearth.accounts.models import User
from hearth.people.models import Patient
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions.models import Attendance, ContactNote, GroupNote, Session, SessionQuerySet
from hearth.sessions.queries import HERE, WHO
from hearth.sessions.rules.notes import note_state

OVER = Coalesce("ended_at", "ends_at")


@dataclass(frozen=True, slots=True)
class Unsigned:
    """How long something has waited for its signature; `state` is "new", "due" or "overdue"."""

    what: Session | ContactNote
    age: timedelta
    state: str


@dataclass(frozen=True, slots=True)
class ToSign:
    """How much waits, and since when."""

    count: int
    due: int
    overdue: int
    oldest: datetime | None

    @property
    def state(self) -> str:
        """That of the oldest."""
        return "overdue" if self.overdue else "due" if self.due else "new"


def unsigned_sessions(
    *, viewer: User, at: datetime, everyone: bool = False, by_name: bool = False
) -> list[tuple[UUID, datetime]]:
    """Sessions `viewer` led (or everyone's) that are over and have no signed notes, with when each was over. One query.

    Oldest first or by name. A session nobody came to needs none once that is written down.
    """
    rows = _unsigned(viewer, at=at, everyone=everyone)
    return list(rows.order_by(*(["name"] if by_name else []), "starts_at", "pk").values_list("pk", OVER))


def with_seats(pks: Sequence[UUID]) -> list[Session]:
    """These sessions in this order, each with how many were `expected` and how many were `here`. One query."""
    rows = Session.objects.filter(pk__in=pks).select_related(*WHO, "section")
    found = {
        row.pk: row
        for row in rows.annotate(expected=Count("roster"), here=Count("roster", filter=Q(roster__status__in=HERE)))
    }
    return [found[pk] for pk in pks]


def _unsigned(viewer: User, *, at: datetime, everyone: bool) -> SessionQuerySet:
    _may_see(viewer, everyone=everyone)
    rows = over_and_unsigned(at=at)
    return rows if everyone else rows.led_by(viewer)


def over_and_unsigned(*, at: datetime) -> SessionQuerySet:
    """Every session that is over and needs notes, since somebody was there or may have been, and has none signed."""
    writable = Attendance.objects.filter(session=OuterRef("pk"), status__in=[*HERE, Attendance.Status.EXPECTED])
    rows = Session.objects.standing().annotate(over=OVER)
    over = rows.filter(Q(ends_at__lte=at) | Q(ended_at__isnull=False))
    signed = GroupNote.objects.filter(session=OuterRef("pk"), signed_at__isnull=False)
    return over.filter(~Exists(signed), Exists(writable))


def unsigned_contacts(*, viewer: User, everyone: bool = False) -> QuerySet[ContactNote]:
    """Contact notes not signed yet: the viewer's own, or (for those who see everyone) all. Oldest first."""
    _may_see(viewer, everyone=everyone)
    rows = ContactNote.objects.filter(signed_at=None, set_aside_at=None).select_related("patient", "author")
    return (rows if everyone else rows.filter(author=viewer)).order_by("happened_at", "pk")


def _may_see(viewer: User, *, everyone: bool) -> None:
    if everyone and not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied


def waiting_since(row: Session | ContactNote, *, at: datetime) -> Unsigned:
    """How long this has waited."""
    since = row.over_at if isinstance(row, Session) else row.happened_at
    return Unsigned(row, at - since, note_state(over_at=since, at=at))


def to_sign(*, viewer: User, at: datetime, everyone: bool = False) -> ToSign:
    """How much waits for a signature. Two queries."""
    sessions = unsigned_sessions(viewer=viewer, at=at, everyone=everyone)
    contacts = unsigned_contacts(viewer=viewer, everyone=everyone)
    return summed_up([since for _pk, since in sessions], contacts.values_list("happened_at", flat=True), at=at)


def summed_up(sessions: Iterable[datetime], contacts: Iterable[datetime], *, at: datetime) -> ToSign:
    """How much waits, of what sessions and contact notes have waited since."""
    since = [*sessions, *contacts]
    states = Counter(note_state(over_at=each, at=at) for each in since)
    return ToSign(len(since), states["due"], states["overdue"], min(since, default=None))


def unsigned_of(patient: Patient, *, at: datetime, most: int) -> tuple[list[Session], list[ContactNote]]:
    """What is still to be signed about one student, newest first, for a caller who has passed `access_chart`."""
    came = Attendance.objects.filter(session=OuterRef("pk"), patient=patient, status__in=HERE)
    sessions = over_and_unsigned(at=at).filter(Exists(came)).select_related(*WHO, "section").order_by("-starts_at")
    contacts = ContactNote.objects.filter(patient=patient, signed_at=None, set_aside_at=None).select_related("author")
    return list(sessions[:most]), list(contacts.order_by("-happened_at")[:most])
