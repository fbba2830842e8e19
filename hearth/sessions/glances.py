"""What the leader of a session sees of each student beside their name: dose, goals, and what their chart opens."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.admission.models import Episode
from hearth.consent.queries import access_charts
from hearth.measures import instrument as instruments
from hearth.measures import rules as measuring
from hearth.measures.distribution import Distribution, distributions
from hearth.measures.instrument import Instrument
from hearth.measures.queries import totals_by_instrument
from hearth.plan.models import Goal
from hearth.safety.models import Concern
from hearth.sessions.doses import dose_this_week
from hearth.sessions.models import Attendance, Session
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


def open_charts(*, viewer: User, rows: Iterable[Attendance], at: datetime) -> set[UUID]:
    """Those on the roster whose measures and concerns `viewer` may read, each read written down: once a page."""
    return access_charts(viewer=viewer, pks={row.patient_id for row in rows}, purpose="TREAT", at=at, what="measures")


def glances(*, rows: Sequence[Attendance], open_to: Collection[UUID], at: datetime) -> dict[UUID, Glance]:
    """By attendance, for a caller who has passed `access_session` and `open_charts`. A fixed number of queries.

    Leading a session opens its students' dose and goals; measures and concerns are those of `open_to`.
    """
    people = {row.patient_id: row.patient for row in rows}
    stays = {each.patient_id: each for each in Episode.objects.filter(patient__in=people, ended_at=None)}
    weeks = dose_this_week(episodes=stays.values(), at=at)
    goals: dict[UUID, list[Goal]] = {}
    active = Goal.objects.filter(patient__in=people, episode__ended_at=None, status=Goal.Status.ACTIVE)
    for goal in active.order_by("number"):
        goals.setdefault(goal.patient_id, []).append(goal)
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


def picture_of(
    *, viewer: User, session: Session, rows: Sequence[Attendance], open_to: Collection[UUID], at: datetime
) -> list[Distribution]:
    """Where the group stands in each measure it shares, without names: for its leaders and supervisors alone."""
    if not session.is_group or not (session.is_led_by(viewer) or viewer.has_any({Role.SUPERVISOR})):
        return []
    return distributions([row.patient for row in rows if row.patient_id in open_to], at=at)


def _score(totals: Mapping[str, Sequence[int]]) -> Score | None:
    """The measure this person answered most often."""
    if not totals:
        return None
    name, values = max(totals.items(), key=lambda pair: (len(pair[1]), pair[0]))
    instrument = instruments.get(name)
    change = measuring.change(instrument, values[0], values[-1]) if len(values) > 1 else None
    return Score(instrument, tuple(values[-SHOWN:]), change.direction if change else "")
