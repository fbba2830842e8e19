"""Reads of the video room: who may come to its door, and how it stands for one person in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.consent.queries import family_grounds
from hearth.people.models import Relationship
from hearth.people.rules import CHANGE, SEE_EVERYONE
from hearth.sessions.models import (
    WITH_FAMILY,
    Attendance,
    Session,
    SideRoom,
    VideoPlace,
    VideoRoom,
    VideoServer,
)
from hearth.sessions.queries import access_session, own_attendance
from hearth.sessions.video import rules
from hearth.sessions.video.rules import SILENCE, Standing

GRACE = timedelta(seconds=10)  # for a lost connection of those who lead, before the room waits


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may come to the door of this session's room."""

    session: Session
    attendance: Attendance | None  # None for staff, family and interpreters
    leads: bool


def access_video(*, viewer: User, session_id: UUID, at: datetime) -> Guest:
    """Those who lead the session, its students, its interpreter, and the family of those in a family session.

    Raises PermissionDenied.
    """
    if viewer.is_staff:
        session = access_session(viewer=viewer, pk=session_id, at=at, to="change")
        return Guest(session, None, leads=True)
    if viewer.has_role(Role.FAMILY) and (found := _family_session(viewer, session_id, at)):
        return Guest(found, None, leads=False)
    if viewer.has_role(Role.INTERPRETER) and (found := _interpreted_session(viewer, session_id)):
        return Guest(found, None, leads=False)
    row = own_attendance(viewer=viewer, session_id=session_id)
    return Guest(row.session, row, leads=False)


def may_stay(place: VideoPlace, *, at: datetime) -> bool:
    """Whether `access_video` would let them come now, too: an account may be closed meanwhile, or somebody else lead.

    A relative or an interpreter may be allowed no longer. No query for staff and students.
    """
    user, session, row = place.user, place.room.session, place.attendance
    if not user.is_active:
        return False
    if place.leads:
        return (session.is_led_by(user) and user.has_any(CARE)) or user.has_any(SEE_EVERYONE & CHANGE)
    if row is not None:
        return row.session_id == session.pk and row.patient.user_id == user.pk
    if user.has_role(Role.FAMILY) and _family_session(user, session.pk, at):
        return True
    return user.has_role(Role.INTERPRETER) and _interpreted_session(user, session.pk) is not None


def _interpreted_session(viewer: User, session_id: UUID) -> Session | None:
    """This session, if `viewer` interprets it and is bound to confidentiality."""
    return Session.objects.interpreted_by(viewer).select_related("facilitator").filter(pk=session_id).first()


def _family_session(viewer: User, session_id: UUID, at: datetime) -> Session | None:
    """This family session, if `viewer` may see the schedule of somebody on its roster. At the door staff decide."""
    ties = Relationship.objects.filter(person=viewer, may_see_schedule=True)
    grounds = family_grounds(ties.select_related("person", "patient__organisation"), at=at)
    known = ties.filter(pk__in=[pk for pk, ground in grounds.items() if ground.is_open])
    return (
        Session.objects.filter(pk=session_id, kind__in=WITH_FAMILY, roster__patient__in=known.values("patient"))
        .select_related("facilitator")
        .first()
    )


def is_open(guest: Guest, *, at: datetime) -> bool:
    """Whether the door is open for them now."""
    session = guest.session
    return session.has_own_room and rules.is_open(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        is_over=session.ended_at is not None,
        leads=guest.leads,
        at=at,
    )


def draining() -> set[str]:
    """The servers on which no new room is placed."""
    return set(draining_since())


def draining_since() -> dict[str, datetime]:
    """Those servers, and since when that is so."""
    rows = VideoServer.objects.filter(draining_since__isnull=False).values_list("name", "draining_since")
    return {name: since for name, since in rows if since is not None}


# --- the room as it stands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the room or at its door, as everyone there may see them."""

    id: str
    name: str
    leads: bool
    hand: bool
    muted: bool
    video: bool
    sharing: bool
    student: bool
    interprets: bool


@dataclass(frozen=True, slots=True)
class Side:
    """A side room that is open, and who is there."""

    id: str
    kind: str
    number: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """The room as one person sees it: who is in it with them.

    Those who lead see who waits, who found the room full, and the sides.
    """

    standing: Standing
    place: VideoPlace
    room: VideoRoom
    people: tuple[Person, ...]
    waiting: tuple[Person, ...]
    turned_away: tuple[Person, ...]
    sides: tuple[Side, ...]
    is_alone: bool  # nobody else is in, in whichever room

    @property
    def meets(self) -> VideoRoom | SideRoom:
        return self.place.meets

    @property
    def aside(self) -> str:
        """The kind of the side room they belong to; empty in the large one."""
        return self.place.side.kind if self.place.side else ""


