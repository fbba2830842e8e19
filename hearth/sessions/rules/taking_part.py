"""How somebody took part, and which of the time they were known to be there counts. Pure.

Whoever comes by video is there while they are in the video room: leaving it ends what was known before of their being
there, unless staff said that they are on site. All follows from the set of what is known, in whatever order it came.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from hearth.sessions.rules.presence import Stretch, merged

NOTHING = timedelta()


class Source(StrEnum):
    """As `models.Presence.Source`."""

    OWN = "own"
    WAITING = "waiting"  # their own tap while Hearth's room was there to go into
    SITE = "site"
    VIDEO = "video"
    STAFF = "staff"


class Way(StrEnum):
    """How somebody takes part in one session, as `people.Modality`."""

    IN_PERSON = "in_person"
    VIRTUAL = "virtual"


@dataclass(frozen=True, slots=True)
class Seen:
    """They were there from `began` until `ended` (None: still), known since `known_at`.

    One that does not stand was overruled by staff's word; it still tells how they came, and when they left the video.
    """

    source: Source
    began: datetime
    ended: datetime | None
    known_at: datetime
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """How they were to take part. `is_said`: staff said so, with a reason, whatever else is known.

    `in_own_room`: whoever comes by video meets in Hearth's room, so that being in it is known.
    """

    way: Way
    is_said: bool = False
    in_own_room: bool = True


def counted(seen: Collection[Seen], plan: Plan) -> list[Stretch]:
    """The time that counts, in order."""
    found = [_until_left(one, seen, plan) for one in seen if one.stands and _has_minutes(one, plan)]
    return sorted(found, key=lambda one: (one.began.astimezone(UTC), one.ended is None, one.ended or one.began))


def heard(seen: Collection[Seen], plan: Plan) -> list[Stretch]:
    """The time somebody is taken to be here while the session runs: also who waits to come in by video."""
    found = counted(seen, plan)
    if any(one.ended is None for one in found):
        return found
    waits = (one for one in seen if one.stands and one.source is Source.WAITING)
    return found + [one for one in (_until_left(each, seen, plan) for each in waits) if one.ended is None or not found]


def way_of(
    seen: Collection[Seen], plan: Plan, *, start: datetime, end: datetime, is_over: bool, bridge: timedelta
) -> Way:
    """How somebody takes part: as they came last; once the session is over, as they were there for most of its minutes.

    Staff's word goes before both; where nothing tells, or as much of each, it is as it was planned.
    """
    standing = [one for one in seen if one.stands]
    if plan.is_said or not standing:
        return plan.way
    if not is_over:
        return _way(max(standing, key=_when), seen, plan)
    whole = [_until_left(one, seen, plan) for one in standing if _has_minutes(one, plan)]
    by_video = [
        _until_left(one, seen, plan)
        for one in standing
        if _has_minutes(one, plan) and _way(one, seen, plan) is Way.VIRTUAL
    ]
    virtual = _length(by_video, start, end, bridge)
    on_site = _length(whole, start, end, bridge) - virtual
    if virtual == on_site:
        return plan.way
    return Way.VIRTUAL if virtual > on_site else Way.IN_PERSON


def _way(one: Seen, seen: Collection[Seen], plan: Plan) -> Way:
    """What this tells: by itself, or for a word of staff or a plain tap, by how they had come when it was said."""
    if one.source in _TELLING:
        return _TELLING[one.source]
    before = [each for each in seen if each.source in _TELLING and each.known_at <= one.known_at]
    return _TELLING[max(before, key=_when).source] if before else plan.way


_TELLING = {Source.WAITING: Way.VIRTUAL, Source.VIDEO: Way.VIRTUAL, Source.SITE: Way.IN_PERSON}


def _when(one: Seen) -> tuple[datetime, str]:
    return one.known_at.astimezone(UTC), one.source


def _has_minutes(one: Seen, plan: Plan) -> bool:
    """Who waits for the video room has none yet, unless staff say that they were in the room all the while."""
    return one.source is not Source.WAITING or not plan.in_own_room or _is_said_on_site(plan)


def _until_left(one: Seen, seen: Iterable[Seen], plan: Plan) -> Stretch:
    """An open stretch ends where its student left the video first after it was known.

    The code in the room is known of somebody on site: there only a video that was joined later says otherwise.
    """
    if one.ended is not None or one.source is Source.VIDEO or _is_said_on_site(plan):
        return Stretch(one.began, one.ended)
    left = (
        each.ended
        for each in seen
        if each.source is Source.VIDEO
        and each.ended is not None
        and each.ended >= one.known_at
        and (one.source is not Source.SITE or each.known_at > one.known_at)
    )
    ended = min(left, default=None)
    return Stretch(one.began, max(one.began, ended) if ended else None)


def _is_said_on_site(plan: Plan) -> bool:
    return plan.is_said and plan.way is Way.IN_PERSON


def _length(stretches: Iterable[Stretch], start: datetime, end: datetime, bridge: timedelta) -> timedelta:
    return sum((until - since for since, until in merged(stretches, start=start, end=end, bridge=bridge)), NOTHING)
