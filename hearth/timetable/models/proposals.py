"""Weeks that are proposed: by the solver, or drafted by hand."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User


class Proposal(OrganisationRow):
    """A week the solver proposes. Staff accept it or let it go; nothing happens before.

    An accepted part of it, and a week worked out again from it, are proposals of their own, `based_on` it. One with
    a `change` only asks what would be: it is looked at and never accepted. One that finds `cover` holds for its week
    alone and changes the places of those alone who lose something because staff are away.
    """

    class Status(models.TextChoices):
        SOLVING = "solving", _("Being worked out")
        READY = "ready", _("Ready to look at")
        ACCEPTED = "accepted", _("Accepted")
        UNDONE = "undone", _("Taken back")
        DROPPED = "dropped", _("Let go")
        FAILED = "failed", _("Could not be worked out")

    week_of = models.DateField(help_text="The Monday from which it would hold.")
    status = models.CharField(max_length=10, choices=Status, default=Status.SOLVING)
    programs = models.JSONField(default=list, help_text="Ids of the programs it is for; empty: everyone.")
    change = models.JSONField(null=True, blank=True, help_text="What would be changed, of a what-if (`what_if.py`).")
    cover = models.JSONField(null=True, blank=True, help_text="Who is away when (`cover.py`), of one that finds cover.")
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pinned = models.JSONField(null=True, blank=True, help_text="The places that were to stay, as a solution.")
    board = models.JSONField(default=dict)
    solution = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    unplaced = models.JSONField(default=list, help_text="[{patient, kind, minutes, conflict, hours, remedy}]")
    progress = models.JSONField(default=dict)
    deeds = models.JSONField(default=dict, help_text="What accepting it changed, so that it can be taken back.")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(change__isnull=True) | ~Q(status="accepted"), name="what_would_be_is_never_accepted"
            ),
            models.CheckConstraint(
                condition=Q(change__isnull=True) | Q(cover__isnull=True), name="cover_is_no_what_if"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="proposals_newest_first")]

    @property
    def is_what_if(self) -> bool:
        """Whether it only asks what would be."""
        return self.change is not None


class WeekDraft(OrganisationRow):
    """Changes to one week that planners collect by hand. Nothing holds before it is published, as a proposal."""

    class Status(models.TextChoices):
        OPEN = "open", _("Being worked on")
        PUBLISHED = "published", _("Published")
        DROPPED = "dropped", _("Let go")

    week_of = models.DateField(help_text="The Monday from which it would hold.")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=0, help_text="Goes up with every change, undo and redo.")
    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="draft", help_text="As published."
    )
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "week_of"], condition=Q(status="open"), name="a_week_has_one_open_draft"
            ),
        ]


class DraftMove(OrganisationRow):
    """One change in a draft, in order. Undone ones stay until a new change is made, so that they can be redone."""

    draft = models.ForeignKey(WeekDraft, on_delete=models.CASCADE, related_name="moves")
    number = models.PositiveIntegerField(help_text="1 is the first.")
    move = models.JSONField(help_text="As `moving_json` writes it.")
    is_undone = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="changes_of_a_draft_are_numbered"),
        ]
