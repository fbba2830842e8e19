"""Posting what is to be sent. Nothing is sent from inside a request."""

from datetime import datetime

from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.outbox.tasks import deliver


def post_mail(*, to: str, subject: str, body: str, key: str, at: datetime) -> Message:
    """Post a mail, to leave once this transaction is stored. Posting the same `key` again changes nothing.

    Subject and body hold nothing sensitive: no diagnosis, program name or other person (interface.md, Behave).
    """
    return _post(Message.Channel.MAIL, to, subject, body, key, at)


def post_sms(*, to: str, body: str, key: str, at: datetime) -> Message:
    """Post a text message, by the same rules as a mail."""
    return _post(Message.Channel.SMS, to, "", body, key, at)


def post_to(*, mail: str | None, phone: str | None, subject: str, body: str, key: str, at: datetime) -> bool:
    """Post a mail to whoever has an address, else a text message; whether they could be reached in either way."""
    if mail:
        post_mail(to=mail, subject=subject, body=body, key=key, at=at)
    elif phone:
        post_sms(to=phone, body=body, key=key, at=at)
    return bool(mail or phone)


def _post(channel: Message.Channel, to: str, subject: str, body: str, key: str, at: datetime) -> Message:
    organisation_id = tenancy.current()
    message, is_new = Message.objects.get_or_create(
        organisation_id=organisation_id,
        key=key,
        defaults={"channel": channel, "to": to, "subject": subject, "body": body, "posted_at": at},
    )
    if is_new:
        deliver.defer(message_id=str(message.pk), organisation_id=str(organisation_id))
    return message
