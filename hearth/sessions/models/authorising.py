"""What a payer approved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.admission.coverage_models import Coverage
from hearth.admission.models import Episode
from hearth.people.models import Patient


class Authorisation(OrganisationRow):
    """So many hours or days that a payer approved for one stay, within its dates. Wrong ones are withdrawn.

    What is used of it is never stored: `rules.ledger` works it out from who was there.
    """

    class Unit(models.TextChoices):
        HOURS = "hours", _("hours")
        DAYS = "days", _("days")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="authorisations")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="authorisations")
    coverage = models.ForeignKey(
        Coverage,
        on_delete=models.PROTECT,
        null=True,
        related_name="authorisations",
        help_text="Under which it was asked.",
    )
    payer = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True, help_text="The payer's own number for it.")
    first_on = models.DateField()
    last_on = models.DateField(help_text="The last day inside.")
    unit = models.CharField(max_length=5, choices=Unit)
    approved = models.PositiveSmallIntegerField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="an_authorisation_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(approved__gt=0), name="an_authorisation_approves_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="a_withdrawn_authorisation_says_why"
            ),
        ]
        indexes = [models.Index(fields=["episode", "last_on"], name="authorisations_of_a_stay")]


class HoursPicture(OrganisationRow):
    """What lists say of the hours of one stay. The worker makes it anew, and the ledger alone is right.

    The week is the last full one (none before there is one). `missing` is 0 unless it was short of the dose.
    """

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="hours_picture")
    runs_out_on = models.DateField(null=True, help_text="The first day with sessions that no payer has approved.")
    warn_from = models.DateField(null=True, help_text="From when on staff are told of it.")
    week_number = models.PositiveSmallIntegerField(null=True)
    week_starts_on = models.DateField(null=True)
    week_ends_on = models.DateField(null=True)
    prescribed = models.PositiveIntegerField(default=0)
    attended = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "warn_from"], name="stays_running_out"),
            models.Index(fields=["organisation", "-missing"], name="stays_below_their_dose"),
        ]
