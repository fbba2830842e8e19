"""What a single session is, whom it could be with, and when all of them are free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.people.models import Modality, Patient
from hearth.program.models import Booking, Interpreter, Room, StaffDuty
from hearth.sessions.models import Session, SessionKind
from hearth.sessions.rules.free_times import FreeTime, free_times
from hearth.timetable import hours
from hearth.timetable.board import Span
from hearth.timetable.queries import hours_of_all

MAKERS = CARE | {Role.COORDINATOR, Role.DIRECTOR}
"""Roles that make a single session, each for students whose chart is open to them."""

CHOSEN_BY = ("user", "chosen_name", "family_name", "modality", "state", "population")
"""What of a student a list to choose from and a session's rules read; everything else would be read of everyone."""

ALONE = frozenset({SessionKind.INDIVIDUAL, SessionKind.FAMILY, SessionKind.ASSESSMENT})
"""Kinds with one student."""


@dataclass(frozen=True, slots=True)
class Single:
    """One meeting outside the week's pattern, before it is made or as it is to be changed to."""

    kind: str
    name: str
    topic: str
    starts_at: datetime
    minutes: int
    leader: User
    second: User | None
    modality: str
    room: Room | None
    interpreter: Interpreter | None
    students: tuple[Patient, ...]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def leaders(self) -> list[User]:
        return [self.leader, self.second] if self.second else [self.leader]

    def way_of(self, patient: Patient) -> str:
        """How this student takes part: as the session is held, or where it is held both ways as they come at all."""
        if self.modality != Modality.EITHER:
            return self.modality
        return Modality.VIRTUAL if patient.modality == Modality.VIRTUAL else Modality.IN_PERSON

    @property
    def booked(self) -> frozenset[UUID]:
        """The people whose hour it takes."""
        people = {one.pk for one in (*self.leaders, *self.students)}
        return frozenset(people | ({self.interpreter.pk} if self.interpreter else set()))


def who_could_come(*, viewer: User) -> list[Patient]:
    """The students whose chart is open to `viewer` and who are in a program or on their way in, by name."""
    rows = Patient.objects.open_to(viewer).living().filter(Q(episodes=None) | Q(episodes__ended_at=None)).distinct()
    return list(rows.order_by("chosen_name", "family_name", "pk").only(*CHOSEN_BY))


def who_could_lead(*, viewer: User) -> list[User]:
    """Everyone who cares for people here, by name."""
    rows = User.objects.filter(organisation=viewer.organisation_id, is_active=True, roles__overlap=sorted(CARE))
    return list(rows.order_by("name", "pk"))


def when_free(single: Single, *, days: Sequence[date], zone: ZoneInfo, at: datetime) -> list[FreeTime]:
    """The starts on these days at which nobody of this session and not its room is booked, in order.

    What the session itself holds now is free for it. A fixed number of queries.
    """
    return _when_free(single, frozenset(), days=days, zone=zone, at=at)


def when_free_again(
    session: Session, single: Single, *, days: Sequence[date], zone: ZoneInfo, at: datetime
) -> list[FreeTime]:
    """The same for a session that is made already: its own hours are free for it."""
    return _when_free(single, frozenset({session.pk}), days=days, zone=zone, at=at)


def _when_free(
    single: Single, own: frozenset[UUID], *, days: Sequence[date], zone: ZoneInfo, at: datetime
) -> list[FreeTime]:
    start = datetime.combine(days[0], time(), zone)
    end = datetime.combine(days[-1] + timedelta(days=1), time(), zone)
    resources = single.booked | ({single.room.pk} if single.room else set())
    rows = Booking.objects.filter(resource_id__in=resources, during__overlap=(start, end)).exclude(purpose_id__in=own)
    held = [(during.lower, during.upper) for during in rows.values_list("during", flat=True)]
    return free_times(days, minutes=single.minutes, held=held, hours=_hours(single, days[0]), zone=zone, after=at)


def _hours(single: Single, on: date) -> list[tuple[Span, ...]]:
    """The hours that each of these people gave: staff by their duty, students by what fits them."""
    duties = StaffDuty.objects.on(on).filter(member__in=single.leaders)
    given = [one.hours for one in duties]
    given += [one.hours for one in hours_of_all(one.pk for one in single.students).values()]
    if single.interpreter is not None:
        given.append(single.interpreter.hours)
    return [hours.from_json(one) for one in given]


def as_it_is(session: Session) -> Single:
    """A session that is made, as what it would be changed from. The caller has passed its door."""
    return Single(
        kind=session.kind,
        name=session.name,
        topic=session.topic,
        starts_at=session.starts_at,
        minutes=session.minutes,
        leader=session.facilitator,
        second=session.co_facilitator,
        modality=session.modality,
        room=session.room,
        interpreter=session.interpreter,
        students=tuple(students_of(session)),
    )


def students_of(session: Session) -> Iterable[Patient]:
    """Everyone on the roster, by name."""
    rows = Patient.objects.filter(attendances__session=session).select_related("user")
    return rows.order_by("chosen_name", "family_name", "pk")
