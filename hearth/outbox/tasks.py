"""Carrying out what was posted. Each job is delivered at least once and handled once: the row is locked and checked."""

from datetime import datetime
from smtplib import SMTPException
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hearth.lib import tenancy
from hearth.outbox import push, quiet, sms
from hearth.outbox.models import Message, PushDevice
from hearth.outbox.queries import is_silent

RETRIES = RetryStrategy(max_attempts=8, exponential_wait=4)
"""After 4, 16, 64 … seconds; the last of eight tries comes about six hours after the first."""


BEHIND = -1
"""The priority of a push: it says no more than the mail or text beside it, and no alarm waits behind it."""


class NotDelivered(Exception):
    """The other side did not take it. Says the kind of error alone: an address must not reach a log."""


@app.task(name="outbox.deliver", retry=RETRIES, queue="outbox")
def deliver(message_id: str, organisation_id: str) -> None:
    """Send one message, unless it was sent before.

    A worker killed after the other side took the message and before the row says so sends it once more, under the
    same Message-ID or Idempotency-Key: mail and texts know no promise stronger than that.
    """
    organisation = UUID(organisation_id)
    try:
        with tenancy.within(organisation):
            message = Message.objects.select_for_update().get(pk=message_id)
            if message.sent_at is None and message.withheld_at is None:
                _send(message)
    except (OSError, SMTPException) as trouble:
        with tenancy.within(organisation):
            problem = str(trouble) if isinstance(trouble, sms.NotTaken) else type(trouble).__name__
            Message.objects.filter(pk=message_id).update(attempts=F("attempts") + 1, problem=problem)
        raise NotDelivered(problem) from None


def put_in_line(message: Message, *, at: datetime | None = None) -> None:
    """Have the worker deliver this message, from now or from `at` on."""
    behind = BEHIND if message.channel == Message.Channel.PUSH else 0
    job = deliver.configure(priority=behind, schedule_at=at)
    job.defer(message_id=str(message.pk), organisation_id=str(message.organisation_id))


def _send(message: Message) -> None:
    if is_silent(message):  # posted by a deed that had begun when the death was recorded
        message.withheld_at = timezone.now()
        return message.save(update_fields=["withheld_at"])
    if message.channel == Message.Channel.PUSH:
        return _push(message, timezone.now())
    message.attempts += 1
    message.problem = ""
    is_mail = message.channel == Message.Channel.MAIL
    if is_mail and settings.MAIL_LEAVES:
        headers = {"Message-ID": f"<{message.pk}@hearth>"}
        EmailMessage(message.subject, message.body, to=[message.to], headers=headers).send()
        message.sent_at = timezone.now()
    elif not is_mail and settings.SMS_GATEWAY:
        _text(message, settings.SMS_GATEWAY)
    elif settings.DEMO:
        message.sent_at = timezone.now()  # kept here, to be read at /outbox/
    else:
        message.problem = "no mail server" if is_mail else "no text message gateway"
    return message.save(update_fields=["sent_at", "attempts", "problem"])


def _text(message: Message, gateway: sms.Gateway) -> None:
    """Hand a text to the gateway; a number it will never serve stays unsent, with what it said."""
    try:
        sms.send(gateway, to=message.to, body=message.body, key=str(message.pk))
    except sms.Refused as refusal:
        message.problem = str(refusal)
    else:
        message.sent_at = timezone.now()


def _push(message: Message, now: datetime) -> None:
    """Show the device that something waits, or wait for the end of its quiet hours; one that is gone is forgotten."""
    device = PushDevice.objects.filter(pk=message.to, organisation_id=message.organisation_id).first()
    message.attempts += 1
    message.problem = "" if device else "nobody is told there any more"
    if device:
        start, end, zone = device.quiet_from, device.quiet_until, ZoneInfo(device.zone)
        if over := quiet.over_at(now, start=start, end=end, zone=zone):
            put_in_line(message, at=over)
            return
        try:
            push.send(device.endpoint, at=now, quiet_in=quiet.begin_in(now, start=start, end=end, zone=zone))
        except push.Gone:
            device.delete()
            message.problem = "the device is gone"
        except sms.Refused as refusal:
            message.problem = str(refusal)
        else:
            message.sent_at = now
    message.save(update_fields=["sent_at", "attempts", "problem"])
