"""The notes of a session."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.sessions.models.contacts import ContactNote
from hearth.sessions.models.meeting import Session


class GroupNote(OrganisationRow):
    """What is said once for all. A draft until signing makes one progress note per student present."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="group_note")
    text = models.TextField(blank=True)
    interventions = models.JSONField(default=list, help_text="Ids of the program packs' lists.")
    process = models.TextField(blank=True, help_text="How the group worked together, naming nobody.")
    plan = models.TextField(blank=True, help_text="What comes next, for all who have no plan of their own here.")
    lines = models.JSONField(
        default=dict,
        help_text="{attendance id: the fields of `rules.notes.Line`}",
    )
    version = models.PositiveIntegerField(default=0, help_text="Counts what was saved.")
    beside = models.JSONField(
        default=dict,
        help_text='{field: [{"value", "by", "name", "at"}]}: what another wrote there at the same time; one is chosen.',
    )
    saved_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "session"],
                condition=models.Q(signed_at__isnull=False),
                name="sessions_with_signed_notes",
            )
        ]


class GroupNoteVersion(OrganisationRow):
    """What one saving changed in a draft, and who wrote it."""

    append_only = True

    note = models.ForeignKey(GroupNote, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    changes = models.JSONField(default=dict, help_text="{field: [before, after]}")
    beside = models.JSONField(default=dict, help_text="{field: value} where another had changed the same field.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="versions_of_a_note_are_numbered"),
        ]


class ProgressNote(OrganisationRow):
    """A student's own signed note of one session or contact. Locked: only addenda follow. Names no other student."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="progress_notes")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="progress_notes")
    contact = models.ForeignKey(
        ContactNote, on_delete=models.PROTECT, null=True, blank=True, related_name="progress_notes"
    )
    body = models.JSONField(help_text="The parts of the note, as facts.md, Group note, lists them.")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body as signed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "patient"], name="one_progress_note_per_student_and_session"),
            models.UniqueConstraint(fields=["contact"], name="one_progress_note_per_contact"),
            models.CheckConstraint(
                condition=Q(session=None, contact__isnull=False) | Q(session__isnull=False, contact=None),
                name="a_note_is_of_a_session_or_of_a_contact",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-signed_at"], name="notes_of_a_patient")]

    @property
    def held_at(self) -> datetime:
        """When the session or contact began. Reads the row of either."""
        found = self.session or self.contact
        assert found is not None
        return found.starts_at if isinstance(found, Session) else found.happened_at


class Addendum(OrganisationRow):
    """Something added to a locked note, never changing it."""

    append_only = True

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
