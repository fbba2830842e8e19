"""Posting what is to be sent. Nothing is sent from inside a request."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from hearth.lib import tenancy
from hearth.outbox.models import Message, Silence
from hearth.outbox.queries import is_silent
from hearth.outbox.tasks import deliver


def post_mail(*, to: str, subject: str, body: str, key: str, about: UUID | None, at: datetime) -> Message:
    """Post a mail, to leave once this transaction is stored. Posting the same `key` again changes nothing.

    `about` is the person it is to or about (their chart or account): once they have died it is kept and never leaves.
    Subject and body hold nothing sensitive: no diagnosis, program name or other person (interface.md, Behave).
    """
    return _post(key, channel=Message.Channel.MAIL, to=to, subject=subject, body=body, about=about, posted_at=at)


def post_sms(*, to: str, body: str, key: str, about: UUID | None, at: datetime) -> Message:
    """Post a text message, by the same rules as a mail."""
    return _post(key, channel=Message.Channel.SMS, to=to, body=body, about=about, posted_at=at)


def post_to(
    *, mail: str | None, phone: str | None, subject: str, body: str, key: str, about: UUID | None, at: datetime
) -> bool:
    """Post a mail to whoever has an address, else a text message; whether they could be reached in either way."""
    if mail:
        post_mail(to=mail, subject=subject, body=body, key=key, about=about, at=at)
    elif phone:
        post_sms(to=phone, body=body, key=key, about=about, at=at)
    return bool(mail or phone)


def fall_silent(*, about: Iterable[UUID], addresses: Iterable[str], once: Iterable[str] = (), at: datetime) -> int:
    """From now on nothing leaves that is to or about these ids; how much waited and is stopped.

    Nor does what says of nobody and goes to these addresses. Where it waits for the addresses `once`, which others
    may use later, it is stopped too; what comes later is not.
    """
    organisation_id = tenancy.current()
    ids, theirs = list(about), [address for address in addresses if address]
    Silence.objects.bulk_create(
        [Silence(organisation_id=organisation_id, of=of, since=at) for of in [*map(str, ids), *theirs]],
        ignore_conflicts=True,
    )
    waiting = Message.objects.filter(organisation_id=organisation_id, sent_at=None, withheld_at=None)
    return waiting.filter(Q(about__in=ids) | Q(about=None, to__in=[*theirs, *filter(None, once)])).update(
        withheld_at=at
    )


def end_silence(*, about: Iterable[UUID], addresses: Iterable[str]) -> None:
    """It was a mistake: what is posted from now on leaves again. What was stopped stays stopped."""
    of = [*map(str, about), *addresses]
    Silence.objects.filter(organisation_id=tenancy.current(), of__in=of).delete()


def _post(key: str, **values: Any) -> Message:
    organisation_id = tenancy.current()
    message, is_new = Message.objects.get_or_create(organisation_id=organisation_id, key=key, defaults=values)
    if is_new and is_silent(message):
        message.withheld_at = message.posted_at
        message.save(update_fields=["withheld_at"])
    elif is_new:
        deliver.defer(message_id=str(message.pk), organisation_id=str(organisation_id))
    return message
