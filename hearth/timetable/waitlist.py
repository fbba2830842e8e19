"""Reads of the waitlist: who waits, since when, what for, and what they were offered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.inquiry.models import Inquiry
from hearth.program import pack
from hearth.timetable.models import HOLDING, InterimSupport, PlaceOffer, WaitlistEntry
from hearth.timetable.newcomer_needs import Needs, from_json
from hearth.timetable.places_words import SessionLine, session_line
from hearth.timetable.queries import PLANNERS
from hearth.timetable.waitlist_order import Person, Reason, in_order, order, reasons
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

    @property
    def support_due(self) -> datetime | None:
        """By when something is offered for the time of waiting; None once it was."""
        return None if self.supports else self.entry.added_at + order().interim_within


def waitlist(*, viewer: User, language: str) -> list[Waiting]:
    """Everyone who waits, whoever is asked first first. Five queries."""
    offers = Prefetch("offers", PlaceOffer.objects.order_by("made_at"))
    supports = Prefetch("supports", InterimSupport.objects.order_by("-offered_at"))
    rows = asked_in_order(_entries(viewer).prefetch_related(offers, supports))
    asked = Inquiry.objects.filter(pk__in=[row.inquiry_id for row in rows if row.inquiry_id])
    inquiries = dict(asked.values_list("pk", "first_name"))
    shown = [_shown(row, inquiries, language, place) for place, row in enumerate(rows, start=1)]
    staff = User.objects.filter(pk__in={one["staff"] for each in shown if each.offer for one in each.offer.sessions})
    names = {str(pk): name for pk, name in staff.values_list("pk", "name")}
    return [_with_sessions(each, names) for each in shown]


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
    """Why this person stands where they stand, for those who plan weeks; the reading is written down."""
    entry = access_entry(viewer=viewer, pk=pk)
    rows = waitlist(viewer=viewer, language=language)
    row = next(one for one in rows if one.entry.pk == entry.pk)
    audit.record_read(
        "timetable.waitlist_order_read", by=viewer, about=entry, purpose="TREAT", at=at, patient_id=entry.patient_id
    )
    person = counts(entry)
    by_grant = person.is_federal and person.track in order().federal_tracks
    return WhyHere(row, len(rows), reasons(person, order()), by_grant)


def _shown(row: WaitlistEntry, inquiries: dict[UUID, str], language: str, place: int) -> Waiting:
    needs, offers = from_json(row.needs), list(row.offers.all())
    track = pack.in_language(pack.get(needs.pack).track(needs.track).name, language)
    name = row.patient.name if row.patient else inquiries.get(row.inquiry_id or UUID(int=0), "")
    kept = next((offer for offer in offers if offer.status in HOLDING), None)
    passed = sum(offer.status not in HOLDING for offer in offers)
    return Waiting(
        row, name, needs, track, hours_words(needs.available), kept, (), passed, place, tuple(row.supports.all())
    )


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
