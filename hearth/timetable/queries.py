"""Reads of hours, places and proposals. `week_board` makes the board of a week."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.admission.models import Episode
from hearth.admission.queries import active_episode_of
from hearth.consent.queries import access_chart, guardian_signs_for
from hearth.people.models import Patient, Relationship
from hearth.people.rules import CHANGE
from hearth.plan.queries import current_plan
from hearth.program.models import Program, Room
from hearth.program.queries import closures_within
from hearth.timetable.board import Dose
from hearth.timetable.board_json import parse_board, parse_dose
from hearth.timetable.models import (
    Availability,
    CalendarFeed,
    ChangeOffer,
    Kind,
    OneOff,
    Proposal,
    Seat,
    Section,
    SuggestedHours,
    WeekNotice,
)
from hearth.timetable.why_words import About, said

READERS = CARE | {Role.COORDINATOR, Role.DIRECTOR}
"""Roles that see the timetable of groups."""

WRITERS = frozenset(CHANGE)
"""Roles that may write down somebody's hours for them."""

PLANNERS = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.DIRECTOR})
"""Roles that work out and accept a week; all of them may see everyone."""


@dataclass(frozen=True, slots=True)
class Place:
    """One student's weekly place, as it lies in one week."""

    seat: Seat
    day: date

    @property
    def section(self) -> Section:
        return self.seat.section


def monday_of(day: date) -> date:
    """The Monday of the week `day` is in."""
    return day - timedelta(days=day.weekday())


def hours_of(patient: Patient) -> Availability | None:
    """The newest hours this student gave. The caller has passed a door."""
    return Availability.objects.filter(patient=patient).select_related("entered_by").order_by("-entered_at").first()


def hours_of_all(patients: Iterable[UUID]) -> dict[UUID, Availability]:
    """The newest hours of each of these students, in one query."""
    rows = (
        Availability.objects.filter(patient__in=list(patients)).order_by("patient", "-entered_at").distinct("patient")
    )
    return {row.patient_id: row for row in rows}


def one_offs_of(patient: Patient, *, since: date) -> list[OneOff]:
    """The dates from the day `since` on when this student cannot come, in order. The caller has passed a door."""
    return list(OneOff.objects.filter(patient=patient, last_on__gte=since).order_by("first_on", "starts", "pk"))


def one_offs_of_all(patients: Iterable[UUID], *, first: date, last: date) -> dict[UUID, list[OneOff]]:
    """What falls into the days `first` to `last` for each of these students, in one query."""
    found: dict[UUID, list[OneOff]] = {}
    for row in OneOff.objects.filter(patient__in=list(patients), first_on__lte=last, last_on__gte=first):
        found.setdefault(row.patient_id, []).append(row)
    return found


def access_one_off(*, viewer: User, pk: UUID, at: datetime) -> OneOff:
    """Dates that the student themself or staff who may write down their hours may change. Raises PermissionDenied."""
    row = OneOff.objects.select_related("patient").filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    if row.patient.user_id != viewer.pk:
        access_hours(viewer=viewer, patient=row.patient_id, at=at)
    return row


@dataclass(frozen=True, slots=True)
class Missed:
    """Dates on which a student cannot come, and what of their week falls into them."""

    one_off: OneOff
    places: tuple[Place, ...]


def missed_by(patient: Patient, *, since: date) -> list[Missed]:
    """Each of the student's dates from `since` on with the places they would miss. The caller has passed a door."""
    rows = one_offs_of(patient, since=since)
    episode = active_episode_of(patient) if rows else None
    seats = Seat.objects.filter(patient=patient).select_related("section") if episode else ()
    found = []
    for row in rows:
        days = [row.first_on + timedelta(days=n) for n in range((row.last_on - row.first_on).days + 1)]
        places = [Place(seat, day) for day in days if day >= since for seat in seats]
        hit = [
            place
            for place in places
            if episode
            and _takes_place(place, episode)
            and row.dates.covers(place.day, place.section.start_minute, place.section.minutes)
        ]
        found.append(Missed(row, tuple(hit)))
    return found


def access_hours(*, viewer: User, patient: UUID, at: datetime) -> Patient:
    """The student whose hours `viewer` may write down. Raises PermissionDenied."""
    return access_chart(viewer=viewer, pk=patient, purpose="TREAT", at=at, to="change", what="hours")


@dataclass(frozen=True, slots=True)
class Relative:
    """A student whose schedule a family member may see; `may_suggest` for the guardian of a minor."""

    tie: Relationship
    may_suggest: bool

    @property
    def patient(self) -> Patient:
        return self.tie.patient


