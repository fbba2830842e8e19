"""Reads of where people who take part by video are, whom to call there, and whether the way in is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import prefetch_related_objects

from hearth.accounts.models import User
from hearth.accounts.queries import holders_of
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.consent.models import Consent
from hearth.consent.queries import releases_naming
from hearth.people.models import Modality, Patient
from hearth.people.queries import states_licensed_in, supervisor_of
from hearth.safety.models import EmergencyArea
from hearth.safety.queries import KEEP_AREAS, areas_in
from hearth.safety.rules import Numbers, areas_at, numbers
from hearth.sessions.models import Attendance, NumbersWanted, Presence, Session, Whereabouts
from hearth.sessions.queries import roster, standing_of, zone_of
from hearth.sessions.rules.whereabouts import Address, WayIn, newest_first, states_shared, way_in

OFFERED = 4  # earlier addresses of one's own
WANTED_FOR = timedelta(days=30)
"""So long after somebody was at a place its numbers are still to be looked up. A product default."""
KEEPERS = (Role.COORDINATOR, Role.SUPERVISOR, Role.DIRECTOR)
"""Whose work it is to keep the list of numbers, in the order they are asked."""


@dataclass(frozen=True, slots=True)
class WhomToCall:
    """The nearest number of each kind for one address, and whether that is enough."""

    dispatch: EmergencyArea | None
    crisis: EmergencyArea | None
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Found:
    """One person who takes part by video: where they are, and whom to call there."""

    attendance: Attendance
    place: Whereabouts | None
    way: WayIn
    areas: list[EmergencyArea]
    release: Consent | None  # under which their emergency contact may be told something

    @property
    def patient(self) -> Patient:
        return self.attendance.patient


def place_of(row: Attendance) -> Whereabouts | None:
    """Where they last said they are, for this session."""
    return Whereabouts.objects.filter(attendance=row).order_by("-at").first()


def way_in_of(row: Attendance, place: Whereabouts | None) -> WayIn:
    """Whether the way in is open to them; for who has passed the session's door."""
    return way_in(place.state if place else None, licensed=licensed_states(row.session), let_in=_let_in(row, place))


def may_come_by_video(row: Attendance) -> bool:
    """Whether they may come by video today: it was planned so, or this session and what was agreed with them allow it.

    Not where staff said that they are on site.
    """
    if row.modality_reason or row.modality == Modality.VIRTUAL:
        return row.modality == Modality.VIRTUAL
    return row.session.modality != Modality.IN_PERSON and row.patient.modality != Modality.IN_PERSON


def licensed_states(session: Session) -> frozenset[str]:
    """The states whose licence everyone who leads holds on the day of the session."""
    leaders = session.leaders
    held = states_licensed_in(leaders, on=session.starts_at.astimezone(zone_of(session)).date())
    return states_shared(held[leader.pk] for leader in leaders)


def own_addresses(row: Attendance) -> tuple[Address, ...]:
    """Addresses this person confirmed before, newest first, and the one on file."""
    patient = row.patient
    earlier = Whereabouts.objects.filter(attendance__patient=patient).order_by("-at")[:20]
    on_file = Address(patient.street, patient.city, patient.state, patient.postal_code)
    return newest_first([*(each.address for each in earlier), on_file], most=OFFERED)


def whom_to_call(place: Whereabouts | NumbersWanted, areas: Iterable[EmergencyArea], *, today: date) -> WhomToCall:
    """What is known of this place among `areas`, those of its state at least."""
    near = _areas_near(place, areas)
    dispatch = next((area for area in near if area.dispatch_phone), None)
    crisis = next((area for area in near if area.crisis_phone), None)
    checked = [area.checked_on if area else None for area in (dispatch, crisis)]
    return WhomToCall(dispatch, crisis, numbers(dispatch=checked[0], crisis=checked[1], today=today))


