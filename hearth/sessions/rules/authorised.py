"""What payers approved, and how attended days use it up. Pure.

An authorisation is so many hours, or so many days, within its dates (X12 278: units and a period). A day uses the one
that ends first; what is not covered when it is attended is never billable later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

HOUR = 60  # minutes


class Unit(StrEnum):
    """As `models.Authorisation.Unit`."""

    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Authorised:
    """So many units from its first day until its last, both inside."""

    first_on: date
    last_on: date
    unit: Unit
    approved: int

    def covers(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on

    @property
    def whole(self) -> int:
        """What is used up: minutes for hours, days for days."""
        return self.approved * HOUR if self.unit is Unit.HOURS else self.approved


@dataclass(slots=True)
class Account:
    """What is left of several authorisations while days use them up, in order of their dates."""

    granted: Sequence[Authorised]
    used: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.used = [0 for _ in self.granted]

    def covered(self, day: date, minutes: int) -> int:
        """How many of these minutes of this day could be used."""
        left = minutes
        for number in self._open(day):
            left -= self._share(number, left)
        return minutes - left

    def use(self, day: date, minutes: int) -> int:
        """Use them; returns how many are covered."""
        left = minutes
        for number in self._open(day):
            taken = self._share(number, left)
            self.used[number] += taken if self.granted[number].unit is Unit.HOURS else int(taken > 0)
            left -= taken
        return minutes - left

    def is_covered(self, day: date) -> bool:
        """Whether any authorisation holds on this day, used up or not."""
        return any(one.covers(day) for one in self.granted)

    def _open(self, day: date) -> list[int]:
        numbers = [number for number, one in enumerate(self.granted) if one.covers(day) and self._left(number) > 0]
        return sorted(numbers, key=lambda number: (self.granted[number].last_on, self.granted[number].first_on, number))

    def _left(self, number: int) -> int:
        return self.granted[number].whole - self.used[number]

    def _share(self, number: int, minutes: int) -> int:
        return min(minutes, self._left(number)) if self.granted[number].unit is Unit.HOURS else minutes


def runs_out_on(granted: Sequence[Authorised], planned: Iterable[tuple[date, int]], used: Sequence[int]) -> date | None:
    """The first of these planned days, in order of time, that is not covered whole any more; None if all are."""
    account = Account(granted)
    account.used = list(used)
    for day, minutes in sorted(planned):
        if minutes and account.use(day, minutes) < minutes:
            return day
    return None
