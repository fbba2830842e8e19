"""Changed places that are offered instead of imposed: offered, said yes or no to, lapsed, taken back."""

from datetime import date, datetime, time
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.accounts.telling import tell
from hearth.audit import services as audit
from hearth.lib.written_dates import written
from hearth.people.models import Patient
from hearth.safety.services import read_own_words
from hearth.timetable import facts
from hearth.timetable.accepting import one_at_a_time
from hearth.timetable.changing import NotOnTheBoard, broken_by
from hearth.timetable.models import ChangeOffer, Seat, Section
from hearth.timetable.queries import PLANNERS, access_change, access_planned

Status = ChangeOffer.Status
WHERE = gettext_noop("It says why they cannot take a change of their week.")


class CannotOffer(Exception):
    """This change cannot be offered. `sentences` say why."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class NotOpen(Exception):
    """This offer was answered, has lapsed or was taken back."""


@transaction.atomic
def offer_change(
    *,
    patient: Patient,
    section: Section,
    to_section: Section | None,
    weekday: int | None,
    starts: time | None,
    from_on: date,
    until: datetime,
    note: str,
    by: User,
    at: datetime,
) -> ChangeOffer:
    """Offer this student another place instead of the one in `section`; nothing changes before they say yes.

    They are told by mail or text message, which says no more than that there is something to look at. An offer for
    the same place that waits is replaced. Raises CannotOffer.
    """
    patient = access_planned(viewer=by, patient=patient.pk, at=at, lock=True)
    if patient.user is None or not patient.user.is_active:
        raise CannotOffer(_("This student has no account to answer with. Call them, and change the week by hand."))
    if not at < until <= datetime.combine(from_on, time(), patient.organisation.zone):
        raise CannotOffer(_("The answer must be there before the Monday from which the change would hold."))
    ChangeOffer.objects.filter(patient=patient, from_section=section, status=Status.OPEN).update(
        status=Status.WITHDRAWN, decided_at=at
    )
    offer = ChangeOffer.objects.create(
        patient=patient,
        from_section=section,
        to_section=to_section,
        weekday=weekday,
        starts=starts,
        from_on=from_on,
        until=until,
        note=note,
        offered_by=by,
        offered_at=at,
    )
    _judge(offer)
    audit.record("timetable.change_offered", by=by, about=offer, at=at, from_on=from_on.isoformat())
    _tell(offer, patient.user, at)
    return offer


def _judge(offer: ChangeOffer) -> None:
    try:
        broken = broken_by(offer, viewer=offer.offered_by)
    except NotOnTheBoard as trouble:
        raise CannotOffer(str(trouble)) from trouble
    if broken:
        raise CannotOffer(*broken)


def _tell(offer: ChangeOffer, user: User, at: datetime) -> None:
    address = settings.BASE_URL + reverse("timetable:my-change", args=[offer.pk])
    with translation.override(user.language):
        words = _(
            "Hello %(name)s, your team offers you a change in your week. Please sign in and say yes or no before"
            " %(until)s: %(address)s"
        ) % {
            "name": user.first_name,
            "until": written(offer.until.astimezone(user.zone), "l j F, H:i"),
            "address": address,
        }
        key = f"change offered {offer.pk}"
        subject = _("A question about your week")
        tell(user, subject=subject, body=words, key=key, at=at)


@transaction.atomic
def accept_change(*, offer: ChangeOffer, by: User, at: datetime) -> ChangeOffer:
    """The student says yes: the place changes now, judged again on today's rows, and a place is never given twice.

    Raises NotOpen, CannotOffer where the week no longer allows it, Refused where its hours cannot be booked.
    """
    one_at_a_time(by.organisation_id)  # whoever changes the week waits here
    offer = _open(offer, by, at)
    if not offer.offered_by.has_any(PLANNERS):
        raise CannotOffer(_("Who offered this does not plan weeks any more."))
    _judge(offer)
    seat = _seat_of(offer)
    section = _with_room(offer, offer.to_section_id) if offer.to_section_id else _at_its_new_time(offer)
    new = Seat(
        section=section,
        patient=offer.patient,
        during=DateRange(max(offer.from_on, section.started_on), seat.during.upper),
        modality=section.modality if offer.to_section_id else seat.modality,
    )
    begins = seat.during.lower
    seat.during = DateRange(begins, offer.from_on) if begins < offer.from_on else DateRange(empty=True)
    seat.save(update_fields=["during"])
    new.save()
    _decide(offer, Status.ACCEPTED, by=by, at=at)
    for changed in (seat, new):  # in this order: first the old hours are free again
        facts.seat_changed.send(Seat, seat_id=changed.pk, by_id=offer.offered_by_id, at=at)
    return offer


def _seat_of(offer: ChangeOffer) -> Seat:
    rows = Seat.objects.select_for_update().filter(section=offer.from_section_id, patient=offer.patient_id)
    for seat in rows:
        if not seat.during.isempty and (seat.during.upper is None or seat.during.upper > offer.from_on):
            return seat
    raise CannotOffer(_("The week has changed: one of the two places is not there any more."))


def _with_room(offer: ChangeOffer, pk: UUID) -> Section:
    """The section, locked, if a place in it is free from that day on."""
    section = Section.objects.select_for_update(of=("self",)).get(pk=pk)
    held = [
        seat
        for seat in section.seats.all()
        if not seat.during.isempty and (seat.during.upper is None or seat.during.upper > offer.from_on)
    ]
    if len(held) >= section.capacity:
        raise CannotOffer(_("The group is full now."))
    return section


def _at_its_new_time(offer: ChangeOffer) -> Section:
    """The hour alone ends at its old time and goes on at the new one."""
    old = Section.objects.select_for_update(of=("self",)).get(pk=offer.from_section_id)
    ended = old.ended_on
    old.ended_on = max(old.started_on, offer.from_on)
    old.save(update_fields=["ended_on"])
    fields = {field.attname: getattr(old, field.attname) for field in Section._meta.concrete_fields}
    for name in ("id", "organisation_id"):
        fields.pop(name)
    fields |= {"weekday": offer.weekday, "starts": offer.starts, "started_on": offer.from_on, "ended_on": ended}
    return Section.objects.create(**fields)


@transaction.atomic
def decline_change(*, offer: ChangeOffer, reason: str, by: User, at: datetime) -> ChangeOffer:
    """The student cannot; their place stays as it is. Raises NotOpen."""
    offer = _open(offer, by, at)
    offer.reason = reason
    read_own_words(
        patient=offer.patient, kind="timetable.change", row=offer.pk, where=WHERE, words=reason, by=by, at=at
    )
    return _decide(offer, Status.DECLINED, by=by, at=at)


@transaction.atomic
def withdraw_change(*, offer: ChangeOffer, by: User, at: datetime, reason: str = "") -> ChangeOffer:
    """Staff take an offer back, or it turned out, when the student said yes, that the week allows it no longer."""
    access_change(viewer=by, pk=offer.pk, at=at)
    offer = ChangeOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.status != Status.OPEN:
        raise NotOpen
    offer.reason = reason[:300]
    return _decide(offer, Status.WITHDRAWN, by=by, at=at)


def withdraw_changes_of(*, patient: UUID, by: User, at: datetime) -> None:
    """Nothing is offered any more to somebody who has died. In the deed's transaction."""
    for offer in ChangeOffer.objects.select_for_update(of=("self",)).filter(patient=patient, status=Status.OPEN):
        _decide(offer, Status.WITHDRAWN, by=by, at=at)


@transaction.atomic
def lapse_changes(*, at: datetime) -> int:
    """Close every offer whose time for an answer is over; how many. Done twice, the second finds none."""
    rows = ChangeOffer.objects.select_for_update(of=("self",), skip_locked=True)
    late = list(rows.filter(status=Status.OPEN, until__lte=at))
    for offer in late:
        _decide(offer, Status.LAPSED, by=None, at=at)
    return len(late)


def _open(offer: ChangeOffer, by: User, at: datetime) -> ChangeOffer:
    """The offer, locked, if its student may still answer it."""
    rows = ChangeOffer.objects.select_for_update(of=("self",))
    offer = rows.select_related("patient__organisation", "offered_by", "from_section", "to_section").get(pk=offer.pk)
    if offer.patient.user_id != by.pk:
        raise PermissionDenied
    if offer.status != Status.OPEN or offer.until <= at:
        raise NotOpen
    return offer


def _decide(offer: ChangeOffer, status: str, *, by: User | None, at: datetime) -> ChangeOffer:
    offer.status, offer.decided_at = status, at
    offer.save(update_fields=["status", "decided_at", "reason"])
    audit.record(f"timetable.change_{status}", by=by, about=offer, at=at)
    return offer
