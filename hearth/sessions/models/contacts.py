"""Notes of contacts outside sessions: a call, a crisis, a talk with somebody close to the student."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class ContactNote(OrganisationRow):
    """A draft that its author alone writes. Signing makes one progress note of it."""

    class Kind(models.TextChoices):
        """`rules.contacts.Kind`, in words."""

        PHONE = "phone", _("Call with the student")
        CRISIS = "crisis", _("Crisis")
        COLLATERAL = "collateral", _("Talk with somebody close to them")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="contact_notes")
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said = models.JSONField(default=dict, help_text="{field: value}, the fields of `rules.contacts`.")
    version = models.PositiveIntegerField(default=0, help_text="Counts what was saved.")
    happened_at = models.DateTimeField(help_text="When the contact began, as `said` has it.")
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(set_aside_at=None), name="a_contact_note_is_signed_or_set_aside"
            ),
        ]
        indexes = [
            models.Index(
                fields=["author", "happened_at"],
                condition=Q(signed_at=None, set_aside_at=None),
                name="contact_notes_to_sign",
            ),
            models.Index(fields=["patient", "happened_at"], name="contact_notes_of_a_patient"),
        ]

    @property
    def is_open(self) -> bool:
        return self.signed_at is None and self.set_aside_at is None

    @property
    def over_at(self) -> datetime:
        """When the contact ended, as far as its length is written down."""
        minutes = str(self.said.get("minutes") or "")
        return self.happened_at + timedelta(minutes=int(minutes) if minutes.isdecimal() else 0)


class ContactNoteVersion(OrganisationRow):
    """What one saving changed in such a draft."""

    append_only = True

    note = models.ForeignKey(ContactNote, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    changes = models.JSONField(default=dict, help_text="{field: [before, after]}")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="versions_of_a_contact_note_are_numbered"),
        ]
