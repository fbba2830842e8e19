"""Reads of sessions, attendance and notes. `access_session` and `access_chart` are the doors."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import CARE
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.lib import tenancy
from hearth.people.models import Modality, Patient
from hearth.people.rules import CHANGE, SEE_EVERYONE
from hearth.program.models import Leave
from hearth.program.queries import leaves_within
from hearth.sessions.models import Addendum, Attendance, GroupNote, Presence, ProgressNote, Session
from hearth.sessions.rules.contacts import Kind
from hearth.sessions.rules.presence import Stretch
from hearth.sessions.rules.taking_part import Plan, Seen, Source, Way, counted

Status = Attendance.Status
WHO = ("facilitator", "co_facilitator", "interpreter")
HERE = (Status.PRESENT, Status.LATE, Status.LEFT_EARLY)


# --- doors --------------------------------------------------------------------------------------------------


CAME = frozenset({Attendance.Status.PRESENT, Attendance.Status.LATE, Attendance.Status.LEFT_EARLY})

THANKED_FOR = timedelta(days=14)
"""How long after a session its people can be thanked. A product default."""


def access_session(
    *, viewer: User, pk: UUID, at: datetime, to: Literal["read", "change"] = "read", lock: bool = False
) -> Session:
    """The session `pk` with its roster's rows, for those who lead it or whose work covers everyone.

    Leading a session is caring for everyone on its roster while it lasts, so this door opens the roster without
    opening their charts. Raises PermissionDenied.
    """
    rows = Session.objects.select_related(*WHO, "room__site", "section")
    session = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if session is None:
        raise PermissionDenied
    leads = session.is_led_by(viewer) and viewer.has_any(CARE)
    if not (leads or viewer.has_any(SEE_EVERYONE & CHANGE if to == "change" else SEE_EVERYONE)):
        raise PermissionDenied
    audit.record_read("session.read", by=viewer, about=session, purpose="TREAT", at=at)
    return session


def own_attendance(*, viewer: User, session_id: UUID) -> Attendance:
    """The viewer's own place in a session; nothing of anyone else's. Raises PermissionDenied."""
    row = (
        Attendance.objects.filter(session_id=session_id, patient__user=viewer)
        .select_related(*(f"session__{who}" for who in WHO), "session__room__site", "session__section", "patient")
        .first()
    )
    if row is None:
        raise PermissionDenied
    return row


def may_thank(place: Attendance, *, at: datetime) -> bool:
    """Whether somebody may thank the people of a session: they were there, and it has not been over for long."""
    return place.status in CAME and place.session.over_at <= at < place.session.over_at + THANKED_FOR


def access_note(*, viewer: User, pk: UUID, at: datetime) -> ProgressNote:
    """A signed note, for who signed it and for who may open its student's notes. Raises PermissionDenied.

    What others said in a talk about a student is not shown to that student here: they may have said it in confidence,
    and the privacy officer looks into it first (45 CFR 164.524(a)(2)(v)).
    """
    note = _notes().filter(pk=pk).first()
    if note is None:
        raise PermissionDenied
    if _reads_own(viewer, note.patient) and note.contact is not None and note.contact.kind == Kind.COLLATERAL:
        raise PermissionDenied
    if note.signed_by_id == viewer.pk and viewer.is_staff:
        audit.record_read("notes.read", by=viewer, about=note, purpose="TREAT", at=at)
    else:
        _open_notes(viewer, note.patient_id, at)
    return note


def _open_notes(viewer: User, patient_id: UUID, at: datetime) -> Patient:
    patient = access_chart(viewer=viewer, pk=patient_id, purpose="TREAT", at=at, what="notes")
    if not (viewer.is_staff or patient.user_id == viewer.pk):  # family may see the schedule, not the notes
        raise PermissionDenied
    return patient


def _reads_own(viewer: User, patient: Patient) -> bool:
    return not viewer.is_staff or patient.user_id == viewer.pk


# --- sessions -----------------------------------------------------------------------------------------------


def sessions_of(*, viewer: User, start: datetime, end: datetime, everyone: bool = False) -> list[Session]:
    """The standing sessions in [start, end) that `viewer` leads (everyone's, for those who see everyone), in order.

    Each knows how many its roster has: `expected`, `here`; and `is_signed`, whether its notes are.
    """
    if everyone and not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    rows = Session.objects.standing().filter(starts_at__gte=start, starts_at__lt=end)
    if not everyone:
        rows = rows.led_by(viewer)
    return list(
        rows.select_related(*WHO, "room__site", "section")
        .annotate(
            expected=Count("roster"),
            here=Count("roster", filter=Q(roster__status__in=HERE)),
            is_signed=Exists(GroupNote.objects.filter(session=OuterRef("pk"), signed_at__isnull=False)),
        )
        .order_by("starts_at", "name", "pk")
    )


def needing_cover(sessions: Iterable[Session]) -> set[UUID]:
    """Those of these sessions to come of which a leader is on leave that day. Two queries; the caller has a door."""
    home = organisation().zone
    days = {each.pk: each.starts_at.astimezone(zone_of(each, home=home)).date() for each in sessions}
    if not days:
        return set()
    away: dict[UUID, list[Leave]] = {}
    for leave in leaves_within(min(days.values()), max(days.values())):
        away.setdefault(leave.member_id, []).append(leave)
    return {
        each.pk
        for each in sessions
        for leader in (each.facilitator_id, each.co_facilitator_id)
        for leave in (away.get(leader, ()) if leader else ())
        if not each.started_at and leave.first_on <= days[each.pk] <= leave.last_on
    }


def places_of(*, viewer: User, patient: Patient, start: datetime, end: datetime, at: datetime) -> list[Attendance]:
    """A student's places in standing sessions of [start, end), in order; also for family who may see the schedule."""
    access_chart(viewer=viewer, pk=patient.pk, purpose="TREAT", at=at, what="sessions")
    return list(_places(patient).filter(session__starts_at__gte=start, session__starts_at__lt=end))


def next_session(*, viewer: User, patient: Patient, at: datetime) -> Attendance | None:
    """The place in the session that runs now or comes next, leaving out what the student is excused from."""
    access_chart(viewer=viewer, pk=patient.pk, purpose="TREAT", at=at, what="sessions")
    coming = _places(patient).filter(session__ends_at__gt=at, session__ended_at=None)
    return coming.exclude(status__in=[Status.EXCUSED, Status.ABSENT]).first()


def _places(patient: Patient) -> QuerySet[Attendance]:
    return (
        Attendance.objects.filter(patient=patient, session__cancelled_at=None)
        .select_related("session__facilitator", "session__room__site", "session__section")
        .order_by("session__starts_at", "pk")
    )


PRESENCES = Prefetch("presences", Presence.objects.order_by("began_at"), to_attr="every_presence")


def standing_of(row: Attendance) -> list[Presence]:
    """The stretches somebody was there that stand, in order; read once for a row that came with `PRESENCES`."""
    return [each for each in _presences_of(row) if each.voided_at is None]


def _presences_of(row: Attendance) -> list[Presence]:
    if not hasattr(row, "every_presence"):
        row.every_presence = list(row.presences.order_by("began_at"))  # type: ignore[attr-defined]
    found: list[Presence] = row.every_presence  # type: ignore[attr-defined]
    return found


def seen_of(row: Attendance) -> list[Seen]:
    """All that is known of somebody's being there, also what was overruled, as plain data."""
    return [
        Seen(
            Source(each.source), each.began_at, each.ended_at, each.said_at or each.recorded_at, each.voided_at is None
        )
        for each in _presences_of(row)
    ]


def plan_of(row: Attendance) -> Plan:
    """How they were to take part in this session, or what staff said of it. Its session must be loaded."""
    said = row.modality if row.modality_reason else row.planned or row.modality
    if row.by_video_at and not row.modality_reason:
        said = Modality.VIRTUAL
    way = Way.VIRTUAL if said == Modality.VIRTUAL else Way.IN_PERSON
    return Plan(way, is_said=bool(row.modality_reason), in_own_room=row.session.has_own_room)


def stretches_of(row: Attendance) -> list[Stretch]:
    """The time that counts, as plain data."""
    return counted(seen_of(row), plan_of(row))


def roster(*, session: Session) -> list[Attendance]:
    """Everyone on the roster by name, for a caller who has passed `access_session`."""
    rows = session.roster.select_related("patient").prefetch_related(PRESENCES)
    return list(rows.order_by("patient__chosen_name", "patient__family_name", "pk"))


def place_in(*, session: Session, pk: UUID) -> Attendance:
    """One place of this session, for a caller who has passed `access_session`. Raises PermissionDenied."""
    row = session.roster.select_related("patient").filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    return row


def group_note_of(*, session: Session) -> GroupNote | None:
    """The note of this session, draft or signed, for a caller who has passed `access_session`."""
    return GroupNote.objects.filter(session=session).select_related("signed_by").first()


def took_part_of(*, session: Session) -> dict[str, int | None]:
    """How much each took part, 1 to 5, by attendance id, for a caller who has passed `access_session`."""
    note = GroupNote.objects.filter(session=session).only("lines").first()
    return {pk: line.get("took_part") for pk, line in note.lines.items()} if note else {}


def notes_from(*, viewer: User, session: Session) -> QuerySet[ProgressNote]:
    """The signed notes of one session by name: all for who signed them, else those of charts open to `viewer`."""
    notes = ProgressNote.objects.filter(session=session).select_related("patient", "signed_by")
    may = Q(signed_by=viewer) | Q(patient__in=Patient.objects.open_to(viewer).values("pk"))
    return notes.filter(may).order_by("patient__chosen_name", "pk")


def zone_of(session: Session, *, home: ZoneInfo | None = None) -> ZoneInfo:
    """The zone a session's clock is read in: its section's, its site's, or the organisation's.

    `home` is the organisation's, for whoever asks about many and has looked it up once.
    """
    if session.section is not None:
        return ZoneInfo(session.section.time_zone)
    return session.room.site.zone if session.room else home or organisation().zone


def zone_to_name(session: Session, *, reader: User) -> str:
    """The reader's zone, in which their pages show times, where its clock differs from the session's."""
    here, there = (session.starts_at.astimezone(zone).utcoffset() for zone in (reader.zone, zone_of(session)))
    return "" if here == there else reader.zone.key.replace("_", " ")


def organisation() -> Organisation:
    """The organisation whose rows are read now."""
    return Organisation.objects.get(pk=tenancy.current())


# --- notes --------------------------------------------------------------------------------------------------


def notes_of(*, viewer: User, patient: Patient, at: datetime, kind: str = "") -> QuerySet[ProgressNote]:
    """A student's signed notes with their addenda, newest first; not for family. Raises PermissionDenied.

    `kind` is that of a session or of a contact note; "" for all. Students get theirs as `access_note` shows them.
    """
    _open_notes(viewer, patient.pk, at)
    return notes_shown(viewer=viewer, patient=patient, kind=kind)


def notes_shown(*, viewer: User, patient: Patient, kind: str = "") -> QuerySet[ProgressNote]:
    """The same for staff who have passed `access_chart` for this student's notes, so that one look is one read."""
    rows = _notes().filter(patient=patient)
    if _reads_own(viewer, patient):
        rows = rows.exclude(contact__kind=Kind.COLLATERAL)
    if kind:
        rows = rows.filter(Q(session__kind=kind) | Q(contact__kind=kind))
    return rows.order_by(Coalesce("session__starts_at", "contact__happened_at").desc(), "pk")


def _notes() -> QuerySet[ProgressNote]:
    addenda = Addendum.objects.select_related("by").order_by("at", "pk")
    return ProgressNote.objects.select_related("patient", "session", "contact", "signed_by").prefetch_related(
        Prefetch("addenda", addenda)
    )
