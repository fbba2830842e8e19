"""What the leader of a session sees of each student beside their name: dose, goals, and what their chart opens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.consent.queries import access_charts
from hearth.measures import instrument as instruments
from hearth.measures import rules as measuring
from hearth.measures.instrument import Instrument
from hearth.measures.queries import totals_by_instrument
from hearth.plan.models import Goal
from hearth.safety.models import Concern
from hearth.sessions.doses import dose_this_week
from hearth.sessions.models import Attendance
from hearth.sessions.rules.dose import WeekDose

SHOWN = 6  # totals of a small picture


@dataclass(frozen=True, slots=True)
class Score:
    """The latest totals of one instrument, oldest first; `moved` is better, worse, steady or nothing."""

    instrument: Instrument
    totals: tuple[int, ...]
    moved: str

    @property
    def tone(self) -> str:
        return {"better": "pine", "worse": "alarm"}.get(self.moved, "")


@dataclass(frozen=True, slots=True)
class Glance:
    """One student. Measures and concerns are there only where the reader may open the chart."""

    week: WeekDose | None
    goals: Sequence[Goal]
    is_chart_open: bool
    score: Score | None = None
    concerns: Sequence[Concern] = ()


def glances(*, viewer: User, rows: Iterable[Attendance], at: datetime) -> dict[UUID, Glance]:
    """By attendance, for a caller who has passed `access_session`. A fixed number of queries.

    Leading a session opens its students' dose and goals; measures and concerns ask for the chart, and each such
    read is written down.
    """
    rows = list(rows)
    people = {row.patient_id: row.patient for row in rows}
    stays = {each.patient_id: each for each in Episode.objects.filter(patient__in=people, ended_at=None)}
    weeks = dose_this_week(episodes=stays.values(), at=at)
    goals: dict[UUID, list[Goal]] = {}
    active = Goal.objects.filter(patient__in=people, episode__ended_at=None, status=Goal.Status.ACTIVE)
    for goal in active.order_by("number"):
        goals.setdefault(goal.patient_id, []).append(goal)
    open_to = access_charts(viewer=viewer, pks=people, purpose="TREAT", at=at, what="measures")
    totals = totals_by_instrument([people[pk] for pk in open_to])
    concerns: dict[UUID, list[Concern]] = {}
    for concern in Concern.objects.filter(patient__in=open_to).open().order_by("raised_at"):
        concerns.setdefault(concern.patient_id, []).append(concern)
    return {
        row.pk: Glance(
            week=weeks.get(stays[row.patient_id].pk) if row.patient_id in stays else None,
            goals=goals.get(row.patient_id, ()),
            is_chart_open=row.patient_id in open_to,
            score=_score(totals.get(row.patient_id, {})),
            concerns=concerns.get(row.patient_id, ()),
        )
        for row in rows
    }


def _score(totals: Mapping[str, Sequence[int]]) -> Score | None:
    """The measure this person answered most often."""
    if not totals:
        return None
    name, values = max(totals.items(), key=lambda pair: (len(pair[1]), pair[0]))
    instrument = instruments.get(name)
    change = measuring.change(instrument, values[0], values[-1]) if len(values) > 1 else None
    return Score(instrument, tuple(values[-SHOWN:]), change.direction if change else "")
