"""Seats for whoever said yes to a promised place, once they are admitted."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import Organisation, User
from hearth.audit import services as audit
from hearth.inquiry.models import Inquiry
from hearth.people.models import Patient
from hearth.timetable.accepting import one_at_a_time
from hearth.timetable.asking import next_start
from hearth.timetable.board import Solution
from hearth.timetable.broken import broken_words
from hearth.timetable.facts import Refused
from hearth.timetable.models import PlaceOffer, Proposal, WaitlistEntry
from hearth.timetable.promised import renamed, without
from hearth.timetable.rules import violations
from hearth.timetable.services.deciding import LaterWeekStands, NoLongerHolds, Today, stand
from hearth.timetable.week_board import WeekBoard, board_of_week


@transaction.atomic
def seat_promised(*, offer: PlaceOffer, by: User, at: datetime) -> Proposal | None:
    """Make seats of an accepted place; sessions follow. None while they are not admitted with a plan and hours.

    The week is judged with their own plan and hours. Raises NoLongerHolds, and Refused where sessions cannot follow.
    """
    one_at_a_time(by.organisation_id)
    offer = PlaceOffer.objects.select_for_update(of=("self",)).select_related("entry__patient").get(pk=offer.pk)
    entry, patient = offer.entry, _patient_of(offer.entry)
    is_kept = offer.status == PlaceOffer.Status.ACCEPTED and entry.status == WaitlistEntry.Status.WAITING
    if patient is None or not is_kept:
        return None
    week_of = max(next_start(at.astimezone(by.organisation.zone).date()), offer.starts_on)
    last = Proposal.objects.filter(status=Proposal.Status.ACCEPTED).order_by("-week_of").first()
    week_of = max(week_of, last.week_of) if last else week_of
    week = board_of_week(viewer=by, week_of=week_of)
    key, who = str(entry.pk), str(patient.pk)
    if key not in week.promised or who not in {one.id for one in week.board.patients}:
        return None
    if entry.patient is None:
        entry.patient, entry.inquiry_id = patient, None
        entry.save(update_fields=["patient", "inquiry_id"])
    today = _with_their_seats(week, key, who)
    already = {(one.rule, one.sentence) for one in violations(today.week.board, today.stands)}
    broken = [one for one in violations(today.week.board, today.whole) if (one.rule, one.sentence) not in already]
    if broken:
        raise NoLongerHolds(broken_words(broken, week.names, week_of))
    proposal = Proposal.objects.create(week_of=week_of, asked_by=by, asked_at=at, status=Proposal.Status.READY)
    audit.record("timetable.promised_seated", by=by, about=offer, at=at, patient_id=patient.pk)
    return stand(proposal, today, by=by, at=at, judged=[])


def _patient_of(entry: WaitlistEntry) -> Patient | None:
    """Who waits; an inquiry's person once they have a chart."""
    if entry.patient is not None:
        return entry.patient
    asked = Inquiry.objects.select_related("patient").filter(pk=entry.inquiry_id or UUID(int=0)).first()
    return asked.patient if asked else None


def _with_their_seats(week: WeekBoard, key: str, who: str) -> Today:
    """The week in which whoever waits as `key` has the promised places as `who`.

    An hour alone that was promised with another than the counselor they have by now is left to be found.
    """
    board = week.board
    stands = without(board.current or Solution(), [key])
    board = replace(
        board,
        patients=tuple(one for one in board.patients if one.id != key),
        kept=board.kept - {key},
        together=tuple(tuple(one for one in few if one != key) for few in board.together),
        current=stands,
    )
    promised = {other: offer for other, offer in week.promised.items() if other != key}
    whole = renamed(week.board.current or Solution(), {key: who})
    primary = next(one.primary for one in board.patients if one.id == who)
    alone = (one for one in whole.individual if one.patient != who or one.staff == (primary or one.staff))
    whole = replace(whole, individual=tuple(alone))
    return Today(replace(week, board=board, promised=promised), stands, whole, frozenset({who}))


def seat_whoever_was_admitted(*, organisation: Organisation, at: datetime) -> int:
    """Make seats of every accepted place whose person can have them by now; how many. What cannot be stays kept."""
    made = 0
    accepted = PlaceOffer.objects.holding().filter(status=PlaceOffer.Status.ACCEPTED)
    for offer in accepted.select_related("decided_by__organisation").order_by("decided_at"):
        try:
            with transaction.atomic():
                made += offer.decided_by is not None and bool(seat_promised(offer=offer, by=offer.decided_by, at=at))
        except (NoLongerHolds, LaterWeekStands, Refused):
            continue  # a planner sees it on the waitlist, where the same sentence is shown
    return made
