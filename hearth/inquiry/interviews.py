"""First conversations: the hours staff give for them, the times that are free, and booking one of these for good."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.accounts.models import Organisation, User
from hearth.audit import services as audit
from hearth.inquiry import facts, slots
from hearth.inquiry.models import Inquiry, IntakeHours, Interview
from hearth.inquiry.queries import INTAKE, access_inquiry
from hearth.inquiry.services import NotWaiting
from hearth.lib import live, tenancy
from hearth.outbox.services import post_mail
from hearth.program.models import Booking
from hearth.program.queries import closures_within, leaves_within
from hearth.program.services.booking import AlreadyBooked, book, unbook

PURPOSE = "inquiry.interview"


class SlotTaken(Exception):
    """Somebody else was quicker, or this time was never offered."""


class BookedAlready(Exception):
    """They have a conversation to come, `interview`, at another time."""

    def __init__(self, interview: Interview) -> None:
        super().__init__(interview.starts_at)
        self.interview = interview


@transaction.atomic
def give_hours(*, hours: list[dict[str, Any]], by: User, at: datetime) -> IntakeHours:
    """Say in which hours of the week one takes first conversations; conversations already booked stay."""
    if not by.has_any(INTAKE):
        raise PermissionDenied
    row, _is_new = IntakeHours.objects.update_or_create(member=by, defaults={"hours": hours})
    audit.record("inquiry.intake_hours_given", by=by, about=row, at=at)
    return row


def free_times(*, at: datetime) -> dict[datetime, list[User]]:
    """Every start that is free, earliest first, with who could take it. The same few queries however many there are."""
    zone = Organisation.objects.get(pk=tenancy.current()).zone
    takers = IntakeHours.objects.filter(member__is_active=True, member__roles__overlap=sorted(INTAKE))
    rows = list(takers.select_related("member").order_by("pk"))
    first, last = at.astimezone(zone).date(), (at.astimezone(zone) + timedelta(days=slots.DAYS)).date()
    held = Booking.objects.filter(resource_id__in=[row.member_id for row in rows], during__endswith__gt=at)
    taken: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for member, during in held.values_list("resource_id", "during"):
        taken[member].append((during.lower, during.upper))
    closed = [day for one in closures_within(first, last) if one.site_id is None for day in _days(one)]
    away: dict[UUID, list[Any]] = defaultdict(lambda: list(closed))
    for leave in leaves_within(first, last):
        away[leave.member_id] += _days(leave)
    found: dict[datetime, list[User]] = defaultdict(list)
    for row in rows:
        free = slots.Free(row.hours, taken[row.member_id], away[row.member_id])
        for moment in slots.starts(free, at=at, zone=zone):
            found[moment].append(row.member)
    return dict(sorted(found.items()))


def _days(span: Any) -> Iterable[Any]:
    return [span.first_on + timedelta(days=number) for number in range((span.last_on - span.first_on).days + 1)]


@transaction.atomic
def book_interview(*, inquiry_pk: UUID, starts_at: datetime, at: datetime, by: User | None = None) -> Interview:
    """Hold this time for the person of this inquiry with whoever of intake is free then.

    `by` is who of intake books it for them, and is asked first; None where they took the time themselves: they keep
    the one they have. One that is over, missed or not, gives way to a new one. Raises SlotTaken, BookedAlready, and
    NotWaiting where the inquiry is closed.

    PostgreSQL stores no hour of anybody twice, so that of many who take the same time as many have it as there are
    members of staff, and the others are told at once.
    """
    if by is not None and not by.has_any(INTAKE):
        raise PermissionDenied
    inquiry = Inquiry.objects.select_for_update().get(pk=inquiry_pk)
    if inquiry.status == Inquiry.Status.CLOSED:
        raise NotWaiting(inquiry)
    existing = Interview.objects.filter(inquiry=inquiry).first()
    if existing and existing.ends_at > at:
        if by is None or existing.starts_at == starts_at:
            return existing
        raise BookedAlready(existing)
    for member in sorted(free_times(at=at).get(starts_at, []), key=lambda member: member != by):
        interview = Interview(inquiry=inquiry, member=member, starts_at=starts_at, ends_at=starts_at + slots.MINUTES)
        interview.booked_at = at
        try:
            book(
                people=[member.pk],
                start=starts_at,
                end=interview.ends_at,
                purpose_kind=PURPOSE,
                purpose_id=interview.pk,
            )
        except AlreadyBooked:
            continue
        if existing:
            existing.delete()
        interview.save(force_insert=True)
        if inquiry.taken_by_id is None:
            inquiry.taken_by, inquiry.taken_at = member, at
            inquiry.save(update_fields=["taken_by", "taken_at"])
        before = existing.starts_at.isoformat() if existing else ""
        audit.record("inquiry.interview_booked", by=by, about=inquiry, at=at, before=before)
        _tell(interview, at=at)
        live.tell(facts.WAYS_IN)
        return interview
    raise SlotTaken


@transaction.atomic
def drop_interview(*, inquiry: Inquiry, by: User, at: datetime) -> bool:
    """Let go of the conversation still to come and of the member's hour; False where there is none.

    One that has begun stays as it was. Nothing is sent to the person: whoever does this tells them.
    """
    inquiry = access_inquiry(viewer=by, pk=inquiry.pk, lock=True)
    interview = Interview.objects.filter(inquiry=inquiry, starts_at__gt=at).first()
    if interview is None:
        return False
    unbook(purpose_ids=[interview.pk])
    interview.delete()
    audit.record("inquiry.interview_dropped", by=by, about=inquiry, at=at, starts_at=interview.starts_at.isoformat())
    live.tell(facts.WAYS_IN)
    return True


@transaction.atomic
def drop_interviews_of(*, patient: UUID, by: User, at: datetime) -> None:
    """Let go of every conversation still to come with this person."""
    for inquiry in Inquiry.objects.filter(patient=patient, interview__starts_at__gt=at):
        drop_interview(inquiry=inquiry, by=by, at=at)


def _tell(interview: Interview, *, at: datetime) -> None:
    member = interview.member
    if not member.email:
        return
    with translation.override(member.language):
        post_mail(
            to=member.email,
            subject=_("A first conversation was booked with you"),
            body=_("When and with whom: %(link)s") % {"link": f"{settings.BASE_URL}/inquiries/{interview.inquiry_id}/"},
            key=f"interview-{interview.pk}",
            about=interview.inquiry.patient_id,
            at=at,
        )
