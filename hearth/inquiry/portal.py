"""The referral portal: a link for a professional, and the one referral that comes by it."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.inquiry import packet as plain
from hearth.inquiry import portal_files, referral_services
from hearth.inquiry.bundle import read
from hearth.inquiry.packet import FromForm, Packet
from hearth.inquiry.portal_files import Checked
from hearth.inquiry.portal_models import OPEN_FOR, SHOWN_FOR, ReferralLink
from hearth.inquiry.queries import INTAKE
from hearth.inquiry.services import TooMany, told_first
from hearth.lib import sealed, tenancy
from hearth.outbox.services import post_mail

WINDOW = timedelta(hours=1)
MOST_FROM_ONE_ADDRESS = 20  # a hospital's discharge planners share one network address
MOST_TO_ONE_MAILBOX = 3
"""Within the window; product defaults."""


class AlreadyUsed(Exception):
    """A referral came by this link already."""


@transaction.atomic
def ask_for_link(*, email: str, address: str, at: datetime) -> bool:
    """Mail a link to this professional; False where a few went to their mailbox just now, and nothing more is sent.

    `address` is the asker's network address; only a keyed digest of it is kept. Raises TooMany.
    """
    sender = sealed.fingerprint(address.encode(), keys=settings.HEARTH_KEY_DIR / "senders", context="referral link")
    recent = ReferralLink.objects.filter(made_at__gt=at - WINDOW)
    if recent.filter(sender=sender).count() >= MOST_FROM_ONE_ADDRESS:
        raise TooMany
    to_it = recent.filter(email__iexact=email).order_by("-made_at")
    if to_it.count() >= MOST_TO_ONE_MAILBOX:
        audit.record("referral.link_held_back", by=None, about=to_it[0], at=at)
        return False
    _mail_link(email=email, sender=sender, by=None, at=at)
    return True


@transaction.atomic
def send_link(*, email: str, by: User, at: datetime) -> ReferralLink:
    """Mail a link to a professional who was on the phone, say. Raises PermissionDenied."""
    if not by.has_any(INTAKE):
        raise PermissionDenied
    return _mail_link(email=email, sender="", by=by, at=at)


@transaction.atomic
def open_link(*, by: User, at: datetime) -> str:
    """The secret of a fresh link for a referral partner who is signed in; nothing is mailed. For no one else."""
    if not by.has_role(Role.REFERRER):
        raise PermissionDenied
    _link, text = _make(email=by.email or "", sender="", by=by, account=by, at=at)
    return text


def _mail_link(*, email: str, sender: str, by: User | None, at: datetime) -> ReferralLink:
    link, text = _make(email=email, sender=sender, by=by, account=None, at=at)
    organisation = Organisation.objects.get(pk=tenancy.current())
    body = _(
        "Hello,\n\nby this link you send us one referral, and see later what you may hear of it:\n\n%(link)s\n\n"
        "It takes a referral until %(until)s. Please keep it to yourself. If you did not ask for it, there is nothing"
        " to do.\n\n%(house)s"
    ) % {
        "link": settings.BASE_URL + reverse("inquiry:portal", args=[text]),
        "until": f"{timezone.localdate(link.expires_at, organisation.zone):%Y-%m-%d}",
        "house": organisation.name,
    }
    subject = _("Your link to write to us")
    post_mail(to=email, subject=subject, body=body, key=f"referral-link-{link.pk}", about=None, at=at)
    return link


def _make(*, email: str, sender: str, by: User | None, account: User | None, at: datetime) -> tuple[ReferralLink, str]:
    text = secrets.token_urlsafe(32)
    link = ReferralLink.objects.create(
        digest=_digest(text), email=email, made_by=by, account=account, made_at=at, expires_at=at + OPEN_FOR,
        sender=sender,
    )  # fmt: skip
    audit.record("referral.link_made", by=by, about=link, at=at)
    return link, text


def find_link(*, text: str, at: datetime) -> ReferralLink | None:
    """The link with this secret, while it takes a referral or shows the status of one."""
    return ReferralLink.objects.usable(at=at).filter(digest=_digest(text)).first()


def _digest(text: str) -> str:
    return salted_hmac("hearth.inquiry.portal", text, algorithm="sha256").hexdigest()


@transaction.atomic
def send_form(*, link: ReferralLink, told: Mapping[str, Any], files: Sequence[Checked], at: datetime) -> ReferralLink:
    """Put what a professional wrote into the inbox, with the files attached to it. All or nothing.

    `told` are the fields of `ReferForm` with `danger`; raises AlreadyUsed.
    """
    link = _unused(link, at=at)
    written = {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
    original = json.dumps({"link": str(link.pk), "form": written}, ensure_ascii=False).encode()
    received = referral_services.keep(
        packet=packet_of(told), data=original, file_name="", by=None, source="portal", at=at
    )
    assert received.referral is not None
    portal_files.keep(received.referral, files)
    return _used(link, received, at=at)


@transaction.atomic
def send_file(*, link: ReferralLink, data: bytes, file_name: str, danger: str, at: datetime) -> ReferralLink:
    """Put a file, as staff could, into the inbox. Raises AlreadyUsed, Unreadable.

    Whether the same file came before is not told: that would confirm somebody else's referral. It is kept again: what
    its sender says of danger today is new.
    """
    link = _unused(link, at=at)
    organisation = Organisation.objects.get(pk=tenancy.current())
    packet = replace(read(data, today=timezone.localdate(at, organisation.zone)), form=FromForm(danger=danger))
    received = referral_services.keep(
        packet=packet,
        data=data,
        file_name=portal_files.plain_name(file_name),
        by=None,
        source="portal",
        at=at,
        apart=link.pk.bytes,
    )
    return _used(link, received, at=at)


def _unused(link: ReferralLink, *, at: datetime) -> ReferralLink:
    found = ReferralLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if found.used_at is not None or found.expires_at <= at:
        raise AlreadyUsed
    return found


def _used(link: ReferralLink, received: referral_services.Received, *, at: datetime) -> ReferralLink:
    link.used_at, link.referral = at, received.referral
    link.save(update_fields=["used_at", "referral"])
    _tell_intake(link, at=at)
    return link


def _tell_intake(link: ReferralLink, *, at: datetime) -> None:
    organisation = Organisation.objects.get(pk=tenancy.current())
    for key, address, language in told_first(organisation):
        with translation.override(language):
            said = _("A referral arrived: %(link)s") % {"link": f"{settings.BASE_URL}/referrals/"}
            urgent = link.referral is not None and link.referral.urgent
            first = _("Please answer this one before others.") if urgent else ""
            post_mail(
                to=address,
                subject=_("Someone is waiting for an answer"),
                body=f"{said}\n\n{first}".strip(),
                key=f"referral-link-{link.pk}-used-{key}",
                about=None,
                at=at,
            )


def packet_of(told: Mapping[str, Any]) -> Packet:
    """What a professional wrote, as a packet like any other."""
    official = plain.Name("official", tuple(told["given"].split()), told["family"])
    language = told["language"]
    return Packet(
        person=plain.Person(
            names=(official,),
            birth_date=told["birth_date"],
            phones=(plain.Phone(told["phone"]),) if told["phone"] else (),
            emails=(told["email"],) if told["email"] else (),
            address=plain.Address(state=told["state"]) if told["state"] else None,
            languages=(plain.Language(language, told["language_name"], preferred=True),) if language else (),
        ),
        sender=plain.Sender(told["sender_name"], told["sender_organisation"], told["sender_phone"]),
        referral=plain.Referral(reasons=(told["why"],)),
        form=FromForm(
            danger=told["danger"],
            **{name: told[name] for name in ("house", "urgency", "message_ok", "reach", "must_know", "dates")},
            knows=told["knows"],
            agreed=told["agreed"],
        ),
    )


def clear_old(*, at: datetime) -> int:
    """Delete links by which nothing came, a while after they ended; how many."""
    return ReferralLink.objects.filter(used_at=None, expires_at__lt=at - SHOWN_FOR).delete()[0]
