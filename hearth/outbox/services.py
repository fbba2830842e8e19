"""Posting what is to be sent. Nothing is sent from inside a request."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from hearth.lib import tenancy
from hearth.outbox import push, queries
from hearth.outbox.models import Message, PushDevice, Silence
from hearth.outbox.tasks import put_in_line


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
    *,
    mail: str | None,
    phone: str | None,
    subject: str,
    body: str,
    key: str,
    about: UUID | None,
    at: datetime,
    account: UUID | None = None,
) -> bool:
    """Post a mail to whoever has an address, else a text message; whether they could be reached in either way.

    The devices on which they let us, by their `account`, show that something waits.
    """
    if account:
        _push(account, key=key, about=about, at=at)
    if mail:
        post_mail(to=mail, subject=subject, body=body, key=key, about=about, at=at)
    elif phone:
        post_sms(to=phone, body=body, key=key, about=about, at=at)
    return bool(mail or phone)


def allow_push(*, person: UUID, endpoint: str, zone: str, at: datetime) -> PushDevice:
    """Let this browser show `person` that something waits; it is told for nobody else from now on.

    Quiet hours are those of their other devices. Raises push.Unknown.
    """
    if not push.is_known(endpoint):
        raise push.Unknown(endpoint)
    other = queries.push_devices_of(person).first()
    hours = {"quiet_from": other.quiet_from, "quiet_until": other.quiet_until} if other else {}
    device, _is_new = PushDevice.objects.update_or_create(
        organisation_id=tenancy.current(),
        endpoint=endpoint,
        defaults={"person": person, "zone": zone, "since": at, **hours},
    )
    return device


def keep_quiet(*, person: UUID, start: time, end: time, zone: str) -> None:
    """None of this person's devices is told anything between these hours of their zone."""
    queries.push_devices_of(person).update(quiet_from=start, quiet_until=end, zone=zone)


def end_push(*, person: UUID, only: Iterable[str] | None = None, but: str = "") -> int:
    """Tell the devices of `person` no more, or those `only` that are named, but one; how many there were."""
    rows = queries.push_devices_of(person)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return rows.exclude(pk=but).delete()[0] if but else rows.delete()[0]


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


def _push(person: UUID, *, key: str, about: UUID | None, at: datetime) -> None:
    body = gettext("Something waits for you")
    for device in queries.push_devices_of(person):
        values = {"channel": Message.Channel.PUSH, "to": str(device.pk), "body": body, "about": about, "posted_at": at}
        _post(f"{key} push {device.pk}", **values)


def _post(key: str, **values: Any) -> Message:
    organisation_id = tenancy.current()
    message, is_new = Message.objects.get_or_create(organisation_id=organisation_id, key=key, defaults=values)
    if is_new and queries.is_silent(message):
        message.withheld_at = message.posted_at
        message.save(update_fields=["withheld_at"])
    elif is_new:
        put_in_line(message)
    return message
