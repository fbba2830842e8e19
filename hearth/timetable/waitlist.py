"""Reads of the waitlist: who waits, since when, what for, and what they were offered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.inquiry.models import Inquiry
from hearth.program import pack
from hearth.timetable.models import HOLDING, InterimSupport, PlaceOffer, WaitlistEntry
from hearth.timetable.newcomer_needs import Needs, from_json
from hearth.timetable.places_words import SessionLine, session_line
from hearth.timetable.queries import PLANNERS
from hearth.timetable.waitlist_order import Person, Reason, in_order, is_by_grant, order, reasons
from hearth.timetable.wording import hours_words


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person who waits, by name. `offer` is kept for them; `passed`: how often they passed or did not answer."""

    entry: WaitlistEntry
    name: str
    needs: Needs
    track: str
    hours: str
    offer: PlaceOffer | None
    sessions: tuple[SessionLine, ...]
    passed: int
    place: int  # 1 is asked first
    supports: tuple[InterimSupport, ...]
    asked_at: datetime  # when their request came; when they joined where there is none

    @property
    def support_due(self) -> datetime | None:
        """By when something is offered for the time of waiting, counted from the request; None once it was."""
        return None if self.supports else self.asked_at + order().interim_within


def waitlist(*, viewer: User, language: str) -> list[Waiting]:
    """Everyone who waits, whoever is asked first first. Five queries."""
    offers = Prefetch("offers", PlaceOffer.objects.order_by("made_at"))
    supports = Prefetch("supports", InterimSupport.objects.order_by("-offered_at"))
    rows = asked_in_order(_entries(viewer).prefetch_related(offers, supports))
    requests = _requests(rows)
    shown = [_shown(row, requests, language, place) for place, row in enumerate(rows, start=1)]
    staff = User.objects.filter(pk__in={one["staff"] for each in shown if each.offer for one in each.offer.sessions})
    names = {str(pk): name for pk, name in staff.values_list("pk", "name")}
    return [_with_sessions(each, names) for each in shown]


def _requests(rows: Iterable[WaitlistEntry]) -> dict[UUID, Inquiry]:
    """What each of these wrote first, by the inquiry's or the person's id; after their last admission. One query."""
    since = Episode.objects.filter(patient=OuterRef("patient"), admitted_at__gte=OuterRef("received_at"))
    theirs = Q(patient__in=[row.patient_id for row in rows if row.patient_id]) & ~Exists(since)
    by_itself = Q(pk__in=[row.inquiry_id for row in rows if row.inquiry_id])
    found: dict[UUID, Inquiry] = {}
    for one in Inquiry.objects.filter(theirs | by_itself).order_by("received_at", "pk"):
        found[one.pk] = one
        if one.patient_id:
            found.setdefault(one.patient_id, one)
    return found


def _entries(viewer: User) -> QuerySet[WaitlistEntry]:
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    rows = WaitlistEntry.objects.filter(status=WaitlistEntry.Status.WAITING)
    return rows.select_related("patient", "program", "added_by").order_by("added_at", "pk")


def asked_in_order(rows: QuerySet[WaitlistEntry]) -> list[WaitlistEntry]:
    """These rows, whoever is asked first first."""
    found = rows.select_related("program").order_by("added_at", "pk")
    return in_order(((row, counts(row)) for row in found), order())


def counts(row: WaitlistEntry) -> Person:
    """What counts for the order of this row."""
    return Person(
        since=row.added_at,
        track=row.needs["track"],
        is_federal=row.program.has_block_grant,
        pregnant=row.is_pregnant,
        injects=row.injects,
        risk=row.risk,
    )


@dataclass(frozen=True, slots=True)
class WhyHere:
    """Why one person stands where they stand, of how many, and what else is known of how they wait."""

    row: Waiting
    of: int
    reasons: list[Reason]
    is_ordered_by_grant: bool


def why_here(*, viewer: User, pk: UUID, language: str, at: datetime) -> WhyHere:
    """Why this person stands where they stand, for those who plan weeks; the reading is written down.

    Raises PermissionDenied, also where they wait no longer.
    """
    rows = waitlist(viewer=viewer, language=language)
    row = next((one for one in rows if one.entry.pk == pk), None)
    if row is None:
        raise PermissionDenied
    entry = row.entry
    audit.record_read(
        "timetable.waitlist_order_read", by=viewer, about=entry, purpose="TREAT", at=at, patient_id=entry.patient_id
    )
    person = counts(entry)
    return WhyHere(row, len(rows), reasons(person, order()), is_by_grant(person, order()))


def _shown(row: WaitlistEntry, requests: dict[UUID, Inquiry], language: str, place: int) -> Waiting:
    request = requests.get(row.patient_id or row.inquiry_id or UUID(int=0))
    needs, offers = from_json(row.needs), list(row.offers.all())
    track = pack.in_language(pack.get(needs.pack).track(needs.track).name, language)
    name = row.patient.name if row.patient else request.first_name if request else ""
    asked_at = min(row.added_at, request.received_at) if request else row.added_at
    kept = next((offer for offer in offers if offer.status in HOLDING), None)
    passed = sum(offer.status not in HOLDING for offer in offers)
    hours, supports = hours_words(needs.available), tuple(row.supports.all())
    return Waiting(row, name, needs, track, hours, kept, (), passed, place, supports, asked_at)


def _with_sessions(one: Waiting, names: dict[str, str]) -> Waiting:
    sessions: Iterable[dict[str, object]] = one.offer.sessions if one.offer else ()
    lines = tuple(session_line(each, names) for each in sessions)
    return replace(one, sessions=lines)


def access_entry(*, viewer: User, pk: UUID) -> WaitlistEntry:
    """This row of the waitlist, for those who plan weeks. Raises PermissionDenied."""
    return _first(_entries(viewer).filter(pk=pk))


def access_place_offer(*, viewer: User, pk: UUID) -> PlaceOffer:
    """This offer of a place, for those who plan weeks. Raises PermissionDenied."""
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    found = PlaceOffer.objects.select_related("entry").filter(pk=pk).first()
    if found is None:
        raise PermissionDenied
    return found


def _first(rows: QuerySet[WaitlistEntry]) -> WaitlistEntry:
    found = rows.first()
    if found is None:
        raise PermissionDenied
    return found


def offers_to_answer(*, viewer: User, at: datetime) -> int:
    """How many places are offered and not answered yet; nothing for those who do not plan."""
    if not viewer.has_any(PLANNERS):
        return 0
    return PlaceOffer.objects.holding().filter(status=PlaceOffer.Status.OPEN, until__gt=at).count()
