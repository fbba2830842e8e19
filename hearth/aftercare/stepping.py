"""Whose dose falls soon, by a decision or as the phases of their plan say, and the week that is to be made with it.

A week is worked out for it by itself; whoever plans looks at it and accepts it, and only then is anything changed and
the student told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.aftercare.queries import SHOWN
from hearth.plan.models import CarePlan
from hearth.plan.queries import plans_of
from hearth.plan.rules import minutes_a_week
from hearth.timetable.models import Proposal
from hearth.timetable.queries import PLANNERS, monday_of
from hearth.timetable.services import propose_for_program

AHEAD = timedelta(weeks=2)
"""So long before the dose falls its week is worked out."""


@dataclass(frozen=True, slots=True)
class SteppingDown:
    """Somebody's dose falls from a Monday on, and no week was accepted since that begins with it."""

    episode: Episode
    days: int
    from_on: date
    plan: CarePlan  # that says so, signed: the newest
    proposal: Proposal | None  # the week worked out for it, if one was asked for

    @property
    def is_ready(self) -> bool:
        return self.proposal is not None and self.proposal.status == Proposal.Status.READY


def falls_on(plan: CarePlan) -> list[tuple[date, int]]:
    """The Mondays from which the plan's dose is less than before, in order, with the days a week from then on."""
    doses = [(1, plan.dose), *((int(step["from_week"]), step["dose"]) for step in plan.steps)]
    found = []
    for (_, before), (week, dose) in pairwise(doses):
        if (minutes_a_week(dose), dose["days"]) < (minutes_a_week(before), before["days"]):
            first = plan.episode.starts_on + timedelta(weeks=week - 1)
            found.append((first + timedelta(days=-first.weekday() % 7), int(dose["days"])))
    return found


def stepping_down(*, today: date) -> list[SteppingDown]:
    """Everyone whose dose falls within `AHEAD`, or fell and has no week yet, the nearest first. Four queries.

    For callers with a door.
    """
    episodes = Episode.objects.active().filter(starts_on__lte=today, planned_end_on__gt=today)
    plans: dict[UUID, tuple[CarePlan, date, int]] = {}
    for plan in plans_of(episodes).values():
        come = [one for one in falls_on(plan) if one[0] <= today + AHEAD] if plan.signed_at else []
        if come and come[-1][0] < plan.episode.planned_end_on:
            plans[plan.episode_id] = plan, *come[-1]
    stays = Episode.objects.select_related("patient", "program").filter(pk__in=plans) if plans else []
    since = _signed_since({pk: one[1:] for pk, one in plans.items()})
    falling = [(stay, *plans[stay.pk]) for stay in stays]
    rows = Proposal.objects.filter(change__isnull=True, cover__isnull=True)
    least = min((first for *_, first, _days in falling), default=today)
    weeks = list(rows.filter(week_of__gte=monday_of(least)).defer("board", "solution").order_by("-asked_at"))
    found = [
        SteppingDown(stay, days, first, plan, _asked(weeks, stay, since[stay.pk], _to_make(first, today)))
        for stay, plan, first, days in falling
        if not _made(weeks, stay, since[stay.pk], first)
    ]
    return sorted(found, key=lambda one: (one.from_on, one.episode.patient.chosen_name, one.episode.pk))


def weeks_to_step_down(*, viewer: User, at: datetime) -> list[SteppingDown]:
    """The same for those who plan, so many as Today shows."""
    if not viewer.has_any(PLANNERS):
        return []
    return stepping_down(today=at.astimezone(viewer.organisation.zone).date())[:SHOWN]


def ask_for_weeks(*, at: datetime, today: date) -> int:
    """Ask for one week for each program and Monday that nobody asked for yet; how many were asked for.

    Nothing holds before whoever plans accepts it. Done twice, it is asked for once.
    """
    asked: set[tuple[UUID, date]] = set()
    for one in stepping_down(today=today):
        week_of, program = _to_make(one.from_on, today), one.episode.program
        if one.proposal is None and (program.pk, week_of) not in asked:
            asked.add((program.pk, week_of))
            assert one.plan.signed_by is not None
            propose_for_program(program=program, week_of=week_of, by=one.plan.signed_by, at=at)
    return len(asked)


def _to_make(first: date, today: date) -> date:
    """The Monday to plan for: that on which the dose falls, or the next one to come."""
    return first if first > today else monday_of(today) + timedelta(weeks=1)


def _signed_since(falls: Mapping[UUID, tuple[date, int]]) -> dict[UUID, datetime]:
    """Since when each episode's signed plans say this fall without a break: a longer stay copies it. One query."""
    rows = CarePlan.objects.filter(episode__in=falls, signed_at__isnull=False).select_related("episode")
    since: dict[UUID, datetime] = {}
    broken = set()
    for plan in rows.order_by("-version") if falls else ():
        if plan.episode_id in broken or falls[plan.episode_id] not in falls_on(plan):
            broken.add(plan.episode_id)
        elif plan.signed_at is not None:
            since[plan.episode_id] = min(plan.signed_at, since.get(plan.episode_id, plan.signed_at))
    return since


def _made(weeks: Iterable[Proposal], stay: Episode, since: datetime, first: date) -> bool:
    return any(
        one.status == Proposal.Status.ACCEPTED
        and one.week_of >= first
        and one.decided_at is not None
        and one.decided_at >= since
        and _concerns(one, stay)
        for one in weeks
    )


def _asked(weeks: Iterable[Proposal], stay: Episode, since: datetime, week_of: date) -> Proposal | None:
    """The newest of that week that was asked for since, also one that was let go of: it is not asked for again."""
    mine = (one for one in weeks if one.week_of == week_of and one.asked_at >= since and _concerns(one, stay))
    return next(mine, None)


def _concerns(one: Proposal, stay: Episode) -> bool:
    """Whether it is this person's week; an accepted part or draft is that of those alone whose places it changed."""
    if one.programs:
        return str(stay.program_id) in one.programs
    if one.progress:  # worked out, for everyone
        return True
    changed = {seat["patient"] for what in ("come", "gone") for seat in one.deeds.get(what, ())}
    return str(stay.patient_id) in changed
