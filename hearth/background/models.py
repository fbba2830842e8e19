"""The biopsychosocial assessment: versions of it, who answered what and when, and what was signed."""

from django.db import models
from django.db.models import Q

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class Background(OrganisationRow):
    """One version of what brought somebody here and what they live with. Open until it is signed, then locked."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="backgrounds")
    version = models.PositiveSmallIntegerField()
    questions = models.PositiveSmallIntegerField(help_text="Which version of the questionnaire is asked.")
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="When the student said: that is all for now.")
    summary = models.TextField(blank=True, help_text="The clinician's draft; what was signed stands in the signature.")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "version"], name="versions_of_a_background_are_numbered"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(signed_at=None), name="a_patient_has_one_open_background"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.signed_at is None


class BackgroundAnswer(OrganisationRow):
    """What somebody said to one question at one moment. The newest of an item counts; earlier ones are the history."""

    append_only = True

    background = models.ForeignKey(Background, on_delete=models.PROTECT, related_name="answers")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="background_answers")
    item = models.CharField(max_length=40)
    value = models.JSONField(help_text='Text, a code, or a list of codes; "" or [] where an answer was taken back.')
    own = models.BooleanField(help_text="The student wrote it; else staff did.")
    confirms = models.CharField(max_length=60, blank=True, help_text="Said to be still true: what told it, and when.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["background", "item", "at"], name="answers_of_a_background")]


class BackgroundLook(OrganisationRow):
    """Somebody saved a section, or skipped it, at one moment."""

    append_only = True

    background = models.ForeignKey(Background, on_delete=models.PROTECT, related_name="looks")
    section = models.CharField(max_length=40)
    skipped = models.BooleanField(default=False)
    own = models.BooleanField(help_text="The student did; else staff.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["background", "at"], name="looks_at_a_background")]


class BackgroundSignature(OrganisationRow):
    """A version as a licensed clinician signed it, with their summary. Never changed; only addenda follow."""

    append_only = True

    background = models.OneToOneField(Background, on_delete=models.PROTECT, related_name="signature")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="background_signatures")
    body = models.JSONField(help_text="Everything it says, in words and codes, see background.paper.")
    summary = models.TextField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body and the summary as signed.")
    licence = models.CharField(max_length=80)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(summary="") & ~Q(licence=""), name="a_signed_background_has_a_summary_and_a_licence"
            ),
        ]


class BackgroundAddendum(OrganisationRow):
    """Something added to a signed version, never changing it."""

    append_only = True

    background = models.ForeignKey(Background, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
