"""What somebody said of a paper other than signing it."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class PaperAnswer(OrganisationRow):
    """A paper was put off, or declined as it stood then. Only ever added to; the last word counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="paper_answers")
    paper = models.CharField(max_length=40, help_text="Id in papers.toml.")
    version = models.CharField(
        max_length=20, help_text="Of the text that was read; empty where there is none.", blank=True
    )
    is_no = models.BooleanField(help_text="Declined; else put off.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_patient = models.BooleanField()
    words = models.CharField(max_length=300, blank=True, help_text="What they wrote about it, if they liked.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "paper", "at"], name="paper_answers_of_a_patient")]