def access_family(*, viewer: User, patient: UUID, at: datetime) -> Relative:
    """How `viewer` is family to this student, if they may see the schedule. Raises PermissionDenied."""
    tie = (
        Relationship.objects.filter(patient=patient, person=viewer, may_see_schedule=True)
        .select_related("patient__organisation")
        .first()
    )
    if tie is None or not viewer.has_role(Role.FAMILY):
        raise PermissionDenied
    access_chart(viewer=viewer, pk=patient, purpose="TREAT", at=at, what="hours")
    return Relative(tie, tie.is_guardian and guardian_signs_for(tie.patient, at=at))


def suggestion_for(patient: Patient) -> SuggestedHours | None:
    """What a guardian suggested and nobody decided on yet. The caller has passed a door."""
    rows = SuggestedHours.objects.filter(patient=patient, decided_at=None)
    return rows.select_related("suggested_by", "patient").first()


def access_planned(*, viewer: User, patient: UUID, at: datetime, lock: bool = False) -> Patient:
    """The student to whom `viewer`, who plans weeks, may offer changes. Raises PermissionDenied."""
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    return access_chart(viewer=viewer, pk=patient, purpose="TREAT", at=at, what="timetable", lock=lock)


def access_change(*, viewer: User, pk: UUID, at: datetime) -> ChangeOffer:
    """An offered change, for its student and for those who plan weeks. Raises PermissionDenied."""
    offer = _changes().filter(pk=pk).first()
    if offer is None:
        raise PermissionDenied
    if offer.patient.user_id != viewer.pk:
        access_planned(viewer=viewer, patient=offer.patient_id, at=at)
    return offer


def changes_open_to(patient: Patient, *, at: datetime) -> list[ChangeOffer]:
    """The changes this student may still say yes or no to. The caller has passed a door."""
    told = ("from_section__facilitator", "to_section__facilitator", "to_section__room")
    rows = ChangeOffer.objects.select_related(*told)
    return list(rows.filter(patient=patient, status=ChangeOffer.Status.OPEN, until__gt=at).order_by("until", "pk"))


def changes_of(patient: Patient) -> list[ChangeOffer]:
    """What this student was offered, newest first, ten at most. The caller has passed a door."""
    return list(_listed().filter(patient=patient).order_by("-offered_at", "pk")[:10])


def changes_lately(*, viewer: User, at: datetime) -> list[ChangeOffer]:
    """For those who plan weeks: what waits for an answer, and what was answered or lapsed within a week."""
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    lately = Q(status=ChangeOffer.Status.OPEN) | Q(decided_at__gt=at - timedelta(days=7))
    return list(_listed().filter(lately).order_by("-offered_at", "pk")[:50])


def _listed() -> QuerySet[ChangeOffer]:
    """With what one line says of an offer; planning the joins of everything costs more than reading it."""
    return ChangeOffer.objects.select_related("patient", "from_section", "to_section", "offered_by")


def _changes() -> QuerySet[ChangeOffer]:
    return ChangeOffer.objects.select_related(
        "patient__user", "patient__organisation", "from_section__facilitator", "from_section__room__site",
        "to_section__facilitator", "to_section__room__site", "offered_by",
    )  # fmt: skip


def dose_of(patient: Patient, *, on: date) -> Dose | None:
    """The dose of the student's week that `on` is in, if there is a plan. The caller has passed a door."""
    episode = active_episode_of(patient)
    plan = current_plan(episode) if episode else None
    return parse_dose(plan.dose_on(on)) if plan else None


def places_of(*, viewer: User, patient: Patient, monday: date, at: datetime) -> list[Place]:
    """The student's places in the week of `monday`, in order of time, before the planned end of their episode."""
    access_chart(viewer=viewer, pk=patient.pk, purpose="TREAT", at=at, what="timetable")
    episode = active_episode_of(patient)
    if episode is None:
        return []
    seats = (
        Seat.objects.filter(patient=patient, section__in=Section.objects.within_week(monday))
        .select_related("section__facilitator", "section__room__site", "section__program")
        .order_by("section__weekday", "section__starts")
    )
    places = [Place(seat, seat.section.day_in(monday)) for seat in seats]
    return [place for place in places if _takes_place(place, episode)]


def closed_on(places: Sequence[Place]) -> set[Place]:
    """Those of these places that fall on a closed day. One query; the caller has passed a door."""
    if not places:
        return set()
    days = [place.day for place in places]
    closures = list(closures_within(min(days), max(days)))

    def is_closed(place: Place) -> bool:
        site = place.section.room.site_id if place.section.room else None
        return any(each.holds_on(place.day) and each.site_id in (None, site) for each in closures)

    return {place for place in places if is_closed(place)}


def missed_of(patient: Patient, places: Sequence[Place]) -> set[Place]:
    """Those of these places to which this student said they cannot come. One query; the caller has passed a door."""
    if not places:
        return set()
    dates = [row.dates for row in one_offs_of(patient, since=min(place.day for place in places))]
    return {
        place
        for place in places
        if any(each.covers(place.day, place.section.start_minute, place.section.minutes) for each in dates)
    }


