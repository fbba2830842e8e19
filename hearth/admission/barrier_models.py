"""What is in the way of somebody's coming, and who sees to it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class Barrier(OrganisationRow):
    """One thing in the way, with an owner and a day, until something became of it."""

    class Kind(models.TextChoices):
        DEVICE = "device", _("A device or data to borrow")
        SEAT = "seat", _("A seat here for groups by video")
        DIAL_IN = "dial_in", _("Dialing in by phone")
        RIDE = "ride", _("A ride or bus pass")
        CHILDCARE = "childcare", _("Childcare")
        PAPERS = "papers", _("Papers, Medicaid or ID")
        CURFEW = "curfew", _("Curfew or supervision hours")
        OTHER = "other", _("Something else")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="barriers")
    kind = models.CharField(max_length=9, choices=Kind)
    words = models.CharField(max_length=300, help_text="What is to be done.")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    became = models.CharField(max_length=300, blank=True, help_text="What came of it.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | (Q(done_by__isnull=False, done_at__gte=F("noted_at")) & ~Q(became="")),
                name="a_barrier_that_is_gone_says_what_became_of_it",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="open_barriers_of_an_owner"),
            models.Index(fields=["patient", "due_on"], name="barriers_of_a_patient"),
        ]
