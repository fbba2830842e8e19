"""Writes of first contact: receiving, taking, trying, answering, starting an admission. `ways_out` ends it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hearth.accounts.models import Organisation, User
from hearth.accounts.queries import holders_of
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.inquiry import facts
from hearth.inquiry.coming_back import come_back
from hearth.inquiry.models import Inquiry, InquiryContact
from hearth.inquiry.queries import access_inquiry, promise
from hearth.inquiry.selfcheck import filled, telling
from hearth.lib import live, sealed, tenancy
from hearth.lib.written_dates import written
from hearth.outbox.services import post_mail
from hearth.people.models import Patient
from hearth.people.safe_contact import Said, bring_along
from hearth.people.services import register_patient

MOST_FROM_ONE_ADDRESS = 5
WINDOW = timedelta(hours=1)
"""Families, shelters and clinics share one address: enough for them, too few for a flood."""


class TooMany(Exception):
    """More inquiries came from one network address than people there could have written."""


class HasDied(Exception):
    """The death of this person is recorded: where they write, that is taken back first."""


class NotWaiting(Exception):
    """Somebody else was quicker; `inquiry` says how it stands now."""

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__(inquiry.status)
        self.inquiry = inquiry


@transaction.atomic
def receive_inquiry(*, asked: Mapping[str, Any], address: str, at: datetime) -> Inquiry:
    """Keep a first contact and tell intake that somebody waits. `asked` are fields of Inquiry; raises TooMany.

    `address` is the sender's network address; only a keyed digest of it is kept.
    """
    organisation = Organisation.objects.get(pk=tenancy.current())
    sender = sealed.fingerprint(address.encode(), keys=settings.HEARTH_KEY_DIR / "senders", context="inquiry")
    if Inquiry.objects.filter(sender=sender, received_at__gt=at - WINDOW).count() >= MOST_FROM_ONE_ADDRESS:
        raise TooMany
    told = filled.stored(asked.get("answers"))
    inquiry = Inquiry.objects.create(
        **asked,
        urgent=told is not None and telling.is_urgent(told),
        sender=sender,
        received_at=at,
        promised_by=promise(house=organisation, at=at),
    )
    audit.record("inquiry.received", by=None, about=inquiry, at=at, asked_for=inquiry.asked_for)
    _tell_intake(inquiry, organisation, at=at)
    _confirm(inquiry, organisation, at=at)
    facts.inquiry_received.send(Inquiry, inquiry_id=inquiry.pk, at=at)
    live.tell(facts.WAYS_IN)
    return inquiry


def told_first(organisation: Organisation) -> list[tuple[str, str, str]]:
    """Who is told that somebody waits: (key, e-mail, language) of each coordinator, else of the house."""
    coordinators = holders_of(Role.COORDINATOR).exclude(email=None)
    readers = [(str(user.pk), user.email or "", user.language) for user in coordinators]
    return [one for one in readers or [("house", organisation.email, "en")] if one[1]]


def _tell_intake(inquiry: Inquiry, organisation: Organisation, *, at: datetime) -> None:
    """A mail to each coordinator in their own language; to the house's address where there is none."""
    for key, address, language in told_first(organisation):
        with translation.override(language):
            said = _("A new inquiry arrived. Answer it by %(when)s: %(link)s") % {
                "when": _shown(inquiry.promised_by, organisation),
                "link": f"{settings.BASE_URL}/inquiries/",
            }
            first = _("Please answer this one before others.") if inquiry.urgent else ""
            post_mail(
                to=address,
                subject=_("Someone is waiting for an answer"),
                body=f"{said}\n\n{first}".strip(),
                key=f"inquiry-{inquiry.pk}-waits-{key}",
                about=inquiry.patient_id,
                at=at,
            )


def _confirm(inquiry: Inquiry, organisation: Organisation, *, at: datetime) -> None:
    """A line to the person, only where they said that writing is safe; who we are, only where that is safe too."""
    if not (inquiry.email and inquiry.message_ok):
        return
    signed = organisation.name if inquiry.name_us_ok else ""
    body = _(
        "Thank you for writing. A person answers by %(when)s.\n\n"
        "If it cannot wait: call or text 988 at any hour, or call 911.\n\n%(signed)s"
    ) % {"when": _shown(inquiry.promised_by, organisation), "signed": signed}
    post_mail(
        to=inquiry.email,
        subject=_("We have your message"),
        body=body.strip(),
        key=f"inquiry-{inquiry.pk}-confirmed",
        about=inquiry.patient_id,
        at=at,
    )


