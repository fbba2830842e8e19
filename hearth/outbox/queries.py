"""Reads of the outbox, for the demo's own reading page."""

from uuid import UUID

from django.db.models import QuerySet

from hearth.outbox.models import Message


def messages_newest_first(*, to: str = "") -> QuerySet[Message]:
    """Everything posted in this organisation, or what was posted to an address that contains `to`."""
    rows = Message.objects.order_by("-posted_at", "pk")
    return rows.filter(to__icontains=to) if to else rows


def message(pk: UUID) -> Message | None:
    return Message.objects.filter(pk=pk).first()
