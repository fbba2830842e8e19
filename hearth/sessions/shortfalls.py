"""Who gets less care than was prescribed, and whose authorisation runs out. Reads for those who deal with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.consent.queries import access_charts
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions.doses import dose_last_week, ledgers_of
from hearth.sessions.models import Attendance, Authorisation
from hearth.sessions.policies import policy_of_pack
from hearth.sessions.queries import organisation
from hearth.sessions.rules.dose import WeekDose
from hearth.sessions.rules.ledger import LedgerWeek

WEEK = timedelta(days=7)
SLACK = 20  # hours or days that are left at least where no look at the ledger is needed


@dataclass(frozen=True, slots=True)
class Short:
    """One student whose last full week was below its dose."""

    episode: Episode
    week: WeekDose

    @property
    def missing(self) -> int:
        return self.week.prescribed - self.week.attended


def short_last_week(*, viewer: User, at: datetime) -> list[Short]:
    """Everyone in the program whose last full week was short, most minutes missing first. Raises PermissionDenied.

    A fixed number of queries, which read the sessions of two weeks alone.
    """
    if not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    episodes = list(active_episodes(viewer=viewer))
    weeks = dose_last_week(episodes=episodes, at=at)
    found = [Short(one, week) for one in episodes if (week := weeks[one.pk]) is not None and week.shortfall]
    return sorted(found, key=lambda one: (-one.missing, one.episode.patient.name, str(one.episode.pk)))


def reasons_of(rows: Iterable[Short], *, viewer: User, at: datetime) -> dict[UUID, LedgerWeek]:
    """The ledger's week of each whose chart is open to `viewer`, by episode: its gaps say why. All recorded."""
    asked = list(rows)
    pks = [one.episode.patient_id for one in asked]
    open_to = access_charts(viewer=viewer, pks=pks, purpose="HOPERAT", at=at, what="dose")
    wanted = {one.episode.pk: one for one in asked if one.episode.patient_id in open_to}
    books = ledgers_of(episodes=[one.episode for one in wanted.values()], at=at)
    return {
        pk: next(week for week in book.weeks if week.dose.starts_on == wanted[pk].week.starts_on)
        for pk, book in books.items()
    }


@dataclass(frozen=True, slots=True)
class RunsOut:
    """A student some of whose coming sessions no payer has approved, from this day on."""

    episode: Episode
    on: date


def running_out(*, viewer: User, at: datetime) -> list[RunsOut]:
    """Stays open to `viewer` whose authorisation does not cover the days ahead, soonest first.

    A fixed number of queries: only stays near the end of what was approved are worked out.
    """
    today = at.astimezone(organisation().zone).date()
    episodes = list(active_episodes(viewer=viewer).filter(pk__in=_near_the_end(today)))
    books = ledgers_of(episodes=episodes, at=at)
    found = []
    for one in episodes:
        on, warn = books[one.pk].runs_out_on, timedelta(days=policy_of_pack(one.program.pack).warn_before)
        if on is not None and on <= today + warn:
            found.append(RunsOut(one, on))
    return sorted(found, key=lambda one: (one.on, one.episode.patient.name))


def _near_the_end(today: date) -> list[UUID]:
    """Stays none of whose authorisations surely goes on: a rough look in the database that leaves nobody out.

    Twenty hours left last a week of this level of care, and so do twenty days, of which each took an hour and more.
    """
    inside = Attendance.objects.filter(
        patient=OuterRef("patient"),
        session__starts_at__date__gte=OuterRef("first_on"),
        session__starts_at__date__lte=OuterRef("last_on"),
        minutes__gt=0,
    ).order_by()
    used = inside.values("patient").annotate(whole=Sum("minutes")).values("whole")
    rows = Authorisation.objects.filter(withdrawn_at=None, episode__ended_at=None)
    sure = (
        rows.annotate(used=Coalesce(Subquery(used), 0))
        .filter(first_on__lte=today, last_on__gte=today + 3 * WEEK, used__lte=60 * (F("approved") - SLACK))
        .values("episode")
    )
    return list(rows.exclude(episode__in=sure).values_list("episode", flat=True).distinct())