def view_of(*, place_id: UUID, at: datetime) -> View:
    """How the room stands for the one who has this place. Whether they may be there is asked again each time."""
    places = list(
        VideoPlace.objects.filter(room__places=place_id)
        .select_related("user", "attendance__patient", "room__session__interpreter", "side")
        .order_by("-leads", "asked_at", "pk")
    )
    mine = next(each for each in places if each.pk == place_id)
    names = _names(places)
    inside = [each for each in places if is_in(each, at=at)]
    waiting = [each for each in places if is_waiting(each, at=at)] if mine.leads else []
    outside = [each for each in places if each.turned_away_at and each.removed_at is None] if mine.leads else []
    return View(
        standing_of(mine, places, at=at) if may_stay(mine, at=at) else Standing.REMOVED,
        mine,
        mine.room,
        tuple(_person(each, names[each.pk]) for each in inside if each.side_id == mine.side_id),
        tuple(_person(each, names[each.pk]) for each in waiting),
        tuple(_person(each, names[each.pk]) for each in outside),
        _sides(places, names) if mine.leads else (),
        is_alone=all(each is mine for each in inside),
    )


def _sides(places: Sequence[VideoPlace], names: dict[UUID, str]) -> tuple[Side, ...]:
    found: dict[UUID, tuple[SideRoom, list[str]]] = {}
    for each in places:
        if each.side:
            found.setdefault(each.side.pk, (each.side, []))[1].append(names[each.pk])
    ordered = sorted(found.values(), key=lambda one: (one[0].kind, one[0].number))
    return tuple(Side(str(side.pk), side.kind, side.number, tuple(people)) for side, people in ordered)


def standing_of(place: VideoPlace, places: Sequence[VideoPlace], *, at: datetime) -> Standing:
    """Where this person stands at the door of their room."""
    session = place.room.session
    ended = place.room.closed_at is not None or session.ended_at is not None or session.cancelled_at is not None
    return rules.standing(
        leads=place.leads,
        admitted=place.admitted_at is not None,
        removed=place.removed_at is not None,
        ended=ended,
        is_led=any(_is_leading(each, at=at) and _leads_there(each, place) for each in places),
    )


def is_in(place: VideoPlace, *, at: datetime) -> bool:
    """Whether somebody takes part now."""
    return place.joined_at is not None and place.seen_at is not None and at - place.seen_at < SILENCE


def is_waiting(place: VideoPlace, *, at: datetime) -> bool:
    """Whether somebody is at the door and nobody has decided about them."""
    undecided = place.admitted_at is None and place.removed_at is None and not place.leads
    return undecided and place.connection is not None and place.seen_at is not None and at - place.seen_at < SILENCE


def _is_leading(place: VideoPlace, *, at: datetime) -> bool:
    if not place.leads:
        return False
    was_just_lost = place.connection is None and place.seen_at is not None and at - place.seen_at < GRACE
    return is_in(place, at=at) or was_just_lost


def _leads_there(leader: VideoPlace, place: VideoPlace) -> bool:
    """Whether this leader's being there opens the room in which `place` is."""
    return leader.side_id == place.side_id or (place.side is not None and not place.side.needs_staff)


def _person(place: VideoPlace, name: str) -> Person:
    return Person(
        str(place.pk),
        name,
        place.leads,
        place.hand_at is not None,
        place.is_muted,
        place.has_video,
        place.is_sharing,
        student=place.attendance_id is not None,
        interprets=_interprets(place),
    )


def _interprets(place: VideoPlace) -> bool:
    interpreter = place.room.session.interpreter
    return interpreter is not None and interpreter.account_id == place.user_id


def _names(places: Sequence[VideoPlace]) -> dict[UUID, str]:
    """As each chose: staff whole, students by the name they use; two of one name with an initial."""
    plain = {each.pk: each.attendance.patient.chosen_name if each.attendance else each.user.name for each in places}
    twice = {name for name, times in Counter(plain.values()).items() if times > 1}
    return {
        each.pk: f"{plain[each.pk]} {each.attendance.patient.family_name[:1]}."
        if each.attendance and plain[each.pk] in twice
        else plain[each.pk]
        for each in places
    }