def _takes_place(place: Place, episode: Episode) -> bool:
    held = place.seat.is_held_on(place.day) and place.section.meets_on(place.day)
    return held and episode.starts_on <= place.day < episode.planned_end_on


def has_places(patient: Patient) -> bool:
    """Whether this student holds any place now or later."""
    return Seat.objects.filter(patient=patient, during__endswith=None).exclude(during__isempty=True).exists()


def proposals(*, viewer: User) -> QuerySet[Proposal]:
    """Every proposal, newest first; those that only ask what would be are among `what_ifs`."""
    return _asked(viewer).filter(change__isnull=True)


def what_ifs(*, viewer: User, week_of: date) -> QuerySet[Proposal]:
    """What was asked of the week of `week_of` and not put away, in the order of asking."""
    rows = _asked(viewer).filter(change__isnull=False, week_of=week_of)
    return rows.exclude(status=Proposal.Status.DROPPED).order_by("asked_at", "pk")


def names_in_changes(what_ifs: Iterable[Proposal]) -> dict[str, str]:
    """The names of the staff and rooms that these what-ifs are about, by board id. The caller has passed a door."""
    changes = [row.change for row in what_ifs if row.change]
    staff = User.objects.filter(pk__in=[one["staff"] for one in changes if "staff" in one])
    rooms = Room.objects.filter(pk__in=[one["room"] for one in changes if "room" in one])
    return {str(row.pk): row.name for rows in (staff, rooms) for row in rows}


def names_of_patients(ids: Iterable[str]) -> dict[str, str]:
    """The names of these students, by board id. The caller has passed a door."""
    return {str(row.pk): row.name for row in Patient.objects.filter(pk__in=list(ids))}


def programs_to_plan(*, viewer: User) -> list[Program]:
    """The programs whose week can be worked out by itself, by name."""
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    return list(Program.objects.select_related("site").order_by("name"))


def accepted_parts(proposal: Proposal) -> QuerySet[Proposal]:
    """The parts of this proposal that were accepted apart. The caller has passed a door."""
    rows = Proposal.objects.filter(based_on=proposal, status=Proposal.Status.ACCEPTED)
    return rows.select_related("decided_by").order_by("decided_at")


def _asked(viewer: User) -> QuerySet[Proposal]:
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    return Proposal.objects.select_related("asked_by", "decided_by").order_by("-asked_at")


def access_proposal(*, viewer: User, pk: UUID, lock: bool = False) -> Proposal:
    """The proposal or what-if `pk`, for those who plan weeks. Raises PermissionDenied."""
    rows = _asked(viewer)
    proposal = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if proposal is None:
        raise PermissionDenied
    return proposal


@dataclass(frozen=True, slots=True)
class Lacking:
    """What one person has no place for in a proposal, and why."""

    patient: UUID
    name: str
    parts: tuple[tuple[str, int], ...]  # kind of session in words, minutes
    sentences: tuple[str, ...]


def named_unplaced(proposal: Proposal, names: Mapping[str, str]) -> list[Lacking]:
    """What a proposal could not place, person by person, by name, and why, in the reader's words."""
    board = parse_board(proposal.board)
    about = {one.id: About(one, board.minimum, names) for one in board.patients}
    by_person: dict[str, list[dict[str, Any]]] = {}
    for one in proposal.unplaced:
        by_person.setdefault(one["patient"], []).append(one)
    found = [
        Lacking(
            patient=UUID(who),
            name=names.get(who, ""),
            parts=tuple((str(Kind(one["kind"]).label), one["minutes"]) for one in lacking),
            sentences=tuple(words for one in lacking for words in said(one, about[who])),
        )
        for who, lacking in by_person.items()
    ]
    return sorted(found, key=lambda one: one.name)


def named(sentence: str, names: Mapping[str, str]) -> str:
    """The sentence with names in place of board ids."""
    for key, name in names.items():
        sentence = sentence.replace(key, name)
    return sentence


def week_notices(user: User) -> list[WeekNotice]:
    """What this person was told of changes of their week and has not put away, the next week first."""
    return list(WeekNotice.objects.filter(user=user, seen_at=None).order_by("week_of"))


def feed_of(user: User) -> CalendarFeed | None:
    """This user's calendar address, if one was made."""
    return CalendarFeed.objects.filter(user=user).first()


def digest_of(token: str) -> str:
    """What is kept of a calendar address."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_of_feed(token: str) -> User | None:
    """Whose calendar is at this address; None if nobody's (any more)."""
    row = (
        CalendarFeed.objects.filter(token_digest=digest_of(token), user__is_active=True)
        .select_related("user__organisation")
        .first()
    )
    return row.user if row else None
