"""The waitlist: joined, offered a place when one is free, in order, answered by a deadline."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q

from hearth.accounts.models import Organisation, User
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.inquiry.facts import WAYS_IN
from hearth.inquiry.models import Inquiry
from hearth.lib import live
from hearth.people.models import Patient
from hearth.program.models import Program
from hearth.timetable.accepting import one_at_a_time
from hearth.timetable.asking import next_start, with_place, with_promised
from hearth.timetable.board import Group, Individual
from hearth.timetable.models import HOLDING, InterimSupport, PlaceOffer, Seat, WaitlistEntry
from hearth.timetable.newcomer import Place
from hearth.timetable.newcomer_needs import Needs, as_json, from_json
from hearth.timetable.places import can_we_serve
from hearth.timetable.queries import PLANNERS
from hearth.timetable.services.placing import seat_promised
from hearth.timetable.waitlist import asked_in_order
from hearth.timetable.week_board import board_for_visitors

ANSWER_WITHIN = timedelta(hours=48)
"""How long a place is kept for whoever is asked. A product default."""


class WaitsAlready(Exception):
    """This person, or this inquiry, is on the waitlist."""


class AnsweredBefore(Exception):
    """This offer was answered, or its time is over."""


@transaction.atomic
def join_waitlist(
    *,
    program: Program,
    needs: Needs,
    by: User,
    at: datetime,
    patient: Patient | None = None,
    inquiry: UUID | None = None,
) -> WaitlistEntry:
    """Let this person, or this inquiry, wait for a place; if one is free now it is offered at once."""
    _must_plan(by)
    one_at_a_time(by.organisation_id)
    same = (
        WaitlistEntry.objects.filter(patient=patient) if patient else WaitlistEntry.objects.filter(inquiry_id=inquiry)
    )
    if same.filter(status=WaitlistEntry.Status.WAITING).exists():
        raise WaitsAlready
    entry = WaitlistEntry.objects.create(
        patient=patient,
        inquiry_id=inquiry,
        program=program,
        needs=as_json(needs),
        risk=_risk_told(patient, inquiry),
        added_by=by,
        added_at=at,
    )
    audit.record("timetable.waitlist_joined", by=by, about=entry, at=at, patient_id=patient.pk if patient else None)
    live.tell(WAYS_IN)
    offer_places(organisation=by.organisation, at=at)
    return entry


def _risk_told(patient: Patient | None, inquiry: UUID | None) -> WaitlistEntry.Risk:
    """High where a first contact of theirs told of danger; a person looks at it and says what holds.

    What they told before their last admission was looked at then.
    """
    theirs = Q(pk=None)
    if inquiry is not None:
        theirs |= Q(pk=inquiry)
    if patient is not None:
        last = Episode.objects.filter(patient=patient).aggregate(Max("admitted_at"))["admitted_at__max"]
        theirs |= Q(patient=patient, received_at__gt=last) if last else Q(patient=patient)
    told = Inquiry.objects.filter(theirs, urgent=True).exists()
    return WaitlistEntry.Risk.HIGH if told else WaitlistEntry.Risk.NONE


@transaction.atomic
def say_what_counts(
    *, entry: WaitlistEntry, is_pregnant: bool, injects: bool, risk: int, by: User, at: datetime
) -> WaitlistEntry:
    """What counts for the order, as they told us. The record keeps that it was said, never what."""
    _must_plan(by)
    one_at_a_time(by.organisation_id)
    entry = WaitlistEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    entry.is_pregnant, entry.injects, entry.risk = is_pregnant, injects, risk
    entry.save(update_fields=["is_pregnant", "injects", "risk"])
    audit.record("timetable.waitlist_order_said", by=by, about=entry, at=at)
    live.tell(WAYS_IN)
    return entry


@transaction.atomic
def offer_support(
    *, entry: WaitlistEntry, kind: str, is_wanted: bool, note: str, by: User, at: datetime
) -> InterimSupport:
    """Write down what was offered to them for the time in which they wait."""
    _must_plan(by)
    made = InterimSupport.objects.create(
        entry=entry, kind=kind, is_wanted=is_wanted, note=note.strip(), offered_by=by, offered_at=at
    )
    audit.record("timetable.support_offered", by=by, about=made, at=at, patient_id=entry.patient_id)
    return made


@transaction.atomic
def offer_places(*, organisation: Organisation, at: datetime) -> list[PlaceOffer]:
    """Let go of offers whose time is over, then offer what is free in the order of `waitlist_order`.

    Only a whole week is offered, and to nobody what they passed on or left unanswered. Done twice it offers once.
    """
    one_at_a_time(organisation.pk)
    late = PlaceOffer.objects.select_for_update().filter(status=PlaceOffer.Status.OPEN, until__lte=at)
    for offer in late:
        _settle(offer, PlaceOffer.Status.EXPIRED, by=None, at=at)
    holding = PlaceOffer.objects.holding().select_related("entry")
    waiting = WaitlistEntry.objects.filter(status=WaitlistEntry.Status.WAITING)
    asking = asked_in_order(waiting.exclude(pk__in=holding.values("entry")).prefetch_related("offers"))
    if not asking:
        return []
    monday = next_start(at.astimezone(organisation.zone).date())
    board = with_promised(
        board_for_visitors(organisation=organisation, week_of=monday), holding, home=organisation.state
    )
    made = []
    for entry in asking:
        person = from_json(entry.needs).as_person(str(entry.pk), home=organisation.state)
        refused = [_when(offer.sessions) for offer in entry.offers.all()]
        found = next((place for place in can_we_serve(board, person).places if _is_new(place, refused)), None)
        if found is None:
            continue
        sessions = [_stored(session) for session in found.sessions]
        offer = PlaceOffer.objects.create(
            entry=entry, sessions=sessions, starts_on=monday, made_at=at, until=at + ANSWER_WITHIN
        )
        audit.record("timetable.place_offered", by=None, about=offer, at=at)
        live.tell(WAYS_IN)
        board = with_place(board, person, sessions)
        made.append(offer)
    return made


def _is_new(place: Place, refused: Sequence[set[tuple[Any, ...]]]) -> bool:
    return place.is_full and _when([_stored(session) for session in place.sessions]) not in refused


def _stored(session: Group | Individual) -> dict[str, Any]:
    """A session as an offer keeps it, without anybody in it."""
    row: dict[str, Any] = asdict(session)
    row.pop("patients" if isinstance(session, Group) else "patient")
    return row


def _when(sessions: Sequence[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """What makes two offers the same: the groups, whoever the counselor would be."""
    return {(one["day"], one["start"], one["staff"]) for one in sessions if "population" in one}


@transaction.atomic
def accept_place(*, offer: PlaceOffer, by: User, at: datetime) -> PlaceOffer:
    """They said yes. Whoever is admitted has the seats, and sessions follow; for others they are kept until then.

    Raises AnsweredBefore, NoLongerHolds, and Refused where sessions cannot follow: then nothing is stored.
    """
    answered = _answer(offer, PlaceOffer.Status.ACCEPTED, by=by, at=at)
    seat_promised(offer=answered, by=by, at=at)
    answered.entry.refresh_from_db()
    return answered


@transaction.atomic
def pass_on_place(*, offer: PlaceOffer, by: User, at: datetime) -> PlaceOffer:
    """They would rather wait: the place is offered to whoever is next. Raises AnsweredBefore."""
    answered = _answer(offer, PlaceOffer.Status.PASSED, by=by, at=at)
    offer_places(organisation=by.organisation, at=at)
    return answered


def _answer(offer: PlaceOffer, status: PlaceOffer.Status, *, by: User, at: datetime) -> PlaceOffer:
    _must_plan(by)
    one_at_a_time(by.organisation_id)
    offer = PlaceOffer.objects.select_for_update(of=("self",)).select_related("entry").get(pk=offer.pk)
    is_open = offer.status == PlaceOffer.Status.OPEN and offer.until > at
    if not is_open or offer.entry.status != WaitlistEntry.Status.WAITING:
        raise AnsweredBefore
    return _settle(offer, status, by=by, at=at)


def _settle(offer: PlaceOffer, status: PlaceOffer.Status, *, by: User | None, at: datetime) -> PlaceOffer:
    offer.status, offer.decided_by, offer.decided_at = status, by, at
    offer.save(update_fields=["status", "decided_by", "decided_at"])
    audit.record(f"timetable.place_{status.value}", by=by, about=offer, at=at)
    live.tell(WAYS_IN)
    return offer


@transaction.atomic
def leave_waitlist(*, entry: WaitlistEntry, by: User, at: datetime) -> WaitlistEntry:
    """They no longer wait; what was kept for them is offered to whoever is next."""
    _must_plan(by)
    one_at_a_time(by.organisation_id)
    entry = WaitlistEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.status == WaitlistEntry.Status.WAITING:
        _end(entry, WaitlistEntry.Status.REMOVED, by=by, at=at)
        offer_places(organisation=by.organisation, at=at)
    return entry


@transaction.atomic
def wait_again(*, whose: Q, left_at: datetime, by: User, at: datetime) -> None:
    """Those of `whose` rows that ended at `left_at` wait as before, unless they have joined anew since.

    What was kept for them then may be somebody else's by now: where it is free in their turn it is offered anew.
    """
    _must_plan(by)
    one_at_a_time(by.organisation_id)
    rows = WaitlistEntry.objects.select_for_update().filter(whose)
    if rows.filter(status=WaitlistEntry.Status.WAITING).exists():
        return
    for entry in rows.filter(status=WaitlistEntry.Status.REMOVED, ended_at=left_at):
        entry.offers.filter(status__in=HOLDING).delete()
        entry.status, entry.ended_by, entry.ended_at = WaitlistEntry.Status.WAITING, None, None
        entry.save(update_fields=["status", "ended_by", "ended_at"])
        audit.record("timetable.waitlist_joined_again", by=by, about=entry, at=at, patient_id=entry.patient_id)
        live.tell(WAYS_IN)
    offer_places(organisation=by.organisation, at=at)


def end_of_waiting(*, by: User, at: datetime) -> int:
    """Whoever has seats in the timetable waits no longer; how many these are."""
    seated = Seat.objects.filter(during__endswith=None).exclude(during__isempty=True).values("patient")
    rows = WaitlistEntry.objects.select_for_update().filter(status=WaitlistEntry.Status.WAITING, patient__in=seated)
    for entry in rows:
        _end(entry, WaitlistEntry.Status.PLACED, by=by, at=at)
    return len(rows)


def _end(entry: WaitlistEntry, status: WaitlistEntry.Status, *, by: User, at: datetime) -> None:
    entry.status, entry.ended_by, entry.ended_at = status, by, at
    entry.save(update_fields=["status", "ended_by", "ended_at"])
    audit.record(f"timetable.waitlist_{status.value}", by=by, about=entry, at=at)
    live.tell(WAYS_IN)


def _must_plan(by: User) -> None:
    if not by.has_any(PLANNERS):
        raise PermissionDenied
