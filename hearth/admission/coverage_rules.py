"""What of the coverage a sender told of is taken over, and what pays first. Plain data; no Django, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

RANKS = ("primary", "secondary")


@dataclass(frozen=True, slots=True)
class Held:
    """A coverage that is written down. Without a first or last day it holds from always, or without end."""

    rank: str
    payer: str
    member_id: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A coverage as a sender told of it; dates as precise as the sender was."""

    payer: str
    member_id: str
    status: str
    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One to be taken over: which of those sent, in which order it pays, and when it holds."""

    place: int
    rank: str
    starts_on: date | None
    ends_on: date | None


def taken_over(sent: Sequence[Sent], held: Sequence[Held], *, today: date) -> list[Taken]:
    """Those sent that are not written down yet. What holds today takes the first order that is free in its days.

    What ended, or is not active, is kept on file alone: a claim of years ago is no reason to bill somebody.
    """
    known, taken = list(held), []
    for place, one in enumerate(sent):
        if any(_plain(one) == _plain(other) for other in known):
            continue
        starts_on, ends_on = _day(one.starts), _day(one.ends)
        if starts_on and ends_on and ends_on < starts_on:
            starts_on = None
        is_over = ends_on is not None and ends_on < today
        rank = "other" if is_over or one.status not in ("", "active") else _free(known, starts_on, ends_on)
        known.append(Held(rank, one.payer, one.member_id, starts_on, ends_on))
        taken.append(Taken(place, rank, starts_on, ends_on))
    return taken


def _free(held: Sequence[Held], starts_on: date | None, ends_on: date | None) -> str:
    used = {
        one.rank
        for one in held
        if (one.starts_on or date.min) <= (ends_on or date.max) and (starts_on or date.min) <= (one.ends_on or date.max)
    }
    return next((rank for rank in RANKS if rank not in used), "other")


def _plain(one: Held | Sent) -> tuple[str, str]:
    return " ".join(one.payer.casefold().split()), "".join(one.member_id.casefold().split())


def _day(sent: str) -> date | None:
    """A whole day; a year or a month alone is none."""
    try:
        return date.fromisoformat(sent[:10]) if len(sent) >= 10 else None
    except ValueError:
        return None
