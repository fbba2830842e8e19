"""What totals warn of before anybody says it: a sudden worsening, and a low score of who then stays away. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from hearth.measures.instrument import Instrument
from hearth.measures.rules import band_of, change

JUMP = 2  # bands in one go, or since the start (product default)
FRESH = timedelta(days=30)  # an older score says nothing of somebody who is missed today (product default)
LEAST_BANDS = 3  # with fewer the worst band is a screen's yes, which most people in care have

Low = Literal["answer", "band", "course"]


@dataclass(frozen=True, slots=True)
class Worsening:
    """A total that became worse than one before it, by at least `limit` points or bands, as `source` has it."""

    before: int
    latest: int
    by: Literal["points", "bands"]
    limit: int
    source: str


def worsening(instrument: Instrument, totals: Sequence[int]) -> Worsening | None:
    """How the last of `totals`, oldest first, is suddenly worse than the one before it or the first; None if it is not.

    By the instrument's own criterion of reliable change, or by two bands. What is no worse than last time is not news.
    """
    if len(totals) < 2 or not _is_worse(instrument, totals[-2], totals[-1]):
        return None
    latest = totals[-1]
    for before in (totals[-2], totals[0]):
        moved = change(instrument, before, latest)
        if moved is not None and moved.direction == "worse" and instrument.change is not None:
            return Worsening(before, latest, "points", instrument.change.reliable, moved.criteria)
        if _is_worse(instrument, before, latest) and _bands_between(instrument, before, latest) >= JUMP:
            return Worsening(before, latest, "bands", JUMP, instrument.bands_paper)
    return None


def low(instrument: Instrument, *, total: int | None, has_grave_answer: bool, standing: str) -> Low | None:
    """Why the latest answers ask to look for somebody who stays away, the gravest first; None if they do not.

    `has_grave_answer`: one of them raised more than a watch, as item 9 of the PHQ-9 above 0 does. The worst band and
    the course count where change on the instrument can be told.
    """
    if has_grave_answer:
        return "answer"
    if total is None or instrument.change is None:
        return None
    if len(instrument.bands) >= LEAST_BANDS and band_of(instrument, total) == _worst(instrument):
        return "band"
    return "course" if standing == "off" else None


def _is_worse(instrument: Instrument, before: int, after: int) -> bool:
    return after > before if instrument.better == "lower" else after < before


def _bands_between(instrument: Instrument, one: int, other: int) -> int:
    if not instrument.bands:
        return 0
    order = sorted(band.least for band in instrument.bands)
    return abs(order.index(band_of(instrument, one).least) - order.index(band_of(instrument, other).least))


def _worst(instrument: Instrument) -> object:
    order = sorted(instrument.bands, key=lambda band: band.least)
    return order[-1] if instrument.better == "lower" else order[0]
