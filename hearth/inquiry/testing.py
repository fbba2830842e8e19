"""Builders of first contacts and referrals for tests and the demo."""

from datetime import datetime
from typing import Any

from hearth.accounts.models import User
from hearth.inquiry.models import Inquiry, Referral
from hearth.inquiry.referral_services import receive
from hearth.inquiry.selfcheck import filled
from hearth.inquiry.services import receive_inquiry


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
