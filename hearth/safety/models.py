"""Concerns, open until a named person has dealt with each, and whom to call where somebody is."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.safety import rules


class Severity(models.TextChoices):
    """How soon a human must act."""

    WATCH = "watch", _("Watch")
    URGENT = "urgent", _("Urgent")
    EMERGENCY = "emergency", _("Emergency")


class ConcernQuerySet(models.QuerySet["Concern"]):
    def open(self) -> Self:
        return self.filter(resolved_at=None)


class Concern(OrganisationRow):
    """A risk somebody disclosed or noticed. It names its source by kind and id, and stays until resolved."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="concerns")
    source_kind = models.CharField(max_length=60, help_text="measures.response, notebook.entry, staff …")
    source_id = models.UUIDField(null=True)
    severity = models.CharField(max_length=10, choices=Severity)
    summary = models.CharField(max_length=300, help_text="What was said or seen, in a sentence for staff.")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    action = models.TextField(blank=True, help_text="What was done, by whom, and what follows.")

    objects = ConcernQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None) | (Q(resolved_by__isnull=False) & ~Q(action="")),
                name="a_concern_is_resolved_by_a_named_person_who_says_what_was_done",
            ),
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "severity"],
                condition=Q(source_id__isnull=False),
                name="one_concern_per_source_and_severity",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "raised_at"], condition=Q(resolved_at=None), name="open_concerns"),
        ]

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def told(self) -> str:
        """The summary for the reader: lines that rules wrote are said in the reader's language, people's own stay."""
        return " ".join(gettext(line) for line in self.summary.splitlines() if line)

    def state(self, *, at: datetime) -> rules.State:
        """Whether somebody has taken it, should have by now, or has dealt with it."""
        return rules.state(
            self.severity, raised_at=self.raised_at, taken_at=self.taken_at, resolved_at=self.resolved_at, at=at
        )


class EmergencyArea(OrganisationRow):
    """Whom to call for somebody in a county, or without one anywhere in a state. The organisation keeps these.

    911 dialled by staff reaches the staff's own county; the dispatch centre of another one has a number of ten figures.
    """

    state = models.CharField(max_length=2)
    county = models.CharField(max_length=80, blank=True, help_text="Empty: the whole state.")
    postal_codes = ArrayField(models.CharField(max_length=5), default=list, blank=True, help_text="ZIP codes inside.")
    dispatch_phone = models.CharField(max_length=30, blank=True, help_text="Ten figures, answered day and night.")
    crisis_name = models.CharField(max_length=120, blank=True, help_text="Who comes: the mobile crisis team.")
    crisis_phone = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=200, help_text="Who said so, or where it is written.")
    checked_on = models.DateField(help_text="When somebody last called or looked it up.")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "state", "county"], name="an_emergency_area_is_kept_once"),
            models.CheckConstraint(
                condition=~Q(dispatch_phone="") | ~Q(crisis_phone=""), name="an_emergency_area_has_somebody_to_call"
            ),
        ]

    @property
    def as_rule(self) -> rules.Area:
        """What decides whether an address lies in it."""
        return rules.Area(str(self.pk), self.state, self.county, frozenset(self.postal_codes))
