"""Whether the record is whole: `verify` reads everything and says what was altered, taken out, moved or added."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hearth.audit import heads, keys, rules, sealing
from hearth.audit.models import Event, Seal
from hearth.audit.rules import Fault, Problem
from hearth.lib import tenancy

BATCH = 2000  # seals read at a time
SEALED_WITHIN = timedelta(seconds=60)
"""An event younger than this may wait for its seal; sealing is at most 5 s behind while a worker runs."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one organisation's record."""

    organisation: UUID
    sealed: int
    waiting: int
    problems: tuple[Problem, ...]


def verify(organisation: UUID, *, at: datetime) -> Verdict:
    """Read every event, seal and head of this organisation. Changes nothing."""
    with tenancy.within(organisation, using=sealing.AUDITOR):
        kept = list(heads.read(organisation))
        hashes = dict.fromkeys(head["number"] for head in kept if head)
        last: _Sealed | None = None
        problems: list[Problem] = []
        for seal in _seals(organisation):
            problems += _of_seal(seal, last)
            if seal.row.number in hashes:
                hashes[seal.row.number] = seal.row.hash
            last = seal
        problems += _of_heads(organisation, kept, hashes, last, at=at)
        waiting, more = _of_unsealed(organisation, at=at)
        unique = dict.fromkeys([*problems, *more])
        return Verdict(organisation, last.row.number if last else 0, waiting, tuple(unique))


@dataclass(slots=True)
class _Sealed:
    """A seal with the event it names, if that is there."""

    row: Seal
    event: Event | None


def _seals(organisation: UUID) -> Iterator[_Sealed]:
    after = None
    while True:
        rows = Seal.objects.using(sealing.AUDITOR).filter(organisation_id=organisation).order_by("number")
        batch = list((rows if after is None else rows.filter(number__gt=after))[:BATCH])
        events = Event.objects.using(sealing.AUDITOR).in_bulk([row.event_number for row in batch])
        for row in batch:
            yield _Sealed(row, events.get(row.event_number))
        if len(batch) < BATCH:
            return
        after = batch[-1].number


def _link(row: Seal) -> rules.Link:
    return rules.Link(row.organisation_id, row.number, row.event_number, row.digest, row.previous, row.hash)


def _of_seal(seal: _Sealed, before: _Sealed | None) -> Iterator[Problem]:
    row = seal.row
    fault = rules.judge_link(_link(row), before=_link(before.row) if before else None)
    if fault:
        yield fault
    if row.signature and not keys.is_ours(sealing.head_of(row), row.signature):
        yield Problem(Fault.FORGED, row.number, row.event_number, "this head's signature was not made by our key")
    if seal.event is None:
        yield Problem(Fault.MISSING, row.number, row.event_number, "the event that was sealed here is not there")
    elif (found := rules.digest(seal.event.content())) != row.digest:
        elsewhere = Seal.objects.using(sealing.AUDITOR).filter(digest=found).exists()
        if elsewhere:
            yield Problem(Fault.REORDERED, row.number, row.event_number, "another event stands in this one's place")
        else:
            yield Problem(Fault.ALTERED, row.number, row.event_number, "this event was changed after it was sealed")


def _of_heads(
    organisation: UUID,
    kept: list[dict[str, Any] | None],
    hashes: dict[int, str | None],
    last: _Sealed | None,
    *,
    at: datetime,
) -> Iterator[Problem]:
    """The chain against the heads kept outside; `hashes` has the chain's own hash at each of their numbers."""
    reached = last.row.number if last else 0
    outside = 0
    for head in kept:
        signed = {name: head[name] for name in ("organisation", "number", "hash", "at")} if head else {}
        if head is None or head["organisation"] != str(organisation) or not keys.is_ours(signed, head["signature"]):
            yield Problem(Fault.FORGED, None, None, "a head kept outside the database is not one that we signed")
            continue
        outside = max(outside, head["number"])
        if head["number"] <= reached and hashes[head["number"]] not in (None, head["hash"]):
            words = "the chain was made anew: it differs from the head kept outside"
            yield Problem(Fault.ALTERED, head["number"], None, words)
    if outside > reached:
        words = f"the chain ends at {reached}, and reached {outside} when its head was signed"
        yield Problem(Fault.CUT_OFF, outside, None, words)
    if last and not last.row.signature:
        yield Problem(Fault.INSERTED, reached, last.row.event_number, "seals follow the last signed head")
    stored = sealing.last_head(organisation)
    if stored and stored.number > outside and at - stored.sealed_at > SEALED_WITHIN:
        words = f"heads kept outside end at {outside}, and the chain's own at {stored.number}"
        yield Problem(Fault.HEADS_MISSING, stored.number, None, words)


def _of_unsealed(organisation: UUID, *, at: datetime) -> tuple[int, list[Problem]]:
    """How many events may still wait for their seal, and those that should have one by now."""
    head = sealing.last_head(organisation)
    begin = head.horizon if head and head.horizon is not None else 0
    same_numbering = begin <= sealing.current_horizon()
    waiting, problems = 0, []
    for event in sealing.unsealed(begin=None).order_by("number").iterator():
        if same_numbering and event.written_in < begin:
            words = "this event claims to be older than the last sealing, which did not find it"
            problems.append(Problem(Fault.INSERTED, None, event.number, words))
        elif at - event.written_at > SEALED_WITHIN:
            problems.append(Problem(Fault.UNSEALED, None, event.number, "this event is not sealed yet"))
        else:
            waiting += 1
    return waiting, problems
