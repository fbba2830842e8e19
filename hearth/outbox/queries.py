"""Reads of the outbox: what must not leave, and the demo's own reading page."""

from uuid import UUID

from django.db.models import QuerySet

from hearth.lib import tenancy
from hearth.outbox.models import Message, PushDevice, Silence


def messages_newest_first(*, to: str = "") -> QuerySet[Message]:
    """Everything posted in this organisation, or what was posted to an address that contains `to`."""
    rows = Message.objects.order_by("-posted_at", "pk")
    return rows.filter(to__icontains=to) if to else rows


def message(pk: UUID) -> Message | None:
    return Message.objects.filter(pk=pk).first()


def push_devices_of(person: UUID) -> QuerySet[PushDevice]:
    """Where this person lets us show that something waits, the oldest first."""
    return PushDevice.objects.filter(organisation_id=tenancy.current(), person=person).order_by("since", "pk")


def is_silent(message: Message) -> bool:
    """Whether the person this is to or about has died: then it must not leave. One query.

    An address tells it only where the message says of nobody: others may have the same one.
    """
    of = message.to if message.about is None else str(message.about)
    return Silence.objects.filter(organisation_id=message.organisation_id, of=of).exists()
