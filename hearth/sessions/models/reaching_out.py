"""Somebody who missed sessions is reached out to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.sessions.models.meeting import Session


class Outreach(OrganisationRow):
    """Somebody missed sessions and is reached out to. It stays open until they were reached or came again."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        CAME = "came", _("Came again")
        ENDED = "ended", _("Left the program")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="outreaches")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="outreaches", help_text="The last one missed before it began."
    )
    misses = models.PositiveSmallIntegerField(help_text="Sessions missed in a row, without excuse, when it began.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(closed_at=None), name="one_open_outreach_for_a_student"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_outreach_says_how_it_went",
            ),
        ]


class OutreachAttempt(OrganisationRow):
    """One try to reach somebody, whether it reached them, and what was said."""

    append_only = True

    class How(models.TextChoices):
        CALL = "call", _("Call")
        TEXT = "text", _("Text message")
        MAIL = "mail", _("E-mail")
        FAMILY = "family", _("Through family they named")
        VISIT = "visit", _("Visit")

    outreach = models.ForeignKey(Outreach, on_delete=models.PROTECT, related_name="attempts")
    how = models.CharField(max_length=10, choices=How)
    reached = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
