"""What a director sees first: places, dose, safety and work in hand, across the whole organisation."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
from hearth.program.models import Program
from hearth.safety.models import Concern
from hearth.sessions.models import Session
from hearth.sessions.queries import dose_of, sessions_of, unsigned_notes
from hearth.sessions.rules.dose import WeekDose

LEADERS = frozenset({Role.DIRECTOR, Role.SUPERVISOR})
UNTAKEN = timedelta(hours=1)
Doses = Mapping[UUID, Sequence[WeekDose]]


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
    doses = dose_of(episodes=episodes, at=at)
    concerns = Concern.objects.open().aggregate(
        open=Count("pk"), untaken=Count("pk", filter=Q(taken_by=None, raised_at__lte=at - UNTAKEN))
    )
    notes = unsigned_notes(viewer=viewer, at=at, everyone=True)
    since = at - timedelta(days=90)
    ended = Episode.objects.filter(ended_at__gte=since).values_list("end_reason", flat=True)
    return LeaderToday(
        programs=_programs(episodes, doses, today),
        weeks=_weeks(doses, today),
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


def _programs(episodes: list[Episode], doses: Doses, today: date) -> list[ProgramRow]:
    last = today - timedelta(days=7)
    rows = []
    for program in Program.objects.order_by("name"):
        mine = [episode for episode in episodes if episode.program_id == program.pk]
        weeks = [week for episode in mine for week in doses[episode.pk] if week.starts_on <= last <= week.ends_on]
        rows.append(
            ProgramRow(program, len(mine), sum(week.prescribed for week in weeks), sum(week.attended for week in weeks))
        )
    return rows


def _weeks(doses: Doses, today: date) -> list[WeekShare]:
    """The last eight full weeks in which anything was prescribed."""
    monday = today - timedelta(days=today.weekday())
    shares = []
    for back in range(8, 0, -1):
        day = monday - timedelta(weeks=back)
        weeks = [week for every in doses.values() for week in every if day <= week.starts_on < day + timedelta(days=7)]
        prescribed = sum(week.prescribed for week in weeks)
        if prescribed:
            shares.append(WeekShare(day, min(100, round(100 * sum(week.attended for week in weeks) / prescribed))))
    return shares
