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


class ProgramPapers(OrganisationRow):
    """What the program somebody comes to asks of them, as its pack said when staff chose it; the last choice holds."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="program_papers")
    program = models.CharField(max_length=120, help_text="Its name; a program has its own name in an organisation.")
    track = models.CharField(max_length=40, help_text="A track of the program's pack.")
    papers = models.JSONField(
        default=dict, blank=True, help_text='{"school_contact": {"en": why, "es": why}}; ids of papers.toml.'
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
