"""On the way in again: an ending before an admission no longer holds, because it is taken back or they asked again."""

from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.inquiry import facts
from hearth.inquiry.models import WayOut
from hearth.lib import live
from hearth.people.models import Patient


@transaction.atomic
def come_back(*, patient: Patient, by: User, at: datetime) -> None:
    """`patient` has asked again: their way in goes on, with their turn on the waitlist. The caller has checked `by`."""
    for way_out in WayOut.objects.current().select_for_update(of=("self",)).filter(patient=patient):
        end_no_more(way_out, by=by, at=at)
        go_on(way_out, by=by, at=at)


def end_no_more(way_out: WayOut, *, by: User, at: datetime) -> None:
    """Write down that this ending, which the caller has locked, no longer holds."""
    way_out.reopened_by, way_out.reopened_at = by, at
    way_out.save(update_fields=["reopened_by", "reopened_at"])
    audit.record("inquiry.reopened", by=by, about=way_out, at=at, patient_id=way_out.patient_id)


def go_on(way_out: WayOut, *, by: User, at: datetime) -> None:
    """Let the others hear that their way in goes on."""
    facts.way_reopened.send(
        WayOut,
        inquiry_id=way_out.inquiry_id,
        patient_id=way_out.patient_id,
        ended_at=way_out.ended_at,
        by_id=by.pk,
        at=at,
    )
    live.tell(facts.WAYS_IN)