def beside_addresses(rows: Iterable[Attendance], *, today: date) -> dict[UUID, WhomToCall]:
    """Whom to call for each of these places in a session that has a confirmed address. At most two queries.

    For a caller who has passed `access_session`; no address is read to them here.
    """
    rows = list(rows)
    found = _newest(rows)
    places = {row.pk: found[row.pk] for row in rows if row.pk in found and _is_or_would_be_by_video(row, found)}
    areas = areas_in({place.state for place in places.values()}) if places else []
    return {pk: whom_to_call(place, areas, today=today) for pk, place in places.items()}


def _is_or_would_be_by_video(row: Attendance, places: Mapping[UUID, Whereabouts]) -> bool:
    """Who takes part by video, or said for today where they are and may not from there, and has not come on site."""
    would = row.pk in places and row.arrived_at is None and not row.modality_reason
    return row.modality == Modality.VIRTUAL or would


def who_looks_up(session: Session) -> User | None:
    """The named person who finds missing numbers: the supervisor of who leads, or else the first who keeps the list."""
    day = session.starts_at.astimezone(zone_of(session)).date()
    supervisor = supervisor_of(session.facilitator, on=day)
    if supervisor and supervisor.is_active and supervisor.has_any(KEEP_AREAS):
        return supervisor
    return next((found for role in KEEPERS if (found := holders_of(role).first())), None)


def numbers_wanted(*, viewer: User, at: datetime) -> list[NumbersWanted]:
    """Places whose numbers `viewer` is to look up, as the list of numbers stands now. At most two queries."""
    rows = NumbersWanted.objects.filter(looked_up_by=viewer, asked_at__gt=at - WANTED_FOR)
    wanted = list(rows.order_by("-asked_at", "pk"))
    areas = areas_in({row.state for row in wanted}) if wanted else []
    today = at.astimezone(viewer.zone).date()
    return [row for row in wanted if whom_to_call(row, areas, today=today).numbers != Numbers.KNOWN]


def where_they_are(*, viewer: User, session: Session, at: datetime) -> list[Found]:
    """Everyone who takes part by video, for a caller who has passed `access_session`. Each reading is written down.

    With them whoever has a seat on site and said for today where they are, but may not come by video from there.
    """
    everyone = roster(session=session)
    places = _newest(everyone)
    rows = [row for row in everyone if _is_or_would_be_by_video(row, places)]
    areas = areas_in({place.state for place in places.values()})
    named = {row.patient: row.patient.emergency_name for row in rows}
    releases = releases_naming(named, at=at)
    licensed = licensed_states(session)
    prefetch_related_objects([row.patient for row in rows], "safe_contact")
    patients = [row.patient_id for row in rows]
    audit.record_reads("whereabouts.read", by=viewer, patient_ids=patients, purpose="TREAT", at=at)
    return [_found(row, places.get(row.pk), areas, licensed, releases.get(row.patient_id)) for row in rows]


def _found(
    row: Attendance,
    place: Whereabouts | None,
    areas: list[EmergencyArea],
    licensed: frozenset[str],
    release: Consent | None,
) -> Found:
    way = way_in(place.state if place else None, licensed=licensed, let_in=_let_in(row, place))
    return Found(row, place, way, _areas_near(place, areas) if place else [], release)


def _areas_near(place: Whereabouts | NumbersWanted, areas: Iterable[EmergencyArea]) -> list[EmergencyArea]:
    by_key = {str(area.pk): area for area in areas}
    rules = [area.as_rule for area in by_key.values()]
    found = areas_at(rules, state=place.state, county=place.county, postal_code=place.postal_code)
    return [by_key[each.key] for each in found]


def _let_in(row: Attendance, place: Whereabouts | None) -> bool:
    """Staff spoke with them and marked them present themselves.

    Where some sit on site, only after they said where they are: before, present may have meant in the room.
    """
    if place is None or row.arrived_at is None:
        return False
    said = [each.said_at or each.recorded_at for each in standing_of(row) if each.source == Presence.Source.STAFF]
    return any(row.session.modality == Modality.VIRTUAL or place.at <= each for each in said)


def _newest(rows: Iterable[Attendance]) -> dict[UUID, Whereabouts]:
    found = Whereabouts.objects.filter(attendance__in=[row.pk for row in rows]).order_by("at")
    return {each.attendance_id: each for each in found}
