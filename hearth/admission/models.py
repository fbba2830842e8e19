"""Level-of-care assessments and episodes of care."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import hearth.admission.barrier_models
import hearth.admission.card_models
import hearth.admission.coverage_models
import hearth.admission.score_models  # noqa: F401
from hearth.accounts.models import OrganisationRow, User
from hearth.admission.rules import Edition
from hearth.people.models import Patient
from hearth.program.models import Program


class Assessment(OrganisationRow):
    """Findings on the six dimensions, what they add up to, and the clinician's signed decision."""

    class Editions(models.TextChoices):
        THIRD = Edition.THIRD.value, _("ASAM Criteria, third edition")
        FOURTH = Edition.FOURTH.value, _("ASAM Criteria, fourth edition")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assessments")
    edition = models.CharField(
        max_length=20, choices=Editions, default=Editions.FOURTH, help_text="The edition at hand when they were rated."
    )
    findings = models.JSONField(
        default=dict,
        help_text='{"1": {"rating": 0-4, "note": text}, … "6": …}, numbered as in the fourth edition always.',
    )
    recommended_level = models.CharField(max_length=20, blank=True)
    reasons = models.JSONField(default=list, help_text="Sentences the rules gave when findings were stored.")
    decided_level = models.CharField(max_length=20, blank=True)
    rationale = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None) | (Q(signed_by__isnull=False) & ~Q(decided_level="")),
                name="a_signed_assessment_names_its_clinician_and_level",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-recorded_at"], name="assessments_of_a_patient")]


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def active(self) -> Self:
        return self.filter(ended_at=None)


class Episode(OrganisationRow):
    """One stay in a program (FHIR EpisodeOfCare), from admission to completion or leaving."""

    class EndReason(models.TextChoices):
        COMPLETED = "completed", _("Completed the program")
        STEPPED_UP = "stepped_up", _("Moved to a higher level of care")
        TRANSFERRED = "transferred", _("Transferred to another provider")
        LEFT = "left", _("Chose to leave early")
        LOST = "lost", _("Lost contact")
        ADMINISTRATIVE = "administrative", _("Administrative")
        DIED = "died", _("Died")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="episodes")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="episodes")
    track = models.CharField(max_length=40, help_text="A track of the program's pack.")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, null=True, related_name="episodes")
    admitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    admitted_at = models.DateTimeField()
    starts_on = models.DateField()
    planned_end_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(ended_at=None), name="a_patient_has_one_active_episode"
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on__gt=models.F("starts_on")), name="an_episode_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(end_reason=""), name="an_ended_episode_says_why"),
        ]
        indexes = [models.Index(fields=["organisation", "ended_at"], name="active_episodes")]

    @property
    def is_active(self) -> bool:
        return self.ended_at is None
