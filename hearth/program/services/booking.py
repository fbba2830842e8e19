"""Booking hours of people and rooms."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from hearth.program.models import Booking


@dataclass(frozen=True, slots=True)
class Wanted:
    """The hours [start, end) of these people and rooms, for one purpose."""

    start: datetime
    end: datetime
    purpose_kind: str
    purpose_id: UUID
    people: frozenset[UUID] = frozenset()
    rooms: frozenset[UUID] = frozenset()

    def rows(self) -> list[Booking]:
        """The bookings this takes, not stored yet."""
        during = DateTimeTZRange(self.start, self.end)
        return [
            Booking(
                resource_kind=kind,
                resource_id=pk,
                during=during,
                purpose_kind=self.purpose_kind,
                purpose_id=self.purpose_id,
            )
            for kind, ids in ((Booking.Resource.PERSON, self.people), (Booking.Resource.ROOM, self.rooms))
            for pk in ids
        ]


class AlreadyBooked(Exception):
    """Somebody or some room of `wanted` is taken at that time. `taken`: their ids."""

    def __init__(self, wanted: Wanted, taken: Collection[UUID]) -> None:
        super().__init__(f"already booked between {wanted.start} and {wanted.end}")
        self.wanted, self.taken = wanted, frozenset(taken)
        self.during = DateTimeTZRange(wanted.start, wanted.end)


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
    return book_all([Wanted(start, end, purpose_kind, purpose_id, frozenset(people), frozenset(rooms))])


def book_all(wanted: Sequence[Wanted]) -> list[Booking]:
    """Hold all of these hours or none. Raises AlreadyBooked for the first, in their order, that cannot be held."""
    rows = [row for each in wanted for row in each.rows()]
    # One order for all, so that two bookings never wait for each other.
    rows.sort(key=lambda row: (row.resource_kind, row.resource_id, row.during.lower))
    try:
        with transaction.atomic():
            return Booking.objects.bulk_create(rows)
    except IntegrityError as error:
        if "nobody_and_no_room_is_booked_twice" in str(error):
            clash = _first_clash(wanted)
            if clash is not None:
                raise clash from error
        raise


def _first_clash(wanted: Sequence[Wanted]) -> AlreadyBooked | None:
    """The first that meets an hour held already or one before it; None if that hour was let go of meanwhile."""
    overall = DateTimeTZRange(min(each.start for each in wanted), max(each.end for each in wanted))
    everything = {pk for each in wanted for pk in each.people | each.rooms}
    held: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Booking.objects.filter(resource_id__in=everything, during__overlap=overall)
    for pk, during in rows.values_list("resource_id", "during"):
        held[pk].append((during.lower, during.upper))
    for each in wanted:
        ids = each.people | each.rooms
        taken = [pk for pk in ids if any(start < each.end and each.start < end for start, end in held[pk])]
        if taken:
            return AlreadyBooked(each, taken)
        for pk in ids:
            held[pk].append((each.start, each.end))
    return None


def unbook(*, purpose_ids: Iterable[UUID]) -> int:
    """Free every hour held for these purposes; returns how many."""
    return Booking.objects.filter(purpose_id__in=list(purpose_ids)).delete()[0]


def unbook_all(pairs: Collection[tuple[UUID, UUID]]) -> int:
    """Free what is held for each (purpose, person or room) of `pairs`; returns how many."""
    held = Booking.objects.filter(
        purpose_id__in={purpose for purpose, _ in pairs}, resource_id__in={resource for _, resource in pairs}
    )
    wanted = set(pairs)
    gone = [pk for pk, *pair in held.values_list("pk", "purpose_id", "resource_id") if tuple(pair) in wanted]
    return Booking.objects.filter(pk__in=gone).delete()[0]
