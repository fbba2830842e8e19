"""Who pays for somebody's care, and what payers said of it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.inquiry.models import Referral
from hearth.people.models import Patient


class Coverage(OrganisationRow):
    """One way somebody's care is paid for, from one day until another. Wrong ones are withdrawn."""

    class Kind(models.TextChoices):
        INSURANCE = "insurance", _("Insurance or Medicaid")
        SELF_PAY = "self_pay", _("They pay themselves")
        SLIDING_SCALE = "sliding_scale", _("Sliding scale")

    class Rank(models.TextChoices):
        PRIMARY = "primary", _("Pays first")
        SECONDARY = "secondary", _("Pays second")
        OTHER = "other", _("Only on file")

    class Relationship(models.TextChoices):
        SELF = "self", _("Themself")
        SPOUSE = "spouse", _("Spouse or partner")
        PARENT = "parent", _("Parent")
        OTHER = "other", _("Somebody else")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    kind = models.CharField(max_length=13, choices=Kind)
    rank = models.CharField(max_length=9, choices=Rank)
    payer = models.CharField(max_length=120, blank=True)
    plan = models.CharField(max_length=120, blank=True)
    group = models.CharField(max_length=60, blank=True)
    member_id = models.BinaryField(help_text="Sealed for this row alone; see coverage.member_id_of.")
    subscriber = models.CharField(max_length=160, blank=True)
    relationship = models.CharField(max_length=6, choices=Relationship, blank=True)
    terms = models.CharField(max_length=300, blank=True, help_text="What was agreed, where no insurance pays.")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True, help_text="The last day inside.")
    source = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="insurance", payer="", source=None), name="an_insurance_names_its_payer"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_coverage_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="a_withdrawn_coverage_says_why"
            ),
            ExclusionConstraint(
                name="one_coverage_pays_first_and_one_second_at_a_time",
                expressions=[
                    ("patient", RangeOperators.EQUAL),
                    ("rank", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="DATERANGE", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(withdrawn_at=None) & ~Q(rank="other"),
            ),
        ]
        indexes = [models.Index(fields=["patient", "rank"], name="coverages_of_a_patient")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What lists call it: the payer, or how it is paid where there is none."""
        return self.payer or self.get_kind_display()


class Benefit(OrganisationRow):
    """What a payer said of one coverage, when, to whom: as staff wrote it down. Only ever added to."""

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="benefits")
    asked_on = models.DateField()
    spoke_with = models.CharField(max_length=120, help_text="Who said so at the payer, or which website.")
    reference = models.CharField(max_length=60, blank=True, help_text="The payer's number of the call.")
    deductible = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    deductible_left = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    copay = models.DecimalField(max_digits=9, decimal_places=2, null=True, help_text="Dollars for each day of care.")
    words = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(deductible=None) | Q(deductible__gte=0))
                & (Q(deductible_left=None) | Q(deductible_left__gte=0))
                & (Q(copay=None) | Q(copay__gte=0)),
                name="no_benefit_is_below_nothing",
            ),
        ]
        indexes = [models.Index(fields=["coverage", "-asked_on"], name="benefits_of_a_coverage")]
