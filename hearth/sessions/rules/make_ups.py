"""What may be made up, which other times are offered, and until when an answer counts. Pure.

What may be made up, within how many days, how many times are offered at once and how long an answer may take is the
program's attendance policy.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hearth.sessions.rules.dose import KINDS
from hearth.sessions.rules.policy import Policy

NOTICE = timedelta(hours=2)  # nothing is offered that begins sooner
MOST_OPEN = 2  # questions to one person at once: who missed a whole week is reached out to, not asked ten times
AGAIN_AFTER = timedelta(hours=20)  # where nothing fitted, it is looked once a day


@dataclass(frozen=True, slots=True)
class Option:
    """One other time: a session that is made already, or (`session` is None) an hour alone that would be.

    `fits` ranks it: same topic as what was missed, then one of the hours that suit them best, then the same way.
    """

    starts_at: datetime
    ends_at: datetime
    staff: UUID
    modality: str
    session: UUID | None = None
    fits: tuple[bool, bool, bool] = (False, False, False)

    @property
    def key(self) -> str:
        """What a form sends back."""
        return str(self.session) if self.session else f"{self.starts_at.timestamp():.0f}-{self.modality}"


def may_be_made_up(kind: str, status: str, policy: Policy) -> bool:
    """Whether missing a session of this kind like this can be made up in this program."""
    return kind in KINDS and status in policy.makes_up


def last_day(missed_on: date, policy: Policy) -> date:
    """The last day on which it may be made up."""
    return missed_on + timedelta(days=policy.make_up_within)


def weeks_to_look_at(today: date, until: date) -> list[date]:
    """The Mondays of this week and the next, as far as it may still be made up in them."""
    monday = today - timedelta(days=today.weekday())
    return [each for each in (monday, monday + timedelta(weeks=1)) if each <= until and today <= until]


def offered(
    found: Iterable[Option], *, at: datetime, until: date, zone: ZoneInfo, most: int, taken: Collection[str] = ()
) -> list[Option]:
    """The times that are offered, in order: at most `most`, the best of each day, none of those `taken`.

    What fits best comes before what comes sooner; two hours of one day are one choice.
    """
    by_day: dict[date, Option] = {}
    for one in sorted(found, key=_rank):
        day = one.starts_at.astimezone(zone).date()
        if one.starts_at >= at + NOTICE and day <= until and one.key not in taken:
            by_day.setdefault(day, one)
    best = sorted(by_day.values(), key=_rank)[: max(0, most)]
    return sorted(best, key=lambda one: (one.starts_at, one.key))


def _rank(one: Option) -> tuple[tuple[bool, ...], datetime, str]:
    return tuple(not fit for fit in one.fits), one.starts_at, one.key


def answer_by(options: Collection[Option], *, at: datetime, policy: Policy) -> datetime:
    """Until when an answer counts: so many hours, but not beyond the last time that is offered."""
    return min(at + timedelta(hours=policy.make_up_answer), max(one.starts_at for one in options))
