"""Reads of the dose a student gets and how often they come. `access_chart` is the door of `dose_weeks`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.consent.queries import access_chart
from hearth.people.models import Patient, Relationship
from hearth.plan.models import CarePlan
from hearth.sessions.models import Attendance, Authorisation
from hearth.sessions.policies import policy_of_pack
from hearth.sessions.queries import HERE, organisation
from hearth.sessions.rules import attendance as attending
from hearth.sessions.rules import dose
from hearth.sessions.rules import ledger as ledgers
from hearth.sessions.rules.authorised import Authorised, Unit

Status = Attendance.Status
WEEK = timedelta(days=7)


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
    episodes = list(episodes)
    read = _read(episodes, at, Attendance.objects.all(), organisation().zone)
    return {episode.pk: read.weeks(episode, at=at) for episode in episodes}


def dose_this_week(*, episodes: Iterable[Episode], at: datetime) -> dict[UUID, dose.WeekDose | None]:
    """The week of each of `episodes` that holds `at` (None before the first and after the last). Four queries.

    Reads only the places of the days around, so that a long stay costs no more than a short one.
    """
    episodes = list(episodes)
    read, day = _read_around(episodes, at, back=timedelta())
    return {episode.pk: next(iter(read.weeks(episode, at=at, on=day)), None) for episode in episodes}


def gaps_last_week(*, episodes: Iterable[Episode], at: datetime) -> dict[UUID, tuple[ledgers.Gap, ...]]:
    """Why hours were missing in the last full week of each of `episodes`, in the same way."""
    episodes = list(episodes)
    read, day = _read_around(episodes, at, back=WEEK)
    found = {}
    for episode in episodes:
        weeks, met = read.weeks(episode, at=at, on=day), read.met.get(episode.patient_id, ())
        found[episode.pk] = tuple(gap for week in weeks for gap in ledgers.gaps(week, met, zone=read.zone, at=at))
    return found


def _read_around(episodes: list[Episode], at: datetime, *, back: timedelta) -> tuple["_Read", date]:
    """What the week that holds the day `back` before `at` is worked out from, and that day."""
    zone = organisation().zone
    day = at.astimezone(zone).date() - back
    first_days = [day - timedelta(days=(day - episode.starts_on).days % 7) for episode in episodes]
    since, until = min(first_days, default=day), max(first_days, default=day) + WEEK
    near = Attendance.objects.filter(
        session__starts_at__gte=datetime.combine(since, time.min, tzinfo=zone),
        session__starts_at__lt=datetime.combine(until, time.min, tzinfo=zone),
    )
    return _read(episodes, at, near, zone), day


def ledger_of(*, viewer: User, episode: Episode, at: datetime) -> ledgers.Ledger:
    """The dose ledger of an episode, for staff and the student. Raises PermissionDenied."""
    patient = access_chart(viewer=viewer, pk=episode.patient_id, purpose="TREAT", at=at, what="dose")
    if not (viewer.is_staff or patient.user_id == viewer.pk):
        raise PermissionDenied
    return ledgers_of(episodes=[episode], at=at)[episode.pk]


def ledgers_of(*, episodes: Iterable[Episode], at: datetime) -> dict[UUID, ledgers.Ledger]:
    """The ledger of each of `episodes` (with `program`) by its id, for a caller with a door. Five queries in all."""
    episodes = list(episodes)
    read = _read(episodes, at, Attendance.objects.all(), organisation().zone)
    granted = authorisations_of(episodes)
    found = {}
    for episode in episodes:
        found[episode.pk] = ledgers.ledger(
            read.weeks(episode, at=at),
            read.met.get(episode.patient_id, ()),
            granted=[as_granted(one) for one in granted.get(episode.pk, ())],
            billable_day=policy_of_pack(episode.program.pack).billable_day,
            zone=read.zone,
            at=at,
        )
    return found


def authorisations_of(episodes: Iterable[Episode]) -> dict[UUID, list[Authorisation]]:
    """What payers approved for these stays and nobody withdrew, in order of their dates. One query."""
    rows = Authorisation.objects.filter(episode__in=list(episodes), withdrawn_at=None)
    found: dict[UUID, list[Authorisation]] = {}
    for row in rows.select_related("recorded_by", "coverage").order_by("first_on", "last_on", "pk"):
        found.setdefault(row.episode_id, []).append(row)
    return found


def access_authorisation(*, viewer: User, pk: UUID, at: datetime) -> Authorisation:
    """The authorisation `pk`, for staff who may write into the chart. Raises PermissionDenied."""
    row = Authorisation.objects.select_related("patient").filter(pk=pk, withdrawn_at=None).first()
    if row is None:
        raise PermissionDenied
    access_chart(viewer=viewer, pk=row.patient_id, purpose="HPAYMT", at=at, to="change", what="dose")
    return row


def as_granted(row: Authorisation) -> Authorised:
    """An authorisation as the rules see it."""
    return Authorised(row.first_on, row.last_on, Unit(row.unit), row.approved)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the dose of some episodes is worked out from."""

    zone: ZoneInfo
    population: dict[UUID, str]
    asked: dict[UUID, list[dose.Prescription]]
    met: dict[UUID, list[dose.Meeting]]

    def weeks(self, episode: Episode, *, at: datetime, on: date | None = None) -> list[dose.WeekDose]:
        return dose.weeks(
            self.met.get(episode.patient_id, ()),
            prescriptions=self.asked.get(episode.pk, ()),
            starts_on=episode.starts_on,
            ends_on=_last_day(episode, self.zone),
            zone=self.zone,
            at=at,
            floor=dose.FLOORS[self.population[episode.patient_id]],
            on=on,
        )