def _shown(moment: datetime, organisation: Organisation) -> str:
    return written(timezone.localtime(moment, organisation.zone), "l j F, H:i")


@transaction.atomic
def take_inquiry(*, inquiry: Inquiry, by: User, at: datetime) -> Inquiry:
    """“I take this”: from now on `by` answers for it. Taking it from a colleague is possible and recorded."""
    inquiry = access_inquiry(viewer=by, pk=inquiry.pk, lock=True)
    if inquiry.status == Inquiry.Status.CLOSED:
        raise NotWaiting(inquiry)
    before = str(inquiry.taken_by_id or "")
    inquiry.taken_by, inquiry.taken_at = by, at
    inquiry.save(update_fields=["taken_by", "taken_at"])
    audit.record("inquiry.taken", by=by, about=inquiry, at=at, before=before)
    live.tell(facts.WAYS_IN)
    return inquiry


@transaction.atomic
def log_contact(*, inquiry: Inquiry, way: str, result: str, note: str, by: User, at: datetime) -> InquiryContact:
    """Write down a try to reach the person. Reaching them is the answer that was promised."""
    inquiry = access_inquiry(viewer=by, pk=inquiry.pk, lock=True)
    contact = InquiryContact.objects.create(inquiry=inquiry, by=by, at=at, way=way, result=result, note=note.strip())
    if inquiry.taken_by_id is None:
        inquiry.taken_by, inquiry.taken_at = by, at
    if result == InquiryContact.Result.REACHED and inquiry.status == Inquiry.Status.NEW:
        inquiry.status, inquiry.answered_by, inquiry.answered_at = Inquiry.Status.ANSWERED, by, at
    inquiry.save()
    audit.record("inquiry.contact_logged", by=by, about=inquiry, at=at, way=way, result=result)
    live.tell(facts.WAYS_IN)
    return contact


@transaction.atomic
def start_admission(
    *, inquiry: Inquiry, person: Mapping[str, Any], patient: Patient | None, by: User, at: datetime
) -> Patient:
    """Open a chart for the person of this inquiry, or join it to `patient`, whom intake knows already.

    `person` are fields of Patient (at least names and birth date); unused where `patient` is given, whose way in goes
    on if it had ended. Raises NotWaiting, HasDied.
    """
    inquiry = access_inquiry(viewer=by, pk=inquiry.pk, lock=True)
    if inquiry.patient is not None:
        return inquiry.patient
    if inquiry.status == Inquiry.Status.CLOSED:
        raise NotWaiting(inquiry)
    if patient is not None and patient.has_died:
        raise HasDied
    inquiry.patient = patient or register_patient(by=by, at=at, **person)
    if inquiry.status == Inquiry.Status.NEW:
        inquiry.answered_by, inquiry.answered_at = by, at
    inquiry.status = Inquiry.Status.ANSWERED
    inquiry.taken_by, inquiry.taken_at = inquiry.taken_by or by, inquiry.taken_at or at
    inquiry.save()
    if inquiry.asked_for == Inquiry.AskedFor.ME:  # else it is somebody else who is reached so
        usual = inquiry.reach == Inquiry.Reach.CALL and inquiry.best_time == Inquiry.Best.ANY
        way = "" if usual else f"{inquiry.get_reach_display()}, {inquiry.get_best_time_display()}"
        said = Said(inquiry.message_ok, inquiry.name_us_ok, way)
        bring_along(patient=inquiry.patient, said=said, by=by, at=at)
    audit.record("inquiry.admission_started", by=by, about=inquiry, at=at, patient_id=inquiry.patient.pk)
    come_back(patient=inquiry.patient, by=by, at=at)  # once the inquiry is theirs: it may be on the waitlist already
    live.tell(facts.WAYS_IN)
    return inquiry.patient
