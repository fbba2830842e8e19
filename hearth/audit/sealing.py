"""Chaining events, apart from the deeds, so that no deed waits for a chain.

Events commit in another order than their numbers, so the chain follows the order of sealing: each run takes
every committed event without a seal. A run begins where no older transaction can still be open (the horizon of
the head before it), so that its cost does not grow with the record. It works as the auditor's database role.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef, QuerySet

from hearth.audit import heads, keys, rules
from hearth.audit.models import Event, Seal
from hearth.lib import tenancy

AUDITOR = "auditor"
BATCH = 2000  # events per transaction


def seal(organisation: UUID, *, at: datetime, whole: bool = False) -> int:
    """Seal every event of this organisation that is not sealed yet; returns how many.

    `whole` looks at all events ever, not only at those written since the head before.
    """
    sealed = 0
    while True:
        count = _seal_a_batch(organisation, at=at, whole=whole)
        sealed += count
        _publish(organisation)
        if count < BATCH:
            return sealed


def _seal_a_batch(organisation: UUID, *, at: datetime, whole: bool) -> int:
    with tenancy.within(organisation, using=AUDITOR):
        if not _alone(organisation):
            return 0
        horizon = current_horizon()  # before the events are read: what commits in between is met again
        last = Seal.objects.using(AUDITOR).filter(organisation_id=organisation).order_by("-number").first()
        begin = None if whole else _begin(organisation, horizon)
        events = list(islice(unsealed(begin=begin).order_by("number").iterator(), BATCH))
        if not events:
            return 0
        rows = list(_chained(organisation, events, last, at))
        rows[-1].signature = keys.sign(head_of(rows[-1]))
        # with more to come, the next batch must begin where this one did
        rows[-1].horizon = horizon if len(events) < BATCH else begin
        Seal.objects.using(AUDITOR).bulk_create(rows)
        return len(rows)


def _chained(organisation: UUID, events: list[Event], last: Seal | None, at: datetime) -> Iterator[Seal]:
    number, previous = (last.number, last.hash) if last else (0, rules.BEGINNING)
    for event in events:
        number += 1
        digest = rules.digest(event.content())
        link = rules.chain(organisation, number, event.number, digest, previous)
        yield Seal(
            organisation_id=organisation,
            number=number,
            event_number=event.number,
            digest=digest,
            previous=previous,
            hash=link,
            sealed_at=at,
        )
        previous = link


def unsealed(*, begin: int | None) -> QuerySet[Event]:
    """Events without a seal, of those written by transaction `begin` or later (None: of all)."""
    sealed = Seal.objects.filter(organisation_id=OuterRef("organisation_id"), event_number=OuterRef("number"))
    found = Event.objects.using(AUDITOR).filter(~Exists(sealed))
    return found if begin is None else found.filter(written_in__gte=begin)


def head_of(row: Seal) -> dict[str, Any]:
    """What the signature of this seal is made over."""
    return rules.head(row.organisation_id, row.number, row.hash, row.sealed_at.astimezone(UTC).isoformat())


def last_head(organisation: UUID) -> Seal | None:
    """The newest signed seal."""
    return (
        Seal.objects.using(AUDITOR)
        .filter(organisation_id=organisation)
        .exclude(signature="")
        .order_by("-number")
        .first()
    )


def current_horizon() -> int:
    """The number of the oldest transaction still open: every one below it has ended."""
    with connections[AUDITOR].cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _begin(organisation: UUID, horizon: int) -> int | None:
    """Where the head before this run left off; None after a restore, when transactions are numbered anew."""
    head = last_head(organisation)
    return head.horizon if head and head.horizon is not None and head.horizon <= horizon else None


def _alone(organisation: UUID) -> bool:
    """Whether no other run seals this organisation now; until the end of the transaction nobody else will."""
    with connections[AUDITOR].cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('audit.seal ' || %s, 0))", [str(organisation)]
        )
        return bool(cursor.fetchone()[0])


def _publish(organisation: UUID) -> None:
    """Carry the newest head outside, also one that an earlier run stored and had no time to carry out."""
    with tenancy.within(organisation, using=AUDITOR):
        row = last_head(organisation)
    if row:
        heads.append(organisation, head_of(row) | {"signature": row.signature})
