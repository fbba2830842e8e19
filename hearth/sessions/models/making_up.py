"""What somebody missed, and the other times they were offered for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.sessions.models.attending import Attendance


class MakeUp(OrganisationRow):
    """One missed session, and the times offered instead of it until a moment. `place` is the one that was taken."""

    class Status(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Another time is set")
        DECLINED = "declined", _("Said that they cannot")
        LAPSED = "lapsed", _("Not answered in time")
        NOTHING = "nothing", _("No time fits")
        AGAIN = "again", _("The other time fell through")
        NOT_NEEDED = "not_needed", _("Not needed any more")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="make_ups")
    missed = models.OneToOneField(Attendance, on_delete=models.PROTECT, related_name="make_up")
    place = models.OneToOneField(
        Attendance, on_delete=models.PROTECT, null=True, blank=True, related_name="makes_up",
        help_text="Their place in the session that makes up for it.",
    )  # fmt: skip
    options = models.JSONField(default=list, help_text='[{"session": id} or {"staff": id, "starts_at": …, …}]')
    status = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=300, blank=True, help_text="Why they cannot, if they say.")
    looked_at = models.DateTimeField(help_text="When times were last looked for.")
    until = models.DateTimeField(null=True, blank=True, help_text="An answer counts before this moment.")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="accepted", place__isnull=False) | (~Q(status="accepted") & Q(place=None)),
                name="what_is_accepted_has_a_place_and_nothing_else_has",
            ),
            models.CheckConstraint(
                condition=~Q(status="open") | Q(until__isnull=False), name="what_is_offered_has_a_deadline"
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "status"], name="make_ups_of_a_patient"),
            models.Index(fields=["until"], condition=Q(status="open"), name="make_ups_to_answer"),
        ]
