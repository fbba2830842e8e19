"""What people need to take part, and who is kept apart."""

from django.db import models
from django.db.models import F, Q

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class Accommodation(OrganisationRow):
    """What somebody needs to take part in a group. The newest row counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="accommodations")
    interpreting = models.CharField(
        max_length=20, blank=True, help_text="The language groups are interpreted into, or captions; empty for none."
    )
    equipment = models.JSONField(default=list, blank=True, help_text='["wheelchair", "hearing_loop"]')
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-entered_at"], name="accommodations_newest_first")]


class KeepApart(OrganisationRow):
    """Two people, or one and a member of staff, who are never in one session. Only supervisors read why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(other=None, member__isnull=False) | Q(other__isnull=False, member=None),
                name="somebody_is_kept_apart_from_one_person",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("patient")), name="nobody_is_kept_apart_from_themselves"
            ),
        ]
