"""Ways out before an admission: handed over or closed, each with its reason; followed through, taken back."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.inquiry import facts
from hearth.inquiry.coming_back import end_no_more, go_on
from hearth.inquiry.interviews import drop_interview, drop_interviews_of
from hearth.inquiry.models import Inquiry, Referral, WayOut
from hearth.inquiry.queries import INTAKE, access_inquiry
from hearth.inquiry.referral_services import decline
from hearth.inquiry.services import NotWaiting
from hearth.lib import live
from hearth.people.models import Patient

Subject = Inquiry | Referral | Patient
"""Whose way in it is: an inquiry or a referral without a chart, or a person."""

_ASKED: tuple[type[Inquiry | Referral], ...] = (Inquiry, Referral)


class EndedBefore(Exception):
    """A colleague has ended this person's way in, followed the hand-over through or taken it back."""


def hand_over(*, who: Subject, to_whom: str, reason: str, note: str, by: User, at: datetime) -> WayOut:
    """Somebody else cares for them from here on: who, and why. Raises what `close` raises."""
    kind = WayOut.Kind.ELSEWHERE
    return _end(who, WayOut(kind=kind, to_whom=to_whom.strip(), reason=reason, note=note.strip()), by=by, at=at)


def close(*, who: Subject, reason: str, note: str, by: User, at: datetime) -> WayOut:
    """The way in ends here, and why. Raises NotWaiting (inquiry), AlreadyDecided (referral) or EndedBefore (person)."""
    return _end(who, WayOut(kind=WayOut.Kind.CLOSED, reason=reason, note=note.strip()), by=by, at=at)


@transaction.atomic
def _end(who: Subject, way_out: WayOut, *, by: User, at: datetime) -> WayOut:
    if isinstance(who, Inquiry):
        way_out.inquiry = who = _close_inquiry(who, way_out.note, by=by, at=at)
    elif isinstance(who, Referral):
        said = [str(way_out.get_reason_display()), way_out.to_whom, way_out.note]
        way_out.referral = decline(referral=who, reason="; ".join(filter(None, said)), by=by, at=at)
    else:
        way_out.patient = _person(who, by=by, at=at)
        drop_interviews_of(patient=who.pk, by=by, at=at)
    patient = who if isinstance(who, Patient) else who.patient
    way_out.ended_by, way_out.ended_at = by, at
    way_out.save(force_insert=True)
    audit.record(
        "inquiry.handed_over" if way_out.kind == WayOut.Kind.ELSEWHERE else "inquiry.closed",
        by=by,
        about=who,
        at=at,
        reason=way_out.reason,
        patient_id=patient.pk if patient else None,
    )
    if isinstance(who, Patient) or patient is None:  # one inquiry's end is not that of its person, who has a chart
        facts.way_ended.send(
            WayOut,
            inquiry_id=who.pk if isinstance(who, Inquiry) else None,
            patient_id=who.pk if isinstance(who, Patient) else None,
            by_id=by.pk,
            at=at,
        )
    live.tell(facts.WAYS_IN)
    return way_out


def _close_inquiry(inquiry: Inquiry, outcome: str, *, by: User, at: datetime) -> Inquiry:
    """Closed with what came of it; a conversation still to come is let go of."""
    inquiry = access_inquiry(viewer=by, pk=inquiry.pk, lock=True)
    if inquiry.status == Inquiry.Status.CLOSED:
        raise NotWaiting(inquiry)
    inquiry.status, inquiry.outcome, inquiry.closed_at = Inquiry.Status.CLOSED, outcome, at
    inquiry.taken_by, inquiry.taken_at = inquiry.taken_by or by, inquiry.taken_at or at
    inquiry.save()
    drop_interview(inquiry=inquiry, by=by, at=at)
    return inquiry


def _person(patient: Patient, *, by: User, at: datetime) -> Patient:
    if not by.has_any(INTAKE):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to="change", lock=True, what="admission")
    before = WayOut.objects.current().filter(patient=patient).first()
    if before is None:
        return patient
    if not any(kind.objects.filter(patient=patient, received_at__gt=before.ended_at).exists() for kind in _ASKED):
        raise EndedBefore
    end_no_more(before, by=by, at=at)  # they asked again since; that they do not go on is told by the new ending
    return patient


def access_way_out(*, viewer: User, pk: UUID, lock: bool = False) -> WayOut:
    """The way out `pk`, for intake alone. Raises PermissionDenied, also where it does not exist."""
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    rows = WayOut.objects.select_related("inquiry", "referral", "patient", "ended_by")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if found is None:
        raise PermissionDenied
    return found


@transaction.atomic
def follow_through(*, way_out: WayOut, followed: str, by: User, at: datetime) -> WayOut:
    """Write down what became of a hand-over. Raises EndedBefore where that is known or it was taken back."""
    way_out = access_way_out(viewer=by, pk=way_out.pk, lock=True)
    if not way_out.is_open or way_out.reopened_at is not None:
        raise EndedBefore
    way_out.followed, way_out.followed_by, way_out.followed_at = followed, by, at
    way_out.save(update_fields=["followed", "followed_by", "followed_at"])
    audit.record(
        "inquiry.hand_over_followed", by=by, about=way_out, at=at, followed=followed, patient_id=way_out.patient_id
    )
    live.tell(facts.WAYS_IN)
    return way_out


@transaction.atomic
def reopen(*, way_out: WayOut, by: User, at: datetime) -> WayOut:
    """They are on the way in again, with their turn on the waitlist; a conversation that was let go of is booked anew.

    A referral stays declined. Raises EndedBefore.
    """
    way_out = access_way_out(viewer=by, pk=way_out.pk, lock=True)
    if way_out.reopened_at is not None or way_out.referral is not None:
        raise EndedBefore
    end_no_more(way_out, by=by, at=at)
    if way_out.inquiry is not None:
        inquiry = access_inquiry(viewer=by, pk=way_out.inquiry.pk, lock=True)
        inquiry.status = Inquiry.Status.ANSWERED if inquiry.answered_at else Inquiry.Status.NEW
        inquiry.closed_at = None
        inquiry.save(update_fields=["status", "closed_at"])
    go_on(way_out, by=by, at=at)
    return way_out
