"""Side rooms: a private talk with staff, and pairs at work. Each deed is in the record."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.consent.rules import OF_AGE
from hearth.people.models import Population
from hearth.sessions.agendas import pack_of_most
from hearth.sessions.models import Session, SideRoom, VideoPlace, VideoRoom
from hearth.sessions.rules.pairs import TooFew, pairs, with_staff
from hearth.sessions.video import queries
from hearth.sessions.video.leading import close_side, led_room, place_in
from hearth.sessions.video.services import tell

Kind = SideRoom.Kind


@transaction.atomic
def talk_alone(*, session: Session, person: UUID, by: User, at: datetime) -> SideRoom:
    """`by` and this student go to a room of their own; the student is let in if they wait. Raises PermissionDenied."""
    room = led_room(session, by=by, at=at)
    place = place_in(room, person)
    if place.attendance is None:
        raise PermissionDenied
    side = SideRoom.objects.create(room=room, kind=Kind.PRIVATE, needs_staff=True, opened_at=at)
    was = place.side
    place.side, place.removed_at, place.admitted_at = side, None, place.admitted_at or at
    place.save(update_fields=["side", "removed_at", "admitted_at"])
    _go(room, by, side)
    if was and was.kind == Kind.PRIVATE:
        close_side(was, at=at)
    audit.record("sessions.video_talk_alone", by=by, about=session, at=at, patient_id=place.patient_id)
    tell(room)
    return side


@transaction.atomic
def visit(*, session: Session, side: UUID | None, by: User, at: datetime) -> None:
    """`by` goes into this side room, or with None back to the large one. Raises PermissionDenied."""
    room = led_room(session, by=by, at=at)
    found = _open_side(room, side) if side else None
    _go(room, by, found)
    audit.record("sessions.video_side_visited", by=by, about=session, at=at, kind=found.kind if found else "")
    tell(room)


@transaction.atomic
def bring_back(*, session: Session, side: UUID | None, by: User, at: datetime) -> None:
    """Everyone of this side room is in the large one again; with None everyone of every pair's room."""
    room = led_room(session, by=by, at=at)
    found = [_open_side(room, side)] if side else list(room.sides.filter(closed_at=None, kind=Kind.PAIR))
    for each in found:
        close_side(each, at=at)
    if found:
        audit.record("sessions.video_side_closed", by=by, about=session, at=at, rooms=len(found))
        tell(room)


def may_pair(session: Session) -> bool:
    """Whether the program of most of its students has pairs. They are off unless its pack turns them on."""
    described = pack_of_most(session.roster.values_list("patient", flat=True))
    setting = described.settings.get("breakout_pairs") if described else None
    return bool(setting and setting.value)


@transaction.atomic
def pair_up(*, session: Session, by: User, at: datetime) -> int:
    """Everyone in the large room goes to work in side rooms; how many. Raises TooFew, PermissionDenied.

    Two and two, with staff free to go about. Where an adolescent takes part, there are only as many rooms as staff, and
    nobody is in one of them while its member of staff is away.
    """
    room = led_room(session, by=by, at=at)
    if not may_pair(session):
        raise PermissionDenied
    rows = room.places.select_for_update(of=("self",)).select_related("attendance").filter(side=None)
    inside = [each for each in rows.order_by("asked_at", "pk") if queries.is_in(each, at=at)]
    people, staff = [each for each in inside if not each.leads], [each for each in inside if each.leads]
    is_young = _has_adolescents(session)
    groups = with_staff(people, staff=len(staff)) if is_young else pairs(people)
    for number, group in enumerate(groups, 1):
        side = SideRoom.objects.create(room=room, kind=Kind.PAIR, number=number, needs_staff=is_young, opened_at=at)
        members = [*group, staff[number - 1]] if is_young else group
        VideoPlace.objects.filter(pk__in=[each.pk for each in members]).update(side=side)
    audit.record("sessions.video_pairs", by=by, about=session, at=at, rooms=len(groups), with_staff=is_young)
    tell(room)
    return len(groups)


def _has_adolescents(session: Session) -> bool:
    """Whether anyone on the roster is in an adolescents' program, or not of age yet."""
    stays = Episode.objects.filter(patient__in=session.roster.values("patient"), ended_at=None)
    if stays.filter(program__population=Population.ADOLESCENT).exists():
        return True
    day = session.starts_at.date()
    return any(row.patient.age(on=day) < OF_AGE for row in session.roster.select_related("patient"))


def _go(room: VideoRoom, by: User, side: SideRoom | None) -> None:
    if not room.places.filter(user=by, leads=True).update(side=side):
        raise PermissionDenied  # only who has come in can go from one room to another


def _open_side(room: VideoRoom, pk: UUID) -> SideRoom:
    side = room.sides.filter(pk=pk, closed_at=None).first()
    if side is None:
        raise PermissionDenied
    return side


__all__ = ["TooFew", "bring_back", "may_pair", "pair_up", "talk_alone", "visit"]
