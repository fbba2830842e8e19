"""Co-signatures: a supervisor reads what somebody under supervision signed, and signs it too. All rows only grow."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User
from hearth.sessions.models.noting import ProgressNote


class CoSignatureAsked(OrganisationRow):
    """A locked note waits for this supervisor; named on the day it was signed."""

    append_only = True

    note = models.OneToOneField(ProgressNote, on_delete=models.PROTECT, related_name="co_signature_asked")
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["supervisor", "at"], name="co_signatures_of_supervisor")]


class CoSignatureRead(OrganisationRow):
    """A supervisor opened a note, with the addenda it then had: only what was read is co-signed."""

    append_only = True

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="co_signature_reads")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    covers = models.CharField(max_length=64, help_text="What stood there: rules.cosigning.covers.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "by", "covers"], name="a_reading_is_written_down_once"),
        ]


class CoSignature(OrganisationRow):
    """The supervisor's signature under a note and its addenda."""

    append_only = True

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="co_signatures")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=300, help_text="Name, credentials and licences on that day.")
    covers = models.CharField(max_length=64, help_text="What was signed: rules.cosigning.covers.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "covers"], name="what_is_co_signed_is_co_signed_once"),
        ]


class SentBack(OrganisationRow):
    """The supervisor asks for an addendum before co-signing. The note itself stays as it is."""

    append_only = True

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="sent_back")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(help_text="What is asked for. Not part of the note.")
    at = models.DateTimeField()
