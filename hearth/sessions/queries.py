"""Reads of sessions, attendance, dose and notes. `access_session` and `access_chart` are the doors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import CARE
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.queries import access_chart
from hearth.lib import tenancy
from hearth.people.models import Modality, Patient, Relationship
from hearth.people.rules import CHANGE, SEE_EVERYONE
from hearth.plan.models import CarePlan, Goal, Problem
from hearth.program.models import Leave
from hearth.program.queries import leaves_within
from hearth.sessions.models import Addendum, Attendance, GroupNote, Presence, ProgressNote, Session
from hearth.sessions.rules import attendance as attending
from hearth.sessions.rules import dose
from hearth.sessions.rules.notes import note_state
from hearth.sessions.rules.presence import Stretch

Status = Attendance.Status
HERE = (Status.PRESENT, Status.LATE, Status.LEFT_EARLY)


# --- doors --------------------------------------------------------------------------------------------------


def access_session(
    *, viewer: User, pk: UUID, at: datetime, to: Literal["read", "change"] = "read", lock: bool = False
) -> Session:
    """The session `pk` with its roster's rows, for the one who leads it or whose work covers everyone.

    Leading a session is caring for everyone on its roster while it lasts, so this door opens the roster without
    opening their charts. Raises PermissionDenied.
    """
    rows = Session.objects.select_related("facilitator", "room__site", "section")
    session = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if session is None:
        raise PermissionDenied
    leads = session.facilitator_id == viewer.pk and viewer.has_any(CARE)
    if not (leads or viewer.has_any(SEE_EVERYONE & CHANGE if to == "change" else SEE_EVERYONE)):
        raise PermissionDenied
    audit.record_read("session.read", by=viewer, about=session, purpose="TREAT", at=at)
    return session


def own_attendance(*, viewer: User, session_id: UUID) -> Attendance:
    """The viewer's own place in a session; nothing of anyone else's. Raises PermissionDenied."""
    row = (
        Attendance.objects.filter(session_id=session_id, patient__user=viewer)
        .select_related("session__facilitator", "session__room__site", "session__section", "patient")
        .first()
    )
    if row is None:
        raise PermissionDenied
    return row


def access_note(*, viewer: User, pk: UUID, at: datetime) -> ProgressNote:
    """A signed note, for who signed it and for who may open its student's notes. Raises PermissionDenied."""
    note = _notes().filter(pk=pk).first()
    if note is None:
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


# --- sessions -----------------------------------------------------------------------------------------------


def sessions_of(*, viewer: User, start: datetime, end: datetime, everyone: bool = False) -> list[Session]:
    """The standing sessions in [start, end) that `viewer` leads (everyone's, for those who see everyone), in order.

    Each knows how many its roster has: `expected`, `here`; and `is_signed`, whether its notes are.
    """
    if everyone and not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    rows = Session.objects.standing().filter(starts_at__gte=start, starts_at__lt=end)
    if not everyone:
        rows = rows.filter(facilitator=viewer)
    return list(
        rows.select_related("room__site", "facilitator", "section")
        .annotate(
            expected=Count("roster"),
            here=Count("roster", filter=Q(roster__status__in=HERE)),
            is_signed=Exists(GroupNote.objects.filter(session=OuterRef("pk"), signed_at__isnull=False)),
        )
        .order_by("starts_at", "name", "pk")
    )


