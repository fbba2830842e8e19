"""Psychotherapy notes (45 CFR 164.501) and SUD counseling notes (42 CFR 2.11), apart from every record."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class PrivateNote(OrganisationRow):
    """A clinician's own analysis of what was said. Sealed with a key of its own; PostgreSQL shows it to nobody else.

    Not part of the chart, of exports, of FHIR or of any list: rows exist only inside `tenancy.rows_of(author)`.
    """

    private_to = "author_id"

    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField(help_text="JSON of kind and text, sealed for this row alone.")
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["author", "patient"], name="private_notes_of_an_author")]
        constraints = [
            models.CheckConstraint(
                condition=Q(changed_at__gte=F("written_at")), name="a_private_note_changes_after_it_is_written"
            ),
        ]


class PrivateNoteRelease(OrganisationRow):
    """A named person may read, for some days, what somebody who left wrote privately of one student, if anything."""

    append_only = True

    class Ground(models.TextChoices):
        AUTHORISED = "authorised", _("The student signed an authorization for exactly this")
        EMERGENCY = "emergency", _("A medical emergency (42 CFR 2.51)")
        DANGER = "danger", _("A serious and imminent threat to somebody (45 CFR 164.512(j))")
        COURT = "court", _("A court order, or the law requires it")
        EXAMINER = "examiner", _("A coroner or medical examiner asks (45 CFR 164.512(g))")

    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    authorised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=Ground)
    reason = models.TextField()
    at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reader=F("authorised_by")), name="nobody_authorises_their_own_reading"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_release_of_private_notes_says_why"),
        ]
        indexes = [models.Index(fields=["reader", "patient", "ends_at"], name="releases_for_a_reader")]
