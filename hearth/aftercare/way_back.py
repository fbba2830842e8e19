"""A way back in two taps: from a follow-up's answer, or from the home of whoever was here before.

It becomes an inquiry on the intake board that leads to the chart there is: nothing is asked or typed again.
"""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.aftercare.models import FollowUpWish
from hearth.audit import services as audit
from hearth.inquiry.coming_back import come_back
from hearth.inquiry.models import Inquiry
from hearth.inquiry.services import HasDied, TooMany, receive_inquiry
from hearth.people.models import Patient

REACH = {
    FollowUpWish.Way.MAIL: Inquiry.Reach.MAIL,
    FollowUpWish.Way.TEXT: Inquiry.Reach.TEXT,
    FollowUpWish.Way.CALL: Inquiry.Reach.CALL,
}


class Wish(models.TextChoices):
    """What somebody who was here before asks for."""

    CALL = "call", _("Please call me")
    BOOSTER = "booster", _("A few sessions to freshen up")
    RETURN = "return", _("I want to come back")


class NoAddress(Exception):
    """We know no phone and no e-mail of theirs."""


@transaction.atomic
def ask_back(*, patient: Patient, wish: str, by: User | None, at: datetime) -> Inquiry:
    """Put them on the intake board with all that is known. Asked again, what waits already says both.

    `by` is nobody where a follow-up's link was used. Raises HasDied, NoAddress.
    """
    patient = Patient.objects.select_for_update(of=("self",)).select_related("user").get(pk=patient.pk)
    if patient.has_died:
        raise HasDied
    with override("en"):
        words = str(Wish(wish).label)
    row = Inquiry.objects.waiting().filter(patient=patient).order_by("-received_at").first()
    if row is None:
        try:
            row = receive_inquiry(asked=_asked(patient, words), address=f"patient {patient.pk}", at=at)
        except TooMany:  # intake answered each of theirs within this hour
            row = Inquiry.objects.filter(patient=patient).latest("received_at")
    elif words not in row.words:
        row.words = f"{row.words}\n{words}".strip()
        row.save(update_fields=["words"])
    if patient.user:
        come_back(patient=patient, by=patient.user, at=at)
    audit.record("aftercare.asked_back", by=by, about=row, at=at, patient_id=patient.pk, wish=wish)
    return row


def _asked(patient: Patient, words: str) -> dict[str, object]:
    phone, mail, reach = _safe_way(patient)
    if not (phone or mail):
        raise NoAddress
    return {
        "asked_for": Inquiry.AskedFor.ME,
        "first_name": patient.chosen_name,
        "reach": reach,
        "phone": phone,
        "email": mail,
        "words": words,
        "patient": patient,
    }


def _safe_way(patient: Patient) -> tuple[str, str, str]:
    """Phone, e-mail and how to reach them: what they named as safe alone, else what we have."""
    wish = FollowUpWish.objects.filter(patient=patient, wants=True).first()
    if wish:
        phone = "" if wish.mail else wish.address
        return phone, wish.mail, REACH[FollowUpWish.Way(wish.way)]
    user = patient.user
    phone = patient.phone or (user.phone if user else "") or ""
    mail = patient.email or (user.email if user else "") or ""
    return phone, mail, Inquiry.Reach.CALL if phone else Inquiry.Reach.MAIL