def _read(episodes: list[Episode], at: datetime, places: QuerySet[Attendance], zone: ZoneInfo) -> _Read:
    patients = {episode.patient_id for episode in episodes}
    population = dict(Patient.objects.filter(pk__in=patients).values_list("pk", "population"))
    asked: dict[UUID, list[dose.Prescription]] = {}
    plans = CarePlan.objects.filter(episode__in=episodes, signed_at__isnull=False).order_by("version")
    began = {episode.pk: episode.starts_on for episode in episodes}
    for pk, signed_at, usual, steps in plans.values_list("episode", "signed_at", "dose", "steps"):
        if signed_at is None:  # is asked for above
            continue
        since = signed_at.astimezone(zone).date()
        # A newer version takes the place of what an older one had for later weeks.
        told = [each for each in asked.get(pk, ()) if each.since <= since]
        told.append(dose.prescription(usual, since=since))
        for step in steps:
            falls_on = began[pk] + timedelta(weeks=step["from_week"] - 1)
            told.append(dose.prescription(step["dose"], since=max(since, falls_on)))
        asked[pk] = told
    met: dict[UUID, list[dose.Meeting]] = {}
    for patient, *row in places.filter(patient__in=patients).values_list("patient", *_DOSE_FIELDS):
        met.setdefault(patient, []).append(_meeting(*row, at=at))
    return _Read(zone, population, asked, met)


_DOSE_FIELDS = (
    "minutes", "arrived_at", "left_at", "status", "kept_out", "reason", "session__kind", "session__starts_at",
    "session__ends_at", "session__ended_at", "session__cancelled_at", "session__cancel_reason",
    "make_up__place__minutes", "make_up__place__session__starts_at", "makes_up__missed__session__starts_at",
)  # fmt: skip


def _last_day(episode: Episode, zone: ZoneInfo) -> date:
    """The last day that can hold a session: before the planned end, or the day the episode ended."""
    planned = episode.planned_end_on - timedelta(days=1)
    return min(planned, episode.ended_at.astimezone(zone).date()) if episode.ended_at else planned


def _meeting(
    minutes: int,
    arrived_at: datetime | None,
    left_at: datetime | None,
    status: str,
    kept_out: str,
    reason: str,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    ended_at: datetime | None,
    cancelled_at: datetime | None,
    cancel_reason: str,
    made_up: int | None,
    made_up_at: datetime | None,
    makes_up_for: datetime | None,
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
        status=status,
        is_kept_out=bool(kept_out),
        reason=cancel_reason if cancelled_at else reason,
        shortened=attending.whole_minutes(ends_at - ended_at) if ended_at else 0,
        made_up=made_up or 0,
        made_up_at=made_up_at,
        makes_up_for=makes_up_for,
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
    zone = organisation().zone
    rows = (
        Attendance.objects.filter(patient__in={episode.patient_id for episode in episodes})
        .filter(Q(session__ends_at__lte=at) | Q(session__ended_at__isnull=False), session__cancelled_at=None)
        .exclude(status=Status.EXPECTED)
        .exclude(make_up__place__status__in=HERE)  # what was made up counts once, where they came
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
