"""The treatment plan: problems, goals in the student's words, the weekly dose, phases and reviews."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.admission.models import Episode
from hearth.people.models import Patient
from hearth.plan import rules


class CarePlan(OrganisationRow):
    """What was agreed for one episode. A change makes a new version; the newest signed one counts."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="plans")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(default=1)
    dose = models.JSONField(
        help_text='Weekly dose as in board.md: {"group": {"count", "minutes", "per_day"}, "skills": {"count",'
        ' "minutes"}, "individual": {…}, "family": {…}, "days": n}'
    )
    steps = models.JSONField(
        default=list,
        blank=True,
        help_text='Where the dose falls later: [{"from_week": 11, "phase": "carry-on", "dose": {…}}], in order.',
    )
    weeks = models.PositiveSmallIntegerField()
    why = models.TextField(blank=True, help_text="Why this dose and length, or why it was changed.")
    review_due_on = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="When the student agreed to it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "version"], name="a_plan_version_exists_once"),
            models.CheckConstraint(condition=Q(weeks__gte=1, weeks__lte=30), name="a_plan_lasts_1_to_30_weeks"),
        ]

    def week_on(self, day: date) -> int:
        """Which week of the program `day` is in, 1 for the first; 0 before it starts."""
        return rules.week_of_program(self.episode.starts_on, day)

    def dose_on(self, day: date) -> dict[str, Any]:
        """The weekly dose of the program's week that `day` is in."""
        return rules.dose_in_week(self.dose, self.steps, self.week_on(day))

    def steps_after(self, week: int) -> list[tuple[int, int, int]]:
        """Where the dose falls after this week of the program: from which week, minutes and days a week."""
        ahead = [step for step in self.steps if step["from_week"] > week]
        return [(step["from_week"], rules.minutes_a_week(step["dose"]), step["dose"]["days"]) for step in ahead]

    def minutes_a_week(self, on: date | None = None) -> int:
        """Prescribed minutes a week, all kinds together: of the week `on` is in, or before any step down."""
        return rules.minutes_a_week(self.dose_on(on) if on else self.dose)


class Problem(OrganisationRow):
    """What the plan is about, with its diagnosis where one was made."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="problems")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="problems")
    text = models.CharField(max_length=200)
    code = models.CharField(max_length=20, blank=True, help_text="ICD-10-CM or SNOMED CT.")
    code_system = models.CharField(max_length=100, blank=True)
    is_primary = models.BooleanField(default=False)
    noted_at = models.DateTimeField()


class Goal(OrganisationRow):
    """A goal in the student's own words: one row that the student and their care team see alike."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Working on it")
        REACHED = "reached", _("Reached")
        SET_ASIDE = "set_aside", _("Set aside")

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="goals")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="goals")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300)
    progress = models.PositiveSmallIntegerField(default=0, help_text="0 to 10, as the student sees it.")
    confidence = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How sure the student is that they can, 0 to 10; empty until they said it."
    )
    helped = models.TextField(blank=True, help_text="What helped so far, in the student's own words.")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    agreed_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="goals_are_numbered_within_an_episode"),
            models.CheckConstraint(condition=Q(progress__lte=10), name="progress_is_0_to_10"),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__lte=10), name="confidence_in_a_goal_is_0_to_10"
            ),
        ]


class GoalStep(OrganisationRow):
    """A small step toward a goal."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300)
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["goal", "number"], name="steps_are_numbered_within_a_goal"),
        ]
