"""When somebody was there: stretches of time from any source, made into one truth. Pure.

Stretches may come in any order, overlap, stay open or come twice; what follows from them is always the same. A
dropped connection is not an absence: a gap of up to `bridge` between two stretches counts as having been there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `began` until `ended`; None: still there."""

    began: datetime
    ended: datetime | None = None


def merged(
    stretches: Iterable[Stretch], *, start: datetime, end: datetime, bridge: timedelta
) -> list[tuple[datetime, datetime]]:
    """The time inside [start, end) that these stretches cover, in order, in UTC, with short gaps closed.

    A stretch that ends before it begins (a wrong clock) covers nothing. Never more than the session had.
    """
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    clipped = sorted(
        (max(first, one.began.astimezone(UTC)), min(last, one.ended.astimezone(UTC) if one.ended else last))
        for one in stretches
    )
    found: list[tuple[datetime, datetime]] = []
    for began, ended in clipped:
        if ended <= began:
            continue
        if found and began - found[-1][1] <= bridge:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found
