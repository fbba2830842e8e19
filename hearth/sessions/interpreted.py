"""What interpreters see of the sessions they are booked for: when, where and the group's name; nothing of anyone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.people.models import Modality
from hearth.sessions.models import Session
from hearth.sessions.queries import zone_of
from hearth.sessions.video.queries import Guest
from hearth.sessions.video.queries import is_open as is_room_open

AHEAD = timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class InterpretedHour:
    """One booking, on the session's own clock."""

    starts_at: datetime
    ends_at: datetime
    name: str
    room: str
    address: str
    link: str
    room_of: UUID | None  # the session whose video room is open to them now
    is_by_video: bool
    is_called_off: bool


def interpreted_hours(*, viewer: User, at: datetime, ahead: timedelta = AHEAD) -> list[InterpretedHour]:
    """The sessions from now until `ahead` that `viewer` interprets, in order; also what was called off.

    Raises PermissionDenied. A fixed number of queries.
    """
    if not viewer.has_role(Role.INTERPRETER):
        raise PermissionDenied
    rows = Session.objects.interpreted_by(viewer).filter(ends_at__gt=at, starts_at__lt=at + ahead)
    rows = rows.select_related("section", "room__site").order_by("starts_at", "pk")
    return [_hour(row, viewer.organisation, at) for row in rows]


def _hour(row: Session, house: Organisation, at: datetime) -> InterpretedHour:
    zone = zone_of(row, home=house.zone)
    site = row.room.site if row.room else None
    is_by_video = row.modality == Modality.VIRTUAL
    is_open = is_room_open(Guest(row, None, leads=False), at=at)
    return InterpretedHour(
        starts_at=row.starts_at.astimezone(zone),
        ends_at=row.ends_at.astimezone(zone),
        name=row.name,
        room=f"{row.room.name}, {site.name}" if row.room and site else "",
        address=", ".join(each for each in (site.street, site.city, site.directions) if each) if site else "",
        link=row.link if is_by_video and row.cancelled_at is None else "",
        room_of=row.pk if is_open else None,
        is_by_video=is_by_video,
        is_called_off=row.cancelled_at is not None,
    )
