"""Reads of the waitlist: who waits, since when, what for, and what they were offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet

from hearth.accounts.models import User
from hearth.inquiry.models import Inquiry
from hearth.program import pack
from hearth.timetable.models import HOLDING, PlaceOffer, WaitlistEntry
from hearth.timetable.newcomer_needs import Needs, from_json
from hearth.timetable.places_words import SessionLine, session_line
from hearth.timetable.queries import PLANNERS
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


def waitlist(*, viewer: User, language: str) -> list[Waiting]:
    """Everyone who waits, longest first. Four queries."""
    rows = list(_entries(viewer).prefetch_related(Prefetch("offers", PlaceOffer.objects.order_by("made_at"))))
    asked = Inquiry.objects.filter(pk__in=[row.inquiry_id for row in rows if row.inquiry_id])
    inquiries = dict(asked.values_list("pk", "first_name"))
    shown = [_shown(row, inquiries, language) for row in rows]
    staff = User.objects.filter(pk__in={one["staff"] for each in shown if each.offer for one in each.offer.sessions})
    names = {str(pk): name for pk, name in staff.values_list("pk", "name")}
    return [_with_sessions(each, names) for each in shown]


def _entries(viewer: User) -> QuerySet[WaitlistEntry]:
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    rows = WaitlistEntry.objects.filter(status=WaitlistEntry.Status.WAITING)
    return rows.select_related("patient", "program", "added_by").order_by("added_at", "pk")


def _shown(row: WaitlistEntry, inquiries: dict[UUID, str], language: str) -> Waiting:
    needs, offers = from_json(row.needs), list(row.offers.all())
    track = pack.in_language(pack.get(needs.pack).track(needs.track).name, language)
    name = row.patient.name if row.patient else inquiries.get(row.inquiry_id or UUID(int=0), "")
    kept = next((offer for offer in offers if offer.status in HOLDING), None)
    passed = sum(offer.status not in HOLDING for offer in offers)
    return Waiting(row, name, needs, track, hours_words(needs.available), kept, (), passed)


def _with_sessions(one: Waiting, names: dict[str, str]) -> Waiting:
    sessions: Iterable[dict[str, object]] = one.offer.sessions if one.offer else ()
    lines = tuple(session_line(each, names) for each in sessions)
    return Waiting(one.entry, one.name, one.needs, one.track, one.hours, one.offer, lines, one.passed)


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
