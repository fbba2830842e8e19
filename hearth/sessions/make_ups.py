"""Other times for what was missed: looked for on today's rows, and read by whom they concern."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from hearth.accounts.models import Organisation, User
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.program.models import Booking
from hearth.program.queries import closures_within
from hearth.sessions.closing import is_closed, offices_on
from hearth.sessions.models import Attendance, MakeUp, Session
from hearth.sessions.rules.make_ups import Option, weeks_to_look_at
from hearth.timetable.other_times import OneWeek, OtherTime, one_week

Status = MakeUp.Status
WHO = (
    "patient__user", "missed__session__section", "missed__session__room__site",
    "place__session__section", "place__session__room__site", "place__session__facilitator", "decided_by",
)  # fmt: skip
LISTED = ("patient", "missed__session", "place__session")  # a list names no rooms: planning every join costs more
LATELY = timedelta(days=21)
PAGE_LENGTH = 25


# --- looking for times, for the worker and for whoever says yes ----------------------------------------------


@dataclass
class Desk:
    """Where other times are looked for; the board of a week is made once, however many ask."""

    organisation: Organisation
    at: datetime
    weeks: dict[date, OneWeek] = field(default_factory=dict)

    def week(self, monday: date) -> OneWeek:
        if monday not in self.weeks:
            self.weeks[monday] = one_week(organisation=self.organisation, week_of=monday)
        return self.weeks[monday]


def times_for(desk: Desk, missed: Attendance, *, until: date) -> list[Option]:
    """Every other time for what `missed` stands for: what the engine allows and nothing real is in the way of.

    Sessions that are made and have a free place, and hours alone that nobody has booked. A fixed number of queries
    for each week that is looked at.
    """
    found: list[Option] = []
    today = desk.at.astimezone(desk.organisation.zone).date()
    for monday in weeks_to_look_at(today, until):
        week = desk.week(monday)
        times = [one for one in week.times_for(missed.patient_id, missed.session.kind) if one.starts_at > desk.at]
        if times:
            busy = _busy(desk, monday, {missed.patient_id} | {one.staff for one in times if one.section is None})
            found += _in_groups(week, missed, [one for one in times if one.section], busy)
            found += _alone(desk, missed, [one for one in times if one.section is None], busy)
    return found


Busy = dict[UUID, list[tuple[datetime, datetime]]]


def _busy(desk: Desk, monday: date, people: Iterable[UUID]) -> Busy:
    start = datetime.combine(monday, time(), desk.organisation.zone)
    rows = Booking.objects.filter(resource_id__in=list(people), during__overlap=(start, start + timedelta(days=8)))
    found: Busy = {}
    for pk, during in rows.values_list("resource_id", "during"):
        found.setdefault(pk, []).append((during.lower, during.upper))
    return found


def _is_free(who: UUID, starts_at: datetime, ends_at: datetime, busy: Busy) -> bool:
    return not any(start < ends_at and starts_at < end for start, end in busy.get(who, ()))


def _in_groups(week: OneWeek, missed: Attendance, times: Sequence[OtherTime], busy: Busy) -> Iterable[Option]:
    """Places in sessions that stand as the week's pattern has them, by who is really on their rosters."""
    rows = Session.objects.standing().filter(section__in={one.section for one in times}, started_at=None)
    rows = rows.filter(starts_at__in={one.starts_at for one in times}).select_related("section", "room")
    real = {(one.section_id, one.starts_at): one for one in rows.prefetch_related("roster")}
    apart, topic = week.apart_from(missed.patient_id), missed.session.section.topic if missed.session.section else ""
    for one in times:
        session = real.get((one.section, one.starts_at.astimezone(UTC)))
        if session is None or session.facilitator_id != one.staff:
            continue
        here = {row.patient_id for row in session.roster.all()}
        seated = {str(who) for who in here} | one.people
        helpers = {str(session.facilitator_id), str(session.co_facilitator_id), str(session.interpreter_id)}
        if (
            missed.patient_id not in here
            and len(seated) < session.seats_in_all()
            and apart.isdisjoint(seated | helpers)
            and _is_free(missed.patient_id, session.starts_at, session.ends_at, busy)
        ):
            yield _option(one, missed, session.ends_at, session=session.pk, is_same=one.topic == topic)


