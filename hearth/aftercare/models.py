"""What comes after: the transition plan, the discharge summary, and follow-ups."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.admission.models import Episode
from hearth.measures.models import Response
from hearth.people.models import Patient


class TransitionPlan(OrganisationRow):
    """What a student and their counselor agree for the time after completion."""

    class NextCare(models.TextChoices):
        THERAPY = "therapy", _("Weekly therapy")
        GROUP = "group", _("A support group")
        MEDICATION = "medication", _("Medication care")
        HIGHER = "higher", _("More care than here")
        OTHER = "other", _("Something else")

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="transition_plan")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="transition_plans")
    next_care = models.CharField(max_length=12, choices=NextCare)
    next_provider = models.CharField(max_length=160)
    next_phone = models.CharField(max_length=30, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text="The first appointment.")
    follow_up_on = models.DateField(help_text="When we ask how the first days were.")
    warning_signs = models.TextField(blank=True)
    what_helps = models.TextField(blank=True)
    people = models.TextField(blank=True, help_text="Whom to call, in the student's words.")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="When the student agreed.")


class Discharge(OrganisationRow):
    """The signed summary of a finished episode, as it was that day. Never changed."""

    append_only = True

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="discharge")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="discharges")
    body = models.JSONField(help_text="The parts of the summary, see aftercare.summary.")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()


class FollowUp(OrganisationRow):
    """One check-in after the program: when it is due, when it went out, what came back."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="follow_ups")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="follow_ups")
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    response = models.OneToOneField(Response, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reached_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contact_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "due_on"], name="one_follow_up_of_an_episode_a_day"),
            models.UniqueConstraint(
                fields=["token_digest"], condition=~Q(token_digest=""), name="a_follow_up_token_opens_one_follow_up"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(sent_at__isnull=False) | Q(reached_by__isnull=False),
                name="a_follow_up_is_answered_after_it_went_out_or_by_a_call",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(sent_at=None), name="follow_ups_to_send")]
