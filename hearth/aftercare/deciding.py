"""Deciding that a stay goes on longer, or on fewer days a week. `services.discharge` ends it."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.aftercare.models import Decision
from hearth.aftercare.queries import readiness
from hearth.aftercare.services import keep_decision
from hearth.plan.services import extend_plan, step_down
from hearth.sessions.services import make_longer
from hearth.timetable.accepting import one_at_a_time
from hearth.timetable.facts import Refused


@transaction.atomic
def extend(*, episode: Episode, until: date, why: str, by: User, at: datetime) -> Decision:
    """The stay lasts until the week that holds the day before `until` is over. Raises UnusablePlan.

    Their usual sessions are made until then. Where one cannot be held, care is not decided by it: whoever plans sees
    that the weeks are to be made.
    """
    one_at_a_time(by.organisation_id)  # before any row is locked, as whoever changes the week does
    weeks = -(-(until - episode.starts_on).days // 7)
    plan = extend_plan(episode=episode, weeks=weeks, why=why, by=by, at=at)
    end = episode.starts_on + timedelta(weeks=plan.weeks)
    with suppress(Refused), transaction.atomic():
        make_longer(patient=episode.patient, until=end, by=by, at=at)
    return _keep(plan.episode, Decision.Kind.EXTENDED, why, by=by, at=at, from_on=end)


@transaction.atomic
def fewer_days(*, episode: Episode, days: int, from_on: date, why: str, by: User, at: datetime) -> Decision:
    """So many days a week from the Monday `from_on` on; the week is worked out for those who plan (`stepping`).

    Raises UnusablePlan.
    """
    plan = step_down(episode=episode, days=days, from_on=from_on, why=why, by=by, at=at)
    return _keep(plan.episode, Decision.Kind.STEPPED_DOWN, why, by=by, at=at, days=days, from_on=from_on)


def _keep(
    episode: Episode, kind: str, why: str, *, by: User, at: datetime, from_on: date, days: int | None = None
) -> Decision:
    today = at.astimezone(by.organisation.zone).date()
    ready = readiness(episode=episode, today=today, at=at, language="en")
    return keep_decision(episode, kind=kind, ready=ready, words=why, by=by, at=at, days=days, from_on=from_on)
