"""Thank-yous of students after a session."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.sessions.models import Session


class Thanks(OrganisationRow):
    """A few words of thanks from somebody who was there. Whoever led the session reads them before anybody else."""

    class To(models.TextChoices):
        GROUP = "group", _("The group")
        STAFF = "staff", _("Whoever led it")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="thanks")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="thanks")
    to = models.CharField(max_length=5, choices=To)
    text = models.CharField(max_length=400)
    reasons = models.JSONField(default=list, help_text="The rules of the circle that it met, by id.")
    written_at = models.DateTimeField()
    is_released = models.BooleanField(null=True, help_text="Whether it may be read; null until staff decided.")
    words = models.CharField(max_length=400, blank=True, help_text="Why not, kindly, to its writer.")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    form_token = models.UUIDField(
        unique=True, editable=False, help_text="Made with the page: a form sent twice is stored once."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_released=None, decided_at=None, decided_by=None)
                | Q(is_released__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="who_decided_of_a_thank_you_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(is_released=False) | ~Q(words=""), name="a_thank_you_is_not_kept_back_without_a_word"
            ),
        ]
        indexes = [
            models.Index(fields=["session"], condition=Q(is_released=None), name="thanks_that_wait"),
            models.Index(fields=["patient", "-written_at"], name="thanks_of_a_patient"),
        ]
