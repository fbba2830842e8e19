"""Where the sessions of a week stand on a grid of quarter hours. Pure: days and times in, row and lane numbers out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol

QUARTER = 15  # minutes
LANES_AT_MOST = 8
ROWS_AT_MOST = 96


class Slot(Protocol):
    """What a week shows. `starts` and `ends` are wall-clock times on `day`; `ends` of 00:00 means midnight."""

    @property
    def day(self) -> date: ...
    @property
    def starts(self) -> time: ...
    @property
    def ends(self) -> time: ...


@dataclass(frozen=True, slots=True)
class Placed[S]:
    """One slot and its place: `row` and `rows` in quarter hours from the first hour shown, `lane` of `lanes`."""

    slot: S
    row: int
    rows: int
    lane: int | None  # None: alone at its time, as wide as the day


@dataclass(frozen=True, slots=True)
class Day[S]:
    day: date
    placed: tuple[Placed[S], ...]
    lanes: int


@dataclass(frozen=True, slots=True)
class Week[S]:
    """`hours` are the whole hours along the edge; `rows` is their number in quarter hours."""

    days: tuple[Day[S], ...]
    hours: tuple[int, ...]
    rows: int


def lay_out[S: Slot](days: Iterable[date], slots: Iterable[S], *, earliest: int = 9, latest: int = 17) -> Week[S]:
    """Place every slot that falls on one of `days`.

    The hours shown reach from `earliest` to `latest`, further where a slot asks for it. Slots of one day that
    overlap stand side by side.
    """
    kept = list(days)
    shown = [slot for slot in slots if slot.day in set(kept)]
    first = min([earliest, *(slot.starts.hour for slot in shown)])
    last = max([latest, *(-(-_end(slot) // 60) for slot in shown)])
    return Week(
        days=tuple(_day(day, [slot for slot in shown if slot.day == day], first) for day in kept),
        hours=tuple(range(first, last)),
        rows=(last - first) * 4,
    )


def _day[S: Slot](day: date, slots: Sequence[S], first: int) -> Day[S]:
    placed: list[Placed[S]] = []
    widest = 1
    for cluster in _clusters(sorted(slots, key=lambda slot: (slot.starts, _end(slot)))):
        lanes = _lanes(cluster)
        widest = max(widest, *lanes)
        for slot, lane in zip(cluster, lanes, strict=True):
            row = (_start(slot) - first * 60) // QUARTER
            rows = max(2, -(-(_end(slot) - first * 60) // QUARTER) - row)
            placed.append(Placed(slot, row + 1, min(rows, ROWS_AT_MOST), lane if len(cluster) > 1 else None))
    return Day(day, tuple(placed), widest)


def _clusters[S: Slot](slots: Sequence[S]) -> list[list[S]]:
    """Runs of slots in which each overlaps an earlier one of the run."""
    clusters: list[list[S]] = []
    busy_until = -1
    for slot in slots:
        if _start(slot) < busy_until:
            clusters[-1].append(slot)
        else:
            clusters.append([slot])
        busy_until = max(busy_until, _end(slot))
    return clusters


def _lanes[S: Slot](cluster: Sequence[S]) -> list[int]:
    """The first free lane for each slot, in order; the last lane takes what no other can hold."""
    free_from: list[int] = []
    lanes = []
    for slot in cluster:
        lane = next((n for n, end in enumerate(free_from) if end <= _start(slot)), len(free_from))
        lane = min(lane, LANES_AT_MOST - 1)
        if lane == len(free_from):
            free_from.append(0)
        free_from[lane] = _end(slot)
        lanes.append(lane + 1)
    return lanes


def _start(slot: Slot) -> int:
    return slot.starts.hour * 60 + slot.starts.minute


def _end(slot: Slot) -> int:
    """Minutes after midnight; a slot that ends at or before its start runs to midnight."""
    end = slot.ends.hour * 60 + slot.ends.minute
    return end if end > _start(slot) else 24 * 60
