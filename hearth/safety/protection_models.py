"""Duties to protect or to report that a concern means, and everything that was done about each."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.safety import protection_rules as rules
from hearth.safety.protection_words import PATHWAYS, Pathway, pathway


class ProtectiveDuty(OrganisationRow):
    """Somebody else may be in danger. What it asks is done by somebody named, or found not to be due."""

    concern = models.ForeignKey("safety.Concern", on_delete=models.PROTECT, related_name="protective_duties")
    danger = models.CharField(max_length=20, choices=[(one, words.label) for one, words in PATHWAYS.items()])
    state = models.CharField(max_length=2, help_text="Whose rules hold: where the student lives.")
    learned_at = models.DateTimeField(help_text="When the house learned of it; the time counts from here.")
    due_at = models.DateTimeField()
    rules_version = models.CharField(max_length=20)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()
    acted_at = models.DateTimeField(null=True, help_text="When somebody was first told or kept safe.")
    outcome = models.CharField(max_length=10, blank=True, choices=[(one, one) for one in rules.Outcome])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "danger"], name="a_danger_is_marked_once_at_a_concern"),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_at"], condition=Q(outcome="", acted_at=None), name="protection_waiting"
            ),
        ]

    @property
    def pathway(self) -> Pathway:
        """What stands on its page."""
        return pathway(self.danger, self.state)

    def standing(self, *, at: datetime) -> rules.Standing:
        return rules.standing(self.outcome, has_acted=self.acted_at is not None, due_at=self.due_at, at=at)


class ProtectiveStep(OrganisationRow):
    """Somebody was told, something else was done, or a clinician settled it. Never changed."""

    class Kind(models.TextChoices):
        TOLD = "told", _("Told")
        KEPT_SAFE = "kept_safe", _("Kept safe in another way")
        DONE = "done", _("What it asks is done")
        NOT_DUE = "not_due", _("Does not apply")

    class Basis(models.TextChoices):
        LAW = "law", _("A law asks for it")
        DANGER = "danger", _("It prevents a serious danger that is near")
        CONSENT = "consent", _("The student agreed")
        UNNAMED = "unnamed", _("Said without naming the student")

    append_only = True

    duty = models.ForeignKey(ProtectiveDuty, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    whom = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=10, blank=True, choices=Basis)
    words = models.TextField(blank=True, help_text="What was said or done, or why it does not apply.")
    reference = models.CharField(max_length=80, blank=True, help_text="The number or name that whoever took it gave.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    licence = models.CharField(max_length=80, blank=True, help_text="The licence it was signed under.")
    at = models.DateTimeField(help_text="When it was done.")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="told") | (~Q(whom="") & ~Q(basis="") & ~Q(words="")),
                name="who_was_told_what_and_why_is_written_down",
            ),
            models.CheckConstraint(
                condition=~Q(kind="not_due") | (~Q(words="") & ~Q(licence="")),
                name="that_a_duty_does_not_apply_is_signed_with_a_reason",
            ),
        ]
