"""Tickets to a video room: signed, good for a minute and for one use, for one person and one session."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.sessions.models import SpentTicket

LIVES = timedelta(seconds=60)
KEPT = timedelta(hours=1)  # spent ones, long after they could open anything
SIGNER = Signer(salt="hearth.sessions.video.ticket")


class BadTicket(Exception):
    """Forged, too old, or used before; the text is one word for the log. `organisation_id` is what the ticket says."""

    def __init__(self, why: str, organisation_id: UUID | None = None) -> None:
        super().__init__(why)
        self.why, self.organisation_id = why, organisation_id


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may come to the door of which session's room."""

    organisation_id: UUID
    session_id: UUID
    user_id: UUID


def make(*, user: User, session_id: UUID, at: datetime) -> str:
    """A ticket for a person who has passed the session's door."""
    words = [str(user.organisation_id), str(session_id), str(user.pk), at.isoformat(), secrets.token_hex(16)]
    return SIGNER.sign(" ".join(words))


def spend(text: str, *, at: datetime) -> Ticket:
    """What this ticket opens; it opens nothing again, in no process. Raises BadTicket."""
    try:
        organisation_id, session_id, user_id, made_at, _random = SIGNER.unsign(text).split(" ")
    except (BadSignature, ValueError) as trouble:
        raise BadTicket("forged", _said_to_be_of(text)) from trouble
    age = at - datetime.fromisoformat(made_at)
    if not -LIVES <= age <= LIVES:
        raise BadTicket("old", UUID(organisation_id))
    ticket = Ticket(UUID(organisation_id), UUID(session_id), UUID(user_id))
    try:
        with tenancy.within(ticket.organisation_id), transaction.atomic():
            SpentTicket.objects.filter(spent_at__lt=at - KEPT).delete()
            SpentTicket.objects.create(digest=hashlib.sha256(text.encode()).hexdigest(), spent_at=at)
    except IntegrityError as trouble:
        raise BadTicket("used", ticket.organisation_id) from trouble
    return ticket


def _said_to_be_of(text: str) -> UUID | None:
    """The organisation that an unsigned ticket names; only ever used to count it."""
    try:
        return UUID(text.split(" ", 1)[0])
    except ValueError:
        return None
