"""How much may still be spent: seconds on the clock, or deterministic work with no clock in any decision."""

import time
from dataclasses import dataclass, field
from typing import Protocol

WORK_A_TERM = 2e-8  # deterministic seconds for writing one term of a model


class OutOfTime(Exception):
    """The budget was spent before there was anything to search in."""


class Budget(Protocol):
    """What the search asks of time."""

    def spent(self) -> float: ...

    def left(self) -> float: ...

    def charge(self, work: float) -> None: ...

    def shorten(self, most: float) -> None: ...

    def limits(self, most: float) -> dict[str, float]: ...


@dataclass(slots=True)
class Clock:
    """Seconds of a monotonic clock."""

    seconds: float
    began: float = field(default_factory=time.monotonic)

    def spent(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds until it ends; negative when it is over."""
        return self.seconds - self.spent()

    def charge(self, work: float) -> None:
        """The clock runs by itself."""

    def shorten(self, most: float) -> None:
        """Spend no more than this in all."""
        self.seconds = min(self.seconds, most)

    def limits(self, most: float) -> dict[str, float]:
        """CP-SAT's limits for one part."""
        return {"max_time_in_seconds": max(0.01, min(most, self.left()))}


@dataclass(slots=True)
class Work:
    """CP-SAT's deterministic seconds, added up. Only for one worker."""

    amount: float
    done: float = 0.0

    def spent(self) -> float:
        """What has been charged."""
        return self.done

    def left(self) -> float:
        """What may still be charged."""
        return self.amount - self.done

    def charge(self, work: float) -> None:
        """Count what was done."""
        self.done += work

    def shorten(self, most: float) -> None:
        """Spend no more than this in all."""
        self.amount = min(self.amount, most)

    def limits(self, most: float) -> dict[str, float]:
        """CP-SAT's limits for one part."""
        return {"max_deterministic_time": max(0.001, min(most, self.left()))}
