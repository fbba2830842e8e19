"""Contact between alumni by blind mutual choice: what each may know of it.

A choice is stored as a mark (`models.Choice`) that only this installation can work out from the two people. Whether
somebody chose a reader is looked up together with what the reader chose, in the same queries for everybody, and told
only where the reader chose them too. So nothing here differs for whoever was chosen and did not choose.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.circle.models import Choice, ContactWay, Membership
from hearth.circle.places import own_alumni_place, own_membership, places_in, stay_for_alumni
from hearth.circle.queries import apart_from
from hearth.lib import sealed


@dataclass(frozen=True, slots=True)
class Person:
    """Another alumnus of the circle, as the reader may know them."""

    place: Membership
    is_chosen: bool  # by the reader
    way: str  # how they can be reached, where both said so; else empty


@dataclass(frozen=True, slots=True)
class InTouch:
    """What an alumnus sees of contact: how they can be reached, and the others."""

    place: Membership
    own_way: str
    people: Sequence[Person]

    @property
    def both(self) -> list[Person]:
        """With whom both said so."""
        return [one for one in self.people if one.way]

    @property
    def others(self) -> list[Person]:
        return [one for one in self.people if not one.way]


@dataclass(frozen=True, slots=True)
class AlumniToday:
    """What Today tells somebody who completed the program: of their circle, or that they may come in."""

    is_in: bool
    both: Sequence[str] = ()  # the names of those with whom both said so


def alumni_today(*, viewer: User, at: datetime) -> AlumniToday | None:
    """For Today of whoever is in no program; None for whom no circle of alumni is open."""
    place = own_membership(viewer=viewer, at=at)
    if place is not None and place.circle.is_alumni:
        return AlumniToday(True, [one.place.patient.chosen_name for one in in_touch(viewer=viewer, at=at).both])
    return AlumniToday(False) if stay_for_alumni(viewer=viewer, at=at) else None


def keys() -> Path:
    """The file of the keys that seal how alumni can be reached and make the marks of choices, and nothing else."""
    return Path(settings.HEARTH_KEY_DIR) / "alumni-contact"


def in_touch(*, viewer: User, at: datetime) -> InTouch:
    """What `viewer` may know of contact with the others of their alumni circle. Six queries, whoever chose whom.

    Raises PermissionDenied.
    """
    place = own_alumni_place(viewer=viewer, at=at)
    others = list(choosable(place, at=at))
    ids = [one.patient_id for one in others]
    mine, theirs = marks(place, to=ids), marks(place, of=ids)
    said = frozenset(Choice.objects.filter(mark__in=[*mine.values(), *theirs.values()]).values_list("mark", flat=True))
    both = {one.pk for one in others if mine[one.patient_id] in said and theirs[one.patient_id] in said}
    ways = {way.membership_id: _unsealed(way) for way in ContactWay.objects.filter(membership__in=both | {place.pk})}
    own_way = ways.get(place.pk, "")
    people = [
        Person(one, mine[one.patient_id] in said, ways.get(one.pk, "") if own_way and one.pk in both else "")
        for one in others
    ]
    return InTouch(place, own_way, people)


def choosable(place: Membership, *, at: datetime) -> QuerySet[Membership]:
    """The others of an alumni circle, by name, but nobody kept apart. For the caller whose own place it is."""
    rows = places_in(place.circle, at=at).exclude(pk=place.pk).exclude(agreed_at=None)
    rows = rows.exclude(patient__in=apart_from(patients=[place.patient_id])).select_related("patient__user")
    return rows.order_by("patient__chosen_name", "joined_at", "pk")


def marks(place: Membership, *, to: Iterable[UUID] = (), of: Iterable[UUID] = ()) -> dict[UUID, str]:
    """The mark of each choice that the holder of `place` could make `to` others, or others `of` them."""
    key = sealed.fingerprint(b"choices", keys=keys(), context="alumni contact").encode()
    mark = partial(_mark, key, place.circle_id)
    return {one: mark(place.patient_id, one) for one in to} | {one: mark(one, place.patient_id) for one in of}


def _mark(key: bytes, circle: UUID, chooser: UUID, chosen: UUID) -> str:
    return hmac.digest(key, f"{circle} {chooser} {chosen}".encode(), "sha256").hex()


def news_key(mark: str) -> str:
    """The outbox's key of the mail that follows on a choice: it does not lead back to the choice."""
    return f"alumni-news/{sealed.fingerprint(mark.encode(), keys=keys(), context='alumni news')}"


def own_way(place: Membership) -> str:
    """How the holder of `place` can be reached. For the caller whose own place it is."""
    row = ContactWay.objects.filter(membership=place).first()
    return _unsealed(row) if row else ""


def seal(place: Membership, words: str) -> bytes:
    """How somebody can be reached, sealed for this place alone."""
    return sealed.seal(words.encode(), keys=keys(), context=_context(place.pk))


def chosen_by(place: Membership, among: Collection[UUID]) -> int:
    """How many of these patients the holder of `place` chose. For the caller whose own place it is."""
    return Choice.objects.filter(mark__in=list(marks(place, to=among).values())).count()


def forget_all(place: Membership) -> None:
    """Take away all the holder of `place` said of contact: choices, also of who left, and the way of each place."""
    everybody = Membership.objects.filter(circle=place.circle_id).values_list("patient_id", flat=True)
    Choice.objects.filter(mark__in=list(marks(place, to=everybody).values())).delete()
    ContactWay.objects.filter(membership__circle=place.circle_id, membership__patient=place.patient_id).delete()


def _unsealed(way: ContactWay) -> str:
    return sealed.unseal(bytes(way.sealed), keys=keys(), context=_context(way.membership_id)).decode()


def _context(membership: UUID) -> str:
    return f"alumni contact of {membership}"