def _alone(desk: Desk, missed: Attendance, times: Sequence[OtherTime], busy: Busy) -> Iterable[Option]:
    """Hours alone with somebody who is free then and not where it is closed."""
    days = [one.starts_at.date() for one in times]
    closures = list(closures_within(min(days), max(days))) if days else []
    offices = offices_on(min(days)) if closures else {}
    for one in times:
        ends_at = one.starts_at + timedelta(minutes=one.minutes)
        shut = any(
            each.holds_on(one.starts_at.date()) and is_closed(each, one.modality, offices.get(one.staff))
            for each in closures
        )
        people = (one.staff, missed.patient_id)
        if not shut and all(_is_free(who, one.starts_at, ends_at, busy) for who in people):
            yield _option(one, missed, ends_at, session=None, is_same=True)


def _option(one: OtherTime, missed: Attendance, ends_at: datetime, *, session: UUID | None, is_same: bool) -> Option:
    is_same_way = one.modality == missed.modality
    return Option(
        one.starts_at.astimezone(UTC), ends_at.astimezone(UTC), one.staff, one.modality, session,
        (is_same, one.is_best, is_same_way),
    )  # fmt: skip


# --- options as they are stored ------------------------------------------------------------------------------


def as_json(options: Iterable[Option]) -> list[dict[str, Any]]:
    """Options as a row keeps them."""
    return [
        {
            "starts_at": one.starts_at.isoformat(),
            "ends_at": one.ends_at.isoformat(),
            "staff": str(one.staff),
            "modality": one.modality,
            "session": str(one.session) if one.session else None,
        }
        for one in options
    ]


def options_of(row: MakeUp) -> list[Option]:
    """What `as_json` wrote."""
    return [
        Option(
            datetime.fromisoformat(one["starts_at"]),
            datetime.fromisoformat(one["ends_at"]),
            UUID(one["staff"]),
            one["modality"],
            UUID(one["session"]) if one["session"] else None,
        )
        for one in row.options
    ]


# --- reads ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offered:
    """One time on the screen: when, with whom, and the session if it stands already."""

    option: Option
    staff: User
    session: Session | None


def shown(row: MakeUp, *, at: datetime) -> list[Offered]:
    """The times that can still be had, in order, with names. Two queries; the caller has passed a door."""
    options = [one for one in options_of(row) if one.starts_at > at]
    staff = {one.pk: one for one in User.objects.filter(pk__in={one.staff for one in options})}
    asked = Session.objects.standing().filter(pk__in=[one.session for one in options if one.session])
    sessions = {one.pk: one for one in asked.select_related("room__site", "section")}
    return [
        Offered(one, staff[one.staff], sessions.get(one.session) if one.session else None)
        for one in options
        if one.staff in staff and (one.session is None or one.session in sessions)
    ]


def open_to(patient: Patient, *, at: datetime) -> list[MakeUp]:
    """What this student may still say yes or no to, the soonest deadline first. The caller has passed a door."""
    rows = MakeUp.objects.select_related("missed__session").filter(patient=patient, status=Status.OPEN, until__gt=at)
    return list(rows.order_by("until", "pk"))


def of_patient(patient: Patient) -> list[MakeUp]:
    """What this student missed and was offered other times for, newest first. The caller has passed a door."""
    rows = MakeUp.objects.select_related(*LISTED).filter(patient=patient)
    return list(rows.order_by("-missed__session__starts_at", "pk")[:20])


def lately(*, viewer: User, at: datetime, page: str = "") -> Page[MakeUp]:
    """For staff: of the students whose chart is open to them, what waits and what was decided lately.

    The caller writes the read down.
    """
    if not viewer.is_staff:
        raise PermissionDenied
    rows = MakeUp.objects.select_related(*LISTED).filter(patient__in=Patient.objects.open_to(viewer).values("pk"))
    recent = Q(status__in=[Status.OPEN, Status.AGAIN]) | Q(missed__session__starts_at__gte=at - LATELY)
    return Paginator(rows.filter(recent).order_by("-missed__session__starts_at", "pk"), PAGE_LENGTH).get_page(page)


def access_make_up(*, viewer: User, pk: UUID, at: datetime, to: str = "read") -> MakeUp:
    """The make-up `pk`, for its student and for staff who may open the chart. Raises PermissionDenied."""
    row = _rows().filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    if row.patient.user_id != viewer.pk:
        if not viewer.is_staff:
            raise PermissionDenied
        access_chart(viewer=viewer, pk=row.patient_id, purpose="TREAT", at=at, to=to, what="make_ups")
    return row


def _rows() -> QuerySet[MakeUp]:
    return MakeUp.objects.select_related(*WHO)
