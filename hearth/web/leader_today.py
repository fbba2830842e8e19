"""What a director sees first: places, dose, safety and work in hand, across the whole organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.utils.translation import gettext as _t

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.lib.charts import Band
from hearth.plan.queries import prescribed_by_program
from hearth.program.models import Program
from hearth.safety.models import Concern
from hearth.sessions.cosigning import overdue_co_signatures
from hearth.sessions.models import Session
from hearth.sessions.totals import attended_by_week, overdue_notes

LEADERS = frozenset({Role.DIRECTOR, Role.SUPERVISOR})
UNTAKEN = timedelta(hours=1)
WEEKS = 8
SECONDS = 60  # how old sums over everyone may be
PROGRAMS_SHOWN = 12
ENDING_SOON, ONE_DAY = timedelta(days=21), timedelta(days=1)
Minutes = Mapping[tuple[UUID, date], int]


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """One program: places taken of all, and last full week's dose."""

    program: Program
    taken: int
    prescribed: int
    attended: int

    @property
    def free(self) -> int:
        return max(0, self.program.places - self.taken)


def _bands() -> tuple[Band, ...]:
    return (
        Band(_t("below 70"), 0, 69, "gold"),
        Band(_t("70 to 84"), 70, 84, "dusk"),
        Band(_t("85 and more"), 85, 100, "pine"),
    )


@dataclass(frozen=True, slots=True)
class WeekShare:
    """What share of the prescribed dose all students attended in the week from `date`, in percent."""

    date: date
    value: int


@dataclass(frozen=True, slots=True)
class LeaderToday:
    """A director's first screen."""

    programs: list[ProgramRow]
    weeks: list[WeekShare]
    bands: tuple[Band, ...]
    open_concerns: int
    untaken: int
    overdue_notes: int
    overdue_co_signatures: int
    ending_soon: list[Episode]
    sessions: int
    completed: int


def leader_today(*, viewer: User, at: datetime) -> LeaderToday:
    """The organisation's day, true at `at`; sums over everyone may be a minute old. A fixed number of queries."""
    if not viewer.has_any(LEADERS):
        raise PermissionDenied
    today = at.astimezone(viewer.zone).date()
    start = datetime.combine(today, datetime.min.time(), tzinfo=viewer.zone)
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in range(WEEKS, 0, -1)]
    prescribed, attended, overdue = _sums(viewer, mondays, at)
    concerns = Concern.objects.open().aggregate(
        open=Count("pk"), untaken=Count("pk", filter=Q(taken_by=None, raised_at__lte=at - UNTAKEN))
    )
    ending = active_episodes(viewer=viewer).filter(planned_end_on__lte=today + ENDING_SOON)
    ended = Episode.objects.filter(ended_at__gte=at - timedelta(days=90))
    return LeaderToday(
        programs=_programs(prescribed, attended, mondays[-1]),
        weeks=_shares(prescribed, attended, mondays),
        bands=_bands(),
        open_concerns=concerns["open"],
        untaken=concerns["untaken"],
        overdue_notes=overdue,
        overdue_co_signatures=overdue_co_signatures(at=at),
        ending_soon=list(ending.order_by("planned_end_on", "pk")[:8]),
        sessions=Session.objects.standing().filter(starts_at__gte=start, starts_at__lt=start + ONE_DAY).count(),
        completed=ended.filter(end_reason=Episode.EndReason.COMPLETED).count(),
    )


def _sums(viewer: User, mondays: Sequence[date], at: datetime) -> tuple[Minutes, Minutes, int]:
    """What is summed up over everyone and kept for a minute.

    Minutes prescribed and attended in weeks that are over, and how many notes are overdue.
    """
    key = f"leader-sums-{viewer.organisation_id}-{mondays[-1].isoformat()}"
    found: tuple[Minutes, Minutes, int] | None = cache.get(key)
    if found is None:
        until = mondays[-1] + timedelta(weeks=1)
        found = (
            prescribed_by_program(mondays=mondays),
            attended_by_week(since=mondays[0], until=until, zone=viewer.organisation.zone),
            overdue_notes(at=at),
        )
        cache.set(key, found, SECONDS)
    return found


def _programs(prescribed: Minutes, attended: Minutes, last: date) -> list[ProgramRow]:
    """The fullest programs with their places, and the dose of the last full week."""
    rows = Program.objects.annotate(taken=Count("episodes", filter=Q(episodes__ended_at=None)))
    rows = rows.order_by("-taken", "name")[:PROGRAMS_SHOWN]
    return [
        ProgramRow(row, row.taken, prescribed.get((row.pk, last), 0), attended.get((row.pk, last), 0)) for row in rows
    ]


def _shares(prescribed: Minutes, attended: Minutes, mondays: Sequence[date]) -> list[WeekShare]:
    """The last full weeks in which anything was prescribed, with what was attended of it."""
    asked, came = (
        {day: sum(minutes for (_program, week), minutes in each.items() if week == day) for day in mondays}
        for each in (prescribed, attended)
    )
    return [WeekShare(day, min(100, round(100 * came[day] / asked[day]))) for day in mondays if asked[day]]
