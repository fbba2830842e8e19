"""Builders of first contacts and referrals for tests and the demo."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from hearth.accounts.models import User
from hearth.inquiry import portal
from hearth.inquiry.models import Inquiry, Referral
from hearth.inquiry.referral_services import receive
from hearth.inquiry.selfcheck import filled
from hearth.inquiry.services import receive_inquiry
from hearth.outbox.models import Message


def make_inquiry(first_name: str, *, at: datetime, address: str = "192.0.2.7", **asked: Any) -> Inquiry:
    """Somebody who asks for a call at their own phone, unless told otherwise."""
    said: dict[str, Any] = {
        "first_name": first_name,
        "asked_for": Inquiry.AskedFor.ME,
        "reach": Inquiry.Reach.CALL,
        "phone": "303 555 0161",
    }
    return receive_inquiry(asked=said | asked, address=address, at=at)


def told(audience: str = "adult", **answers: Any) -> dict[str, Any]:
    """The answers of a self-check as they are stored."""
    return filled.loosely(audience, answers).as_json()


def make_referral(data: bytes, *, at: datetime, by: User | None = None) -> Referral:
    """A referral in the inbox, read from this file."""
    received = receive(data=data, file_name="referral.json", by=by, source="upload", at=at)
    if received.referral is None:
        raise ValueError(" ".join(received.problems))
    return received.referral


def make_link(email: str, *, at: datetime) -> str:
    """The path of a fresh referral link, as it stands in the mail to this professional."""
    portal.ask_for_link(email=email, address="192.0.2.44", at=at)
    body = Message.objects.filter(to=email).latest("posted_at").body
    front = reverse("inquiry:portal-ask")
    return front + body.split(front)[1].split()[0]


def portal_form(**changes: Any) -> dict[str, Any]:
    """What a court's clerk writes in the portal's form."""
    return {
        "sender_name": "Grace Mwale", "sender_organisation": "Denver Drug Court", "house": "court",
        "sender_phone": "303 555 0190", "given": "Luz", "family": "Amaya", "birth_date": "1993-02-11",
        "phone": "303 555 0155", "reach": "Not at home.", "why": "Relapsed after two years.", "urgency": "week",
        "dates": "Hearing on October 12.", "knows": "asked", "agreed": "That the court may hear whether she comes.",
    } | changes  # fmt: skip
