"""The students of a care team's member, who needs them most first, and what is due with them."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.measures.queries import totals_by_instrument
from hearth.people.models import CareTeamMember, Patient
from hearth.plan.models import CarePlan
from hearth.plan.queries import plans_of
from hearth.safety.models import Concern
from hearth.safety.plan_queries import plan_reviews
from hearth.safety.plan_rules import Review
from hearth.sessions.doses import dose_this_week
from hearth.sessions.rules.dose import WeekDose
from hearth.sessions.totals import missed_in_a_row

WORSE_BY = 5  # PHQ-9 points, the least change that matters to people (facts: 5 MCID)
SOON = timedelta(days=7)  # a plan's review is due
PARTS = ("chosen_name", "family_name", "pronouns", "pronouns_shown_to", "user", "has_died", "died_on")


@dataclass(frozen=True, slots=True)
class Row:
    """One student on a counselor's list."""

    patient: Patient
    episode: Episode
    plan: CarePlan | None
    week_number: int
    week: WeekDose | None
    missed_in_a_row: int
    scores: list[int]  # PHQ-9, oldest first
    has_concern: bool

    @property
    def is_unsigned(self) -> bool:
        return self.plan is not None and self.plan.signed_at is None

    def is_to_review(self, by: date) -> bool:
        """Whether their plan is to be looked through again by this day."""
        return self.plan is not None and self.plan.review_due_on <= by

    @property
    def trend(self) -> str:
        """`worse`, `better` or nothing, by the least PHQ-9 change that matters."""
        if len(self.scores) < 2:
            return ""
        moved = self.scores[-1] - self.scores[0]
        if moved <= -WORSE_BY:
            return "better"
        return "worse" if self.scores[-1] - min(self.scores) >= WORSE_BY else ""

    @property
    def first_need(self) -> tuple[bool, bool, int]:
        """Sorts who needs you most first, as far as it is known without the week's dose."""
        return (not self.has_concern, self.trend != "worse", -self.missed_in_a_row)

    @property
    def need(self) -> tuple[bool, bool, int, int]:
        """Sorts who needs you most first."""
        short = self.week.prescribed - self.week.had if self.week else 0
        return (*self.first_need, -short)


@dataclass(frozen=True, slots=True)
class Caseload:
    """The first of the viewer's students, and everyone with whom something is due, both by need."""

    first: list[Row] = field(default_factory=list)
    more: int = 0
    reviews: list[Row] = field(default_factory=list)
    unsigned_plans: list[Row] = field(default_factory=list)
    safety_plans: list[tuple[Row, Review]] = field(default_factory=list)  # those that wait for a look together


def caseload(*, viewer: User, at: datetime, most: int) -> Caseload:
    """Students in an active episode whose care team `viewer` is on. A fixed number of queries.

    The week's dose, which costs most, is read for those alone who may be among the first `most` or are due.
    """
    rows = sorted(_rows(viewer=viewer, at=at), key=lambda row: row.first_need)
    soon = at.astimezone(viewer.zone).date() + SOON
    looks = plan_reviews([row.patient.pk for row in rows])
    to_look = {pk for pk, review in looks.items() if review is not Review.NOTHING}
    due = {row.patient.pk for row in rows if row.is_unsigned or row.is_to_review(soon)} | to_look
    line = rows[:most][-1].first_need if rows else ()
    near = [row for row in rows if row.first_need <= line or row.patient.pk in due]
    weeks = dose_this_week(episodes=[row.episode for row in near], at=at)
    told = sorted((replace(row, week=weeks[row.episode.pk]) for row in near), key=lambda row: row.need)
    waiting = [(row, looks[row.patient.pk]) for row in told if row.patient.pk in to_look]
    return Caseload(
        first=told[:most],
        more=max(0, len(rows) - most),
        reviews=[row for row in told if row.is_to_review(soon)],
        unsigned_plans=[row for row in told if row.is_unsigned],
        safety_plans=sorted(waiting, key=lambda pair: list(Review).index(pair[1])),
    )


def _rows(*, viewer: User, at: datetime) -> list[Row]:
    """Everyone, by name, without the week's dose."""
    today = at.astimezone(viewer.zone).date()
    mine = CareTeamMember.objects.current().filter(member=viewer).values("patient")
    rows = active_episodes(viewer=viewer).filter(patient__in=mine)
    narrow = rows.select_related(None).select_related("patient")
    episodes = list(narrow.only("starts_on", "planned_end_on", "ended_at", *(f"patient__{part}" for part in PARTS)))
    plans = plans_of(rows)
    patients = [episode.patient_id for episode in episodes]
    missed = missed_in_a_row(patients=patients, at=at)
    concerned = set(Concern.objects.open().filter(patient__in=patients).values_list("patient", flat=True))
    totals = totals_by_instrument([episode.patient for episode in episodes], "phq-9")
    return [
        Row(
            patient=episode.patient,
            episode=episode,
            plan=plans.get(episode.pk),
            week_number=plans[episode.pk].week_on(today) if episode.pk in plans else 0,
            week=None,
            missed_in_a_row=missed.get(episode.patient_id, 0),
            scores=totals[episode.patient_id].get("phq-9", []),
            has_concern=episode.patient_id in concerned,
        )
        for episode in episodes
    ]
