"""Carrying out what was posted. Each job is delivered at least once and handled once: the row is locked and checked."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hearth.lib import tenancy
from hearth.outbox.models import Message

RETRIES = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="outbox.deliver", retry=RETRIES, queue="outbox")
def deliver(message_id: str, organisation_id: str) -> None:
    """Send one message, unless it was sent before. With no mail server set up, it stays readable in the database."""
    with tenancy.within(UUID(organisation_id)):
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.sent_at:
            return
        if message.channel == Message.Channel.MAIL and settings.EMAIL_HOST:
            EmailMessage(
                message.subject, message.body, to=[message.to], headers={"Message-ID": f"<{message.pk}@hearth>"}
            ).send()
        message.sent_at = timezone.now()
        message.attempts += 1
        message.save(update_fields=["sent_at", "attempts"])


STALE = timedelta(minutes=5)
"""A job whose worker has not been heard from for this long is taken up by another."""
