"""Carrying out what was posted. Each job is delivered at least once and handled once: the row is locked and checked."""

from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hearth.lib import tenancy
from hearth.outbox.models import Message

RETRIES = RetryStrategy(max_attempts=8, exponential_wait=4)
"""After 4, 16, 64 … seconds; the last of eight tries comes about six hours after the first."""


class NotDelivered(Exception):
    """The other side did not take it. Says the kind of error alone: an address must not reach a log."""


@app.task(name="outbox.deliver", retry=RETRIES, queue="outbox")
def deliver(message_id: str, organisation_id: str) -> None:
    """Send one message, unless it was sent before.

    A worker killed after the mail server took the mail and before the row says so sends it once more, under the
    same Message-ID: mail knows no promise stronger than that.
    """
    organisation = UUID(organisation_id)
    try:
        with tenancy.within(organisation):
            message = Message.objects.select_for_update().get(pk=message_id)
            if message.sent_at is None:
                _send(message)
    except (OSError, SMTPException) as trouble:
        with tenancy.within(organisation):
            problem = type(trouble).__name__
            Message.objects.filter(pk=message_id).update(attempts=F("attempts") + 1, problem=problem)
        raise NotDelivered(problem) from None


def _send(message: Message) -> None:
    message.attempts += 1
    message.problem = ""
    if message.channel == Message.Channel.MAIL and settings.MAIL_LEAVES:
        headers = {"Message-ID": f"<{message.pk}@hearth>"}
        EmailMessage(message.subject, message.body, to=[message.to], headers=headers).send()
        message.sent_at = timezone.now()
    elif settings.DEMO:
        message.sent_at = timezone.now()  # kept here, to be read at /outbox/
    else:
        message.problem = "no mail server" if message.channel == Message.Channel.MAIL else "no text message gateway"
    message.save(update_fields=["sent_at", "attempts", "problem"])
