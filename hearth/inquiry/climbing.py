"""The promise clock: whatever waits for an answer, an inquiry or a referral, climbs from its owner to the director."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.accounts.models import Organisation, User
from hearth.accounts.queries import holders_of
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.inquiry.models import Inquiry, Referral
from hearth.inquiry.promise import Rung, rung
from hearth.lib import tenancy
from hearth.outbox.services import post_mail

RUNGS = {Rung.OWNER: Role.COORDINATOR, Rung.LEAD: Role.SUPERVISOR, Rung.DIRECTOR: Role.DIRECTOR}

Waiting = Inquiry | Referral


@transaction.atomic
def climb(*, at: datetime) -> int:
    """Tell whoever should know by now of each inquiry and referral that still waits, rung by rung; how many mails went.

    Whoever has a first conversation booked is not waiting before it, unless danger was told. Done twice, everyone is
    told once.
    """
    told = 0
    waiting: list[Waiting] = [*_locked(_inquiries(at)), *_locked(_referrals())]
    for row in waiting:
        reached = rung(received_at=row.received_at, promised_by=row.promised_by, at=at, urgent=row.urgent)
        for each in range(row.climbed + 1, reached + 1):
            told += _tell(row, Rung(each), at=at)
        if reached > row.climbed:
            row.climbed = reached
            row.save(update_fields=["climbed"])
            audit.record(f"{_kind(row)}.climbed", by=None, about=row, at=at, rung=reached.name.lower())
    return told


def _inquiries(at: datetime) -> QuerySet[Inquiry]:
    waiting = Inquiry.objects.waiting().filter(climbed__lt=Rung.DIRECTOR)
    return waiting.exclude(urgent=False, interview__starts_at__gt=at)


def _referrals() -> QuerySet[Referral]:
    waiting = Referral.objects.filter(status=Referral.Status.INBOX, climbed__lt=Rung.DIRECTOR)
    return waiting.defer("label", "packet", "original")


def _locked[Row: (Inquiry, Referral)](rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.select_for_update(of=("self",)).select_related("taken_by").order_by("promised_by")


def _kind(row: Waiting) -> str:
    return "inquiry" if isinstance(row, Inquiry) else "referral"


def _tell(row: Waiting, to: Rung, *, at: datetime) -> int:
    """Mail everyone of this rung; the house's own address where nobody stands on it."""
    owner = row.taken_by if row.taken_by and row.taken_by.is_active else None
    people: list[User] = [owner] if to is Rung.OWNER and owner else list(holders_of(RUNGS[to]))
    readers = [(str(one.pk), one.email, one.language) for one in people if one.email]
    house = Organisation.objects.get(pk=tenancy.current()).email
    for key, address, language in readers or ([("house", house, "en")] if house else []):
        with translation.override(language):
            post_mail(
                to=address,
                subject=_("Someone still waits for an answer"),
                body=_("Please answer, or see that somebody does: %(link)s") % {"link": _page(row)},
                key=f"{_kind(row)}-{row.pk}-climbs-{to.name.lower()}-{key}",
                about=row.patient_id,
                at=at,
            )
    return len(readers) or bool(house)


def _page(row: Waiting) -> str:
    return settings.BASE_URL + reverse(f"inquiry:{_kind(row)}", args=[row.pk])
