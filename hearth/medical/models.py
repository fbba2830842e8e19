"""What somebody takes, and who compared it; drug tests step by step; naloxone given; checks for withdrawal."""

from datetime import datetime
from hashlib import sha256
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.inquiry.models import CarriedFact
from hearth.medical import rules
from hearth.people.models import Patient


class MedicationQuerySet(models.QuerySet["Medication"]):
    def taken(self) -> Self:
        """Those nobody has ended."""
        return self.filter(ended_at=None)


class Medication(OrganisationRow):
    """Something that somebody takes. Ended where it changes; a new line follows."""

    class Source(models.TextChoices):
        STUDENT = "student", _("They say so")
        LABEL = "label", _("The label")
        PRESCRIBER = "prescriber", _("The prescriber or pharmacy")
        REFERRAL = "referral", _("The referral")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="medications")
    name = models.CharField(max_length=200)
    dose = models.CharField(max_length=200, blank=True, help_text="How much and when, in words.")
    reason = models.CharField(max_length=200, blank=True)
    prescriber = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=12, choices=Source)
    carried = models.ForeignKey(
        CarriedFact, on_delete=models.PROTECT, null=True, blank=True, related_name="medications"
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    objects = MedicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
                name="a_medication_is_ended_by_somebody_who_says_why",
            ),
            models.UniqueConstraint(fields=["carried"], name="a_told_medication_is_taken_over_once"),
        ]
        indexes = [models.Index(fields=["patient", "written_at"], name="medications_of_a_patient")]

    @property
    def moud(self) -> str:
        """Which medication for opioid use disorder it is; empty for any other."""
        return rules.moud(self.name)


class Reconciliation(OrganisationRow):
    """A nurse or medical provider compared the list with its sources, and signed. Never changed."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reconciliations")
    listed = models.JSONField(help_text="The lines as they stood, each with name and dose.")
    sources = ArrayField(models.CharField(max_length=12, choices=Medication.Source))
    found = models.TextField(help_text="What differed and what was done about it, or that nothing did.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    licence = models.CharField(max_length=80)
    at = models.DateTimeField()


class DrugTest(OrganisationRow):
    """One test, as ordered. What happens with it are its steps."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="drug_tests")
    reason = models.CharField(max_length=300)
    panel = ArrayField(models.CharField(max_length=20))
    expected = ArrayField(
        models.CharField(max_length=20), default=list, help_text="What they take as prescribed would show."
    )
    is_observed = models.BooleanField(default=False, help_text="Somebody is in the room while it is collected.")
    observed_why = models.CharField(max_length=300, blank=True)
    agreed_at = models.DateTimeField(null=True, help_text="When the student said yes to being watched.")
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    stage = models.CharField(max_length=12, choices=[(one, one) for one in rules.Stage], default=rules.Stage.COLLECTION)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_observed=False) | ~Q(observed_why=""), name="a_watched_collection_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "ordered_at"], condition=~Q(stage="done"), name="drug_tests_in_course"
            ),
        ]


class DrugTestStep(OrganisationRow):
    """What happened with a test. Never changed."""

    append_only = True

    test = models.ForeignKey(DrugTest, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12, choices=[(one, one) for one in rules.Step])
    results = models.JSONField(default=dict, help_text="Substance to negative, positive or unclear.")
    words = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(step__in=["talked", "declined", "cancelled"]) | ~Q(words=""),
                name="a_talk_about_a_test_is_written_down",
            ),
        ]

    @property
    def happened(self) -> rules.Happened:
        return rules.Happened(rules.Step(self.step), self.results)


class NaloxoneGiven(OrganisationRow):
    """Naloxone that was handed over. Never changed."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="naloxone")
    to = models.CharField(max_length=160, help_text="Who took it: the student, or somebody of theirs.")
    taught = models.BooleanField(help_text="How and when to use it was shown.")
    expires_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class WithdrawalCheck(OrganisationRow):
    """What somebody told of stopping or using less, and the severity that followed. Never changed."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="withdrawal_checks")
    stopped = ArrayField(models.CharField(max_length=20), default=list)
    signs = ArrayField(models.CharField(max_length=20), default=list)
    severity = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "at"], name="withdrawal_checks_of_a_patient")]


class MedicationReminder(OrganisationRow):
    """A time of day at which a student wants to be reminded, by the clock of `zone`. It says of what to nobody."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="medication_reminders")
    time = models.TimeField()
    zone = models.CharField(max_length=64)
    set_at = models.DateTimeField()
    last_on = models.DateField(null=True, help_text="The day, in `zone`, on which it was sent last.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "time"], name="a_student_is_reminded_once_at_a_time_of_day"),
        ]
        indexes = [models.Index(fields=["zone", "time"], name="reminders_by_the_clock")]


def mark_of(rows: list[Medication]) -> str:
    """What shows that these very lines were on a screen."""
    return sha256(" ".join(str(row.pk) for row in rows).encode()).hexdigest()


def listed(rows: list[Medication]) -> list[dict[str, str]]:
    """The list as a reconciliation keeps it."""
    return [{"name": row.name, "dose": row.dose} for row in rows]


def changed_at(rows: list[Medication]) -> datetime | None:
    """When a line was last written or ended; None for an empty list."""
    moments = [moment for row in rows for moment in (row.written_at, row.ended_at) if moment is not None]
    return max(moments, default=None)
