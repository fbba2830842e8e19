"""A court's clerk with an account of her own, who referred somebody with an order of the court attached."""

from datetime import datetime, timedelta
from typing import Any

import typst

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.inquiry import portal
from hearth.inquiry.portal_files import checked
from hearth.inquiry.referral_services import take_referral
from hearth.web.demo.house import Scene

ORDER = """#set page(paper: "us-letter", margin: 2.5cm)
#set document(title: "Order")
= Denver Drug Court
*Order of the court* (everyone in it is made up)

The court orders that Renata Stillwater be assessed for an intensive outpatient program, and report on how often she
comes, to the extent that she agrees to it in writing.
"""


def refer(scene: Scene, *, taken_by: User) -> None:
    """Renata's referral, in the inbox since this morning; a colleague of intake has taken it."""
    grace = scene.user("Grace Mwale", [Role.REFERRER], "drugcourt.example", pronouns="she/her")
    scene.pile.store()
    at = scene.at - timedelta(hours=5)
    link = portal.find_link(text=portal.open_link(by=grace, at=at - timedelta(minutes=20)), at=at)
    order = bytes(typst.compile(ORDER.encode(), format="pdf", timestamp=0))
    if link:
        sent = portal.send_form(link=link, told=_told(scene, at), files=[checked("Order.pdf", order)], at=at)
        if sent.referral:
            take_referral(referral=sent.referral, by=taken_by, at=at + timedelta(minutes=40))


def _told(scene: Scene, at: datetime) -> dict[str, Any]:
    hearing = scene.today + timedelta(days=19)
    return {
        "danger": "no", "sender_name": "Grace Mwale", "sender_organisation": "Denver Drug Court", "house": "court",
        "sender_phone": "303 555 0190", "given": "Renata", "family": "Stillwater",
        "birth_date": scene.today.replace(year=scene.today.year - 33, month=2, day=11), "phone": "303 555 0155",
        "email": "", "language": "en", "language_name": "English", "state": "CO", "message_ok": False,
        "reach": "In the afternoon. Not while she is at her sister's.", "urgency": "week",
        "why": "Used again after two years without methamphetamine, told us herself, and asks for evenings.",
        "must_know": "Takes lithium. Tried to end her life in 2019; says that she is safe now.",
        "dates": f"Hearing on {hearing:%B} {hearing.day}; curfew at 22:00.", "knows": "asked",
        "agreed": "That the court hears whether she comes. The release is signed here on the first day.",
    }  # fmt: skip
