"""What a director sees first: places, dose, safety and work in hand, across the whole organisation."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.utils.translation import gettext as _t

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.lib.charts import Band
from hearth.plan.models import CarePlan
from hearth.plan.queries import plans_of
from hearth.program.models import Program
from hearth.safety.models import Concern
from hearth.sessions.models import Session
from hearth.sessions.queries import sessions_of, unsigned_notes
from hearth.sessions.totals import attended_by_week

LEADERS = frozenset({Role.DIRECTOR, Role.SUPERVISOR})
UNTAKEN = timedelta(hours=1)
WEEKS = 8
Plans = Mapping[object, CarePlan]
Attended = Mapping[tuple[UUID, date], int]


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
    ending_soon: list[Episode]
    sessions: list[Session]
    ended: Counter[str]


def leader_today(*, viewer: User, at: datetime) -> LeaderToday:
    """The organisation's day, true at `at`. A fixed number of queries."""
    if not viewer.has_any(LEADERS):
        raise PermissionDenied
    today = at.astimezone(viewer.zone).date()
    start = datetime.combine(today, datetime.min.time(), tzinfo=viewer.zone)
    episodes = list(active_episodes(viewer=viewer))
    monday = today - timedelta(days=today.weekday())
    since = monday - timedelta(weeks=WEEKS)
    recent = Episode.objects.filter(planned_end_on__gt=since).filter(Q(ended_at=None) | Q(ended_at__date__gt=since))
    stays = list(recent)
    plans = plans_of(recent)
    attended = attended_by_week(since=since, until=monday, zone=viewer.organisation.zone)
    concerns = Concern.objects.open().aggregate(
        open=Count("pk"), untaken=Count("pk", filter=Q(taken_by=None, raised_at__lte=at - UNTAKEN))
    )
    notes = unsigned_notes(viewer=viewer, at=at, everyone=True)
    ended = Episode.objects.filter(ended_at__gte=at - timedelta(days=90)).values_list("end_reason", flat=True)
    return LeaderToday(
        programs=_programs(episodes, plans, attended, monday),
        weeks=_shares(stays, plans, attended, monday),
        bands=_bands(),
        open_concerns=concerns["open"],
        untaken=concerns["untaken"],
        overdue_notes=sum(note.state == "overdue" for note in notes),
        ending_soon=sorted(
            (one for one in episodes if one.planned_end_on <= today + timedelta(days=21)),
            key=lambda one: one.planned_end_on,
        )[:8],
        sessions=sessions_of(viewer=viewer, start=start, end=start + timedelta(days=1), everyone=True),
        ended=Counter(ended),
    )


def _programs(episodes: list[Episode], plans: Plans, attended: Attended, monday: date) -> list[ProgramRow]:
    """Each program with its places, and the dose of the last full week."""
    last = monday - timedelta(days=7)
    rows = []
    for program in Program.objects.order_by("name"):
        mine = [episode for episode in episodes if episode.program_id == program.pk]
        prescribed = sum(_prescribed(episode, plans, last) for episode in mine)
        rows.append(ProgramRow(program, len(mine), prescribed, attended.get((program.pk, last), 0)))
    return rows


def _shares(episodes: list[Episode], plans: Plans, attended: Attended, monday: date) -> list[WeekShare]:
    """The last eight full weeks in which anything was prescribed, with what was attended of it."""
    shares = []
    for back in range(WEEKS, 0, -1):
        day = monday - timedelta(weeks=back)
        prescribed = sum(_prescribed(episode, plans, day) for episode in episodes)
        came = sum(minutes for (_program, week), minutes in attended.items() if week == day)
        if prescribed:
            shares.append(WeekShare(day, min(100, round(100 * came / prescribed))))
    return shares


def _prescribed(episode: Episode, plans: Plans, monday: date) -> int:
    """Minutes prescribed in the week from `monday`, none before the first day and after the last."""
    plan = plans.get(episode.pk)
    inside = episode.starts_on <= monday + timedelta(days=6) and monday < _ended_on(episode)
    return plan.minutes_a_week() if plan and inside else 0


def _ended_on(episode: Episode) -> date:
    return min(episode.planned_end_on, episode.ended_at.date()) if episode.ended_at else episode.planned_end_on
