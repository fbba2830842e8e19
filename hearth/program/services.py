"""Booking hours of people and rooms."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from hearth.program.models import Booking


class AlreadyBooked(Exception):
    """Somebody or some room of this booking is taken at that time."""

    def __init__(self, during: DateTimeTZRange) -> None:
        super().__init__(f"already booked between {during.lower} and {during.upper}")
        self.during = during


def book(
    *,
    people: Iterable[UUID] = (),
    rooms: Iterable[UUID] = (),
    start: datetime,
    end: datetime,
    purpose_kind: str,
    purpose_id: UUID,
) -> list[Booking]:
    """Hold [start, end) of these people and rooms, all or none. Raises AlreadyBooked."""
    during = DateTimeTZRange(start, end)
    wanted = [
        Booking(resource_kind=kind, resource_id=pk, during=during, purpose_kind=purpose_kind, purpose_id=purpose_id)
        for kind, ids in ((Booking.Resource.PERSON, people), (Booking.Resource.ROOM, rooms))
        for pk in sorted(ids)  # one order for all, so that two bookings never wait for each other
    ]
    try:
        with transaction.atomic():
            return Booking.objects.bulk_create(wanted)
    except IntegrityError as error:
        if "nobody_and_no_room_is_booked_twice" in str(error):
            raise AlreadyBooked(during) from error
        raise


def unbook(*, purpose_ids: Iterable[UUID], resource_ids: Iterable[UUID] | None = None) -> int:
    """Free every hour held for these purposes, or only those of these people and rooms; returns how many."""
    held = Booking.objects.filter(purpose_id__in=list(purpose_ids))
    if resource_ids is not None:
        held = held.filter(resource_id__in=list(resource_ids))
    return held.delete()[0]
