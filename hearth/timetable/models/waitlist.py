"""Who waits for a place, and the places they were offered."""

from collections import Counter
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.program.models import Program


class WaitlistEntry(OrganisationRow):
    """Somebody without an episode who waits for a place: a known person, or an inquiry by its UUID."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PLACED = "placed", _("Has a place")
        REMOVED = "removed", _("No longer waiting")

    class Risk(models.IntegerChoices):
        NONE = 0, _("None that we know of")
        RAISED = 1, _("Raised risk")
        HIGH = 2, _("High risk")

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="waitlist_entries"
    )
    inquiry_id = models.UUIDField(null=True, blank=True, help_text="The inquiry they wait for, where no chart is open.")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="waitlist")
    needs = models.JSONField(help_text="Pack, track, languages, modality, state and hours; see `newcomer_needs`.")
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(help_text="Since when they wait; the last thing that decides the order.")
    is_pregnant = models.BooleanField(
        default=False, help_text="As they told us; counts where `waitlist_order` says so."
    )
    injects = models.BooleanField(default=False, help_text="Injects drugs, as they told us; counts like the above.")
    risk = models.PositiveSmallIntegerField(choices=Risk, default=Risk.NONE, help_text="While they wait.")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(patient__isnull=False, inquiry_id=None) | Q(patient=None, inquiry_id__isnull=False),
                name="a_person_or_an_inquiry_waits",
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(status="waiting"), name="a_person_waits_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["inquiry_id"], condition=Q(status="waiting"), name="an_inquiry_waits_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "status", "added_at"], name="waitlist_longest_first")]


class InterimSupport(OrganisationRow):
    """Something that was offered to somebody for the time in which they wait."""

    class Kind(models.TextChoices):
        CRISIS_PLAN = "crisis_plan", _("A crisis plan, made together")
        SKILLS = "skills", _("Skills to begin with")
        CHECK_INS = "check_ins", _("Check-ins by phone or text")
        HEALTH = "health", _("Prenatal care, and advice on HIV and tuberculosis")
        OTHER = "other", _("Something else")

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.PROTECT, related_name="supports")
    kind = models.CharField(max_length=11, choices=Kind)
    is_wanted = models.BooleanField(help_text="Whether they said yes to it.")
    note = models.CharField(max_length=500, blank=True)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["entry", "offered_at"], name="supports_while_waiting")]


class PlaceOfferQuerySet(models.QuerySet["PlaceOffer"]):
    def holding(self) -> Self:
        """Those that keep their places from everyone else."""
        return self.filter(status__in=HOLDING, entry__status=WaitlistEntry.Status.WAITING)

    def seats(self) -> Counter[tuple[int, int, str]]:
        """How many seats these keep, by weekday, minute of the start and who leads."""
        kept: Counter[tuple[int, int, str]] = Counter()
        for sessions in self.values_list("sessions", flat=True):
            kept.update((one["day"], one["start"], one["staff"]) for one in sessions if "population" in one)
        return kept


class PlaceOffer(OrganisationRow):
    """A whole week that somebody who waits is offered until a moment; its places are kept for them."""

    class Status(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Said yes")
        PASSED = "passed", _("Passed on")
        EXPIRED = "expired", _("Not answered in time")

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.PROTECT, related_name="offers")
    sessions = models.JSONField(help_text="[{kind, modality, day, start, minutes, staff, and for groups the rest}]")
    starts_on = models.DateField(help_text="The Monday from which it could be had.")
    made_at = models.DateTimeField()
    until = models.DateTimeField(help_text="An answer counts before this moment.")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PlaceOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(status__in=["open", "accepted"]), name="one_place_is_offered_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "status", "until"], name="offers_by_deadline")]


HOLDING = (PlaceOffer.Status.OPEN, PlaceOffer.Status.ACCEPTED)
