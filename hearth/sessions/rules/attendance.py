"""Whether and how long someone attended. Pure.

Instants are aware datetimes; they are compared and subtracted in UTC, because Python subtracts two instants of
one zone by their wall clocks and would be an hour wrong across a daylight-saving change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from hearth.sessions.rules.policy import PRODUCT, Policy
from hearth.sessions.rules.presence import Stretch, merged

NOTHING = timedelta()


class Status(StrEnum):
    """As `models.Attendance.Status`."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left"
    ABSENT = "absent"
    EXCUSED = "excused"


HERE = frozenset({Status.PRESENT, Status.LATE, Status.LEFT_EARLY})
"""Those who took part, at least for a while."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How someone attended. `late_by` and `left_by` are whole minutes at either end, 0 within them."""

    status: Status
    minutes: int
    late_by: int = 0
    left_by: int = 0
    is_late: bool = False  # later than the program allows, whatever else is said of them


def judge(
    stretches: Sequence[Stretch],
    *,
    planned: tuple[datetime, datetime],
    over_at: datetime | None = None,
    policy: Policy = PRODUCT,
) -> Verdict:
    """What being there at these times means for a session planned as [start, end).

    `over_at` is when the session really ended; only time inside both counts, in whole minutes, never negative.
    Someone who never arrived, or stayed less than the policy counts, is absent once the session is over, and
    expected before.
    """
    start, end = (instant.astimezone(UTC) for instant in planned)
    end = max(start, min(end, over_at.astimezone(UTC))) if over_at else end
    if not stretches:
        return Verdict(Status.ABSENT if over_at else Status.EXPECTED, 0)
    came = min(one.began.astimezone(UTC) for one in stretches)
    went = end if any(one.ended is None for one in stretches) else max(_ended(one) for one in stretches)
    late_by, left_by = whole_minutes(came - start), whole_minutes(end - went)
    there = merged(stretches, start=start, end=end, bridge=policy.bridge)
    minutes = whole_minutes(sum((until - since for since, until in there), NOTHING))
    is_late = came - start > timedelta(minutes=policy.late_after)
    if over_at and end > start and minutes < policy.attended_from:
        return Verdict(Status.ABSENT, minutes, late_by, left_by, is_late)
    if end - went > timedelta(minutes=policy.left_early_after):
        return Verdict(Status.LEFT_EARLY, minutes, late_by, left_by, is_late)
    return Verdict(Status.LATE if is_late else Status.PRESENT, minutes, late_by, left_by, is_late)


def stretch_of(arrived: datetime | None, left: datetime | None) -> list[Stretch]:
    """One arriving and one leaving as stretches; none for someone who never came."""
    return [Stretch(arrived, left)] if arrived else []


def _ended(stretch: Stretch) -> datetime:
    return (stretch.ended or stretch.began).astimezone(UTC)


def may_check_in(*, planned: tuple[datetime, datetime], at: datetime, policy: Policy = PRODUCT) -> bool:
    """Whether a student's own tap counts now: from so long before the start as the policy says until the end."""
    start, end = (instant.astimezone(UTC) for instant in planned)
    return start - policy.opens <= at.astimezone(UTC) < end


def whole_minutes(span: timedelta) -> int:
    """Whole minutes of `span`, 0 for a negative one."""
    return max(0, span // timedelta(minutes=1))
