"""What the timetable does when it hears from inquiry and admission, and of its own freed seats."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.dispatch import receiver

from hearth.accounts.models import User
from hearth.admission import facts as admission
from hearth.admission.models import Episode
from hearth.inquiry.facts import way_ended, way_reopened
from hearth.inquiry.models import Inquiry
from hearth.people import facts as people
from hearth.people.models import Patient
from hearth.plan.facts import plan_changed
from hearth.timetable import facts, tasks
from hearth.timetable.accepting import free_places, one_at_a_time
from hearth.timetable.models import PlaceOffer, WaitlistEntry
from hearth.timetable.services.changes import withdraw_changes_of
from hearth.timetable.services.waitlist import end_of_waiting, leave_waitlist, wait_again


@receiver(admission.episode_ended, dispatch_uid="timetable.free_places_after_an_episode")
def free_places_after_an_episode(*, episode_id: UUID, by_id: UUID, at: datetime, on: date, **_: Any) -> None:
    """Nobody holds a place after their episode; what only they came to ends with it."""
    by = User.objects.get(pk=by_id)
    one_at_a_time(by.organisation_id)  # before any row of the week is locked, as whoever changes it does
    episode = Episode.objects.select_related("patient").get(pk=episode_id)
    free_places(patient=episode.patient, start=on, by=by, at=at)


@receiver(people.death_noted, dispatch_uid="timetable.let_go_after_a_death")
def let_go_after_a_death(*, patient_id: UUID, by_id: UUID, at: datetime, on: date, **_: Any) -> None:
    """Nothing is offered to somebody who has died, they wait for no place, and hold none."""
    by = User.objects.get(pk=by_id)
    one_at_a_time(by.organisation_id)
    withdraw_changes_of(patient=patient_id, by=by, at=at)
    for entry in WaitlistEntry.objects.filter(_rows_of(None, patient_id), status=WaitlistEntry.Status.WAITING):
        leave_waitlist(entry=entry, by=by, at=at)
    free_places(patient=Patient.objects.get(pk=patient_id), start=on, by=by, at=at)


@receiver(people.death_taken_back, dispatch_uid="timetable.wait_again_after_a_mistake")
def wait_again_after_a_mistake(*, patient_id: UUID, by_id: UUID, at: datetime, noted_at: datetime, **_: Any) -> None:
    """Whoever waited when their death was recorded by mistake has the turn they had."""
    _wait_again(_rows_of(None, patient_id), left_at=noted_at, by_id=by_id, at=at)


@receiver(admission.admitted, dispatch_uid="timetable.seat_the_admitted")
@receiver(plan_changed, dispatch_uid="timetable.seat_the_planned")
def seat_whoever_was_promised(*, by_id: UUID, **_: Any) -> None:
    """Whoever said yes to a place has its seats once they are admitted with a plan; a worker sees to it."""
    if PlaceOffer.objects.holding().filter(status=PlaceOffer.Status.ACCEPTED).exists():
        tasks.offer_places.defer(organisation_id=str(User.objects.get(pk=by_id).organisation_id))


@receiver(facts.places_freed, dispatch_uid="timetable.offer_freed_places")
def offer_freed_places(*, by_id: UUID, **_: Any) -> None:
    """A freed seat is offered to whoever is asked first; a worker does it, so that nobody waits for it."""
    tasks.offer_places.defer(organisation_id=str(User.objects.get(pk=by_id).organisation_id))


@receiver(facts.proposal_accepted, dispatch_uid="timetable.end_waiting_with_the_week")
def end_waiting_with_the_week(*, by_id: UUID, at: datetime, **_: Any) -> None:
    """Whoever has a place in the new week waits no longer; what is free in it is offered to the others."""
    by = User.objects.get(pk=by_id)
    end_of_waiting(by=by, at=at)
    tasks.offer_places.defer(organisation_id=str(by.organisation_id))


@receiver(way_ended, dispatch_uid="timetable.stop_waiting_with_the_way_in")
def stop_waiting_with_the_way_in(
    *, inquiry_id: UUID | None, patient_id: UUID | None, by_id: UUID, at: datetime, **_: Any
) -> None:
    """Whoever is cared for elsewhere, or does not come, waits no longer; what was kept for them goes to the next."""
    for entry in WaitlistEntry.objects.filter(_rows_of(inquiry_id, patient_id), status=WaitlistEntry.Status.WAITING):
        leave_waitlist(entry=entry, by=User.objects.get(pk=by_id), at=at)


@receiver(way_reopened, dispatch_uid="timetable.wait_again_with_the_way_in")
def wait_again_with_the_way_in(
    *, inquiry_id: UUID | None, patient_id: UUID | None, ended_at: datetime, by_id: UUID, at: datetime, **_: Any
) -> None:
    """Whoever is on the way in again has the turn they had."""
    _wait_again(_rows_of(inquiry_id, patient_id), left_at=ended_at, by_id=by_id, at=at)


def _wait_again(whose: Q, *, left_at: datetime, by_id: UUID, at: datetime) -> None:
    if WaitlistEntry.objects.filter(whose, ended_at=left_at).exists():
        wait_again(whose=whose, left_at=left_at, by=User.objects.get(pk=by_id), at=at)


def _rows_of(inquiry_id: UUID | None, patient_id: UUID | None) -> Q:
    whose = Q(pk=None) if inquiry_id is None else Q(inquiry_id=inquiry_id)
    if patient_id is not None:  # whoever joined the waitlist before they had a chart is on it by their inquiry
        asked = Inquiry.objects.filter(patient_id=patient_id)
        whose |= Q(patient_id=patient_id) | Q(inquiry_id__in=asked.values("pk"))
    return whose
