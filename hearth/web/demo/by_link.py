"""A court's clerk who referred somebody by a link, with an order of the court attached."""

from datetime import datetime, timedelta
from typing import Any

import typst

from hearth.inquiry import portal
from hearth.inquiry.portal_files import checked
from hearth.inquiry.portal_models import ReferralLink
from hearth.web.demo.house import Scene

EMAIL = "g.mwale@drugcourt.example"
ORDER = """#set page(paper: "us-letter", margin: 2.5cm)
#set document(title: "Order")
= Denver Drug Court
*Order of the court* (everyone in it is made up)

The court orders that Renata Stillwater be assessed for an intensive outpatient program, and report on how often she
comes, to the extent that she agrees to it in writing.
"""


def refer(scene: Scene) -> None:
    """Renata's referral, in the inbox since this morning."""
    at = scene.at - timedelta(hours=5)
    portal.ask_for_link(email=EMAIL, address="192.0.2.61", at=at - timedelta(minutes=20))
    order = bytes(typst.compile(ORDER.encode(), format="pdf", timestamp=0))
    portal.send_form(
        link=ReferralLink.objects.get(email=EMAIL), told=_told(scene, at), files=[checked("Order.pdf", order)], at=at
    )


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