def needing_cover(sessions: Iterable[Session]) -> set[UUID]:
    """Those of these sessions still to come whose leader is on leave that day. Two queries; the caller has a door."""
    home = _organisation().zone
    days = {each.pk: each.starts_at.astimezone(zone_of(each, home=home)).date() for each in sessions}
    if not days:
        return set()
    away: dict[UUID, list[Leave]] = {}
    for leave in leaves_within(min(days.values()), max(days.values())):
        away.setdefault(leave.member_id, []).append(leave)
    return {
        each.pk
        for each in sessions
        for leave in away.get(each.facilitator_id, ())
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


STANDING = Prefetch("presences", Presence.objects.filter(voided_at=None).order_by("began_at"), to_attr="standing")


def standing_of(row: Attendance) -> list[Presence]:
    """The stretches somebody was there that count, in order; read once for a row that came with `STANDING`."""
    if not hasattr(row, "standing"):
        row.standing = list(row.presences.filter(voided_at=None).order_by("began_at"))  # type: ignore[attr-defined]
    found: list[Presence] = row.standing  # type: ignore[attr-defined]
    return found


def stretches_of(row: Attendance) -> list[Stretch]:
    """The same as plain data."""
    return [Stretch(each.began_at, each.ended_at) for each in standing_of(row)]


def roster(*, session: Session) -> list[Attendance]:
    """Everyone on the roster by name, for a caller who has passed `access_session`."""
    rows = session.roster.select_related("patient").prefetch_related(STANDING)
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
    return session.room.site.zone if session.room else home or _organisation().zone


def _organisation() -> Organisation:
    return Organisation.objects.get(pk=tenancy.current())


@dataclass(frozen=True, slots=True)
class Chair:
    """One student of a session, with what a note needs to know of them."""

    attendance: Attendance
    goals: tuple[Goal, ...]
    problems: tuple[Problem, ...]
    telehealth_consent: Consent | None

    @property
    def is_here(self) -> bool:
        return self.attendance.status in HERE

    @property
    def is_virtual(self) -> bool:
        return self.attendance.modality == Modality.VIRTUAL


def chairs(*, session: Session, at: datetime) -> list[Chair]:
    """The roster with goals, problems and consents, for a caller who has passed `access_session`."""
    rows = roster(session=session)
    ids = [row.patient_id for row in rows]
    goals = Goal.objects.filter(patient__in=ids, episode__ended_at=None, status=Goal.Status.ACTIVE)
    problems = Problem.objects.filter(patient__in=ids, episode__ended_at=None)
    consents = Consent.objects.filter(patient__in=ids, kind=ConsentKind.TELEHEALTH).in_force(at=at)
    goals_of: dict[UUID, list[Goal]] = {}
    for goal in goals.order_by("number"):
        goals_of.setdefault(goal.patient_id, []).append(goal)
    problems_of: dict[UUID, list[Problem]] = {}
    for problem in problems.order_by("-is_primary", "noted_at", "pk"):
        problems_of.setdefault(problem.patient_id, []).append(problem)
    consent_of = {consent.patient_id: consent for consent in consents.order_by("signed_at")}
    return [
        Chair(
            row,
            tuple(goals_of.get(row.patient_id, ())),
            tuple(problems_of.get(row.patient_id, ())),
            consent_of.get(row.patient_id),
        )
        for row in rows
    ]


# --- notes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnsignedNote:
    """A session that is over and has no signed note; `state` is "new", "due" or "overdue"."""

    session: Session
    age: timedelta
    state: str


def unsigned_notes(*, viewer: User, at: datetime, everyone: bool = False) -> list[UnsignedNote]:
    """Notes still to be signed for sessions `viewer` led (or everyone's), oldest first.

    A session nobody came to needs none once that is written down.
    """
    if everyone and not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    rows = Session.objects.standing().filter(Q(ends_at__lte=at) | Q(ended_at__isnull=False))
    if not everyone:
        rows = rows.filter(facilitator=viewer)
    writable = Attendance.objects.filter(session=OuterRef("pk"), status__in=[*HERE, Status.EXPECTED])
    rows = rows.filter(Exists(writable)).exclude(group_note__signed_at__isnull=False)
    rows = rows.select_related("facilitator", "section").annotate(
        expected=Count("roster"), here=Count("roster", filter=Q(roster__status__in=HERE))
    )
    return [
        UnsignedNote(row, at - row.over_at, note_state(over_at=row.over_at, at=at))
        for row in rows.order_by("starts_at", "pk")
    ]


def notes_of(*, viewer: User, patient: Patient, at: datetime) -> list[ProgressNote]:
    """A student's signed notes with their addenda, newest first; not for family. Raises PermissionDenied."""
    _open_notes(viewer, patient.pk, at)
    return list(_notes().filter(patient=patient).order_by("-session__starts_at", "pk"))


def _notes() -> QuerySet[ProgressNote]:
    addenda = Addendum.objects.select_related("by").order_by("at", "pk")
    return ProgressNote.objects.select_related("patient", "session", "signed_by").prefetch_related(
        Prefetch("addenda", addenda)
    )


# --- dose ---------------------------------------------------------------------------------------------------


def dose_weeks(*, viewer: User, episode: Episode, at: datetime) -> list[dose.WeekDose]:
    """Every week of an episode, for staff, the student and family who may see progress. Raises PermissionDenied."""
    patient = access_chart(viewer=viewer, pk=episode.patient_id, purpose="TREAT", at=at, what="dose")
    if not (viewer.is_staff or patient.user_id == viewer.pk):
        family = Relationship.objects.filter(patient=patient, person=viewer, may_see_progress=True)
        if not family.exists():
            raise PermissionDenied
    return dose_of(episodes=[episode], at=at)[episode.pk]


def dose_of(*, episodes: Iterable[Episode], at: datetime) -> dict[UUID, list[dose.WeekDose]]:
    """The weeks of each of `episodes` by its id, for a caller who has passed a door. Four queries in all."""
    return _dose(list(episodes), at, Attendance.objects.all(), on=None)


def dose_this_week(*, episodes: Iterable[Episode], at: datetime) -> dict[UUID, dose.WeekDose | None]:
    """The week of each of `episodes` that holds `at` (None before the first and after the last). Four queries.

    Reads only the places of the days around, so that a long stay costs no more than a short one.
    """
    near = Attendance.objects.filter(
        session__starts_at__gte=at - timedelta(days=7), session__starts_at__lt=at + timedelta(days=7)
    )
    today = at.astimezone(_organisation().zone).date()
    return {episode: next(iter(weeks), None) for episode, weeks in _dose(list(episodes), at, near, on=today).items()}


def _dose(
    episodes: list[Episode], at: datetime, places: QuerySet[Attendance], *, on: date | None
) -> dict[UUID, list[dose.WeekDose]]:
    zone = _organisation().zone
    patients = {episode.patient_id for episode in episodes}
    population = dict(Patient.objects.filter(pk__in=patients).values_list("pk", "population"))
    asked: dict[UUID, list[dose.Prescription]] = {}
    plans = CarePlan.objects.filter(episode__in=episodes, signed_at__isnull=False).order_by("version")
    began = {episode.pk: episode.starts_on for episode in episodes}
    for plan in plans:
        since = plan.signed_at.astimezone(zone).date() if plan.signed_at else plan.made_at.date()
        # A newer version takes the place of what an older one had for later weeks.
        told = [each for each in asked.get(plan.episode_id, ()) if each.since <= since]
        told.append(dose.prescription(plan.dose, since=since))
        for step in plan.steps:
            falls_on = began[plan.episode_id] + timedelta(weeks=step["from_week"] - 1)
            told.append(dose.prescription(step["dose"], since=max(since, falls_on)))
        asked[plan.episode_id] = told
    met: dict[UUID, list[dose.Meeting]] = {}
    for patient, *row in places.filter(patient__in=patients).values_list("patient", *_DOSE_FIELDS):
        met.setdefault(patient, []).append(_meeting(*row, at=at))
    return {
        episode.pk: dose.weeks(
            met.get(episode.patient_id, ()),
            prescriptions=asked.get(episode.pk, ()),
            starts_on=episode.starts_on,
            ends_on=_last_day(episode, zone),
            zone=zone,
            at=at,
            floor=dose.FLOORS[population[episode.patient_id]],
            on=on,
        )
        for episode in episodes
    }


_DOSE_FIELDS = (
    "minutes", "arrived_at", "left_at", "session__kind", "session__starts_at", "session__ends_at",
    "session__ended_at", "session__cancelled_at",
)  # fmt: skip


def _last_day(episode: Episode, zone: ZoneInfo) -> date:
    """The last day that can hold a session: before the planned end, or the day the episode ended."""
    planned = episode.planned_end_on - timedelta(days=1)
    return min(planned, episode.ended_at.astimezone(zone).date()) if episode.ended_at else planned


def _meeting(
    minutes: int,
    arrived_at: datetime | None,
    left_at: datetime | None,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    ended_at: datetime | None,
    cancelled_at: datetime | None,
    *,
    at: datetime,
) -> dose.Meeting:
    """What the dose sees of one place. Before the session is ended by hand, minutes so far are counted by the clock."""
    if ended_at is None and arrived_at and starts_at < at:
        minutes = attending.judge(
            attending.stretch_of(arrived_at, left_at), planned=(starts_at, ends_at), over_at=at
        ).minutes
    return dose.Meeting(
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        attended=0 if cancelled_at else minutes,
        is_cancelled=cancelled_at is not None,
    )


@dataclass(frozen=True, slots=True)
class AttendanceSummary:
    """How often someone came to the sessions of one episode that are over."""

    sessions: int = 0
    present: int = 0
    late: int = 0
    left_early: int = 0
    absent: int = 0
    excused: int = 0
    minutes: int = 0
    missed_in_a_row: int = 0  # absences without excuse since the last time they came

    @property
    def came(self) -> int:
        return self.present + self.late + self.left_early

    @property
    def percent(self) -> int | None:
        """Whole percent of sessions attended; None before the first."""
        return round(100 * self.came / self.sessions) if self.sessions else None


def attendance_summary(*, episodes: Iterable[Episode], at: datetime) -> dict[UUID, AttendanceSummary]:
    """Of each of `episodes` by its id, for a caller who has passed a door. Two queries in all."""
    episodes = list(episodes)
    zone = _organisation().zone
    rows = (
        Attendance.objects.filter(patient__in={episode.patient_id for episode in episodes})
        .filter(Q(session__ends_at__lte=at) | Q(session__ended_at__isnull=False), session__cancelled_at=None)
        .exclude(status=Status.EXPECTED)
        .order_by("session__starts_at")
        .values_list("patient", "session__starts_at", "status", "minutes")
    )
    of_patient: dict[UUID, list[tuple[datetime, str, int]]] = {}
    for patient, starts_at, status, minutes in rows:
        of_patient.setdefault(patient, []).append((starts_at, status, minutes))
    return {
        episode.pk: _summary(
            [
                (status, minutes)
                for starts_at, status, minutes in of_patient.get(episode.patient_id, ())
                if episode.starts_on <= starts_at.astimezone(zone).date() <= _last_day(episode, zone)
            ]
        )
        for episode in episodes
    }


def _summary(came: list[tuple[str, int]]) -> AttendanceSummary:
    count = {status: sum(1 for each, _ in came if each == status) for status in Status.values}
    missed = 0
    for status, _ in came:
        missed = 0 if status in HERE else missed + (status == Status.ABSENT)
    return AttendanceSummary(
        sessions=len(came),
        present=count[Status.PRESENT],
        late=count[Status.LATE],
        left_early=count[Status.LEFT_EARLY],
        absent=count[Status.ABSENT],
        excused=count[Status.EXCUSED],
        minutes=sum(minutes for _, minutes in came),
        missed_in_a_row=missed,
    )
