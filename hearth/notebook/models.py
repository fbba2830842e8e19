"""What a notebook leaves with us: keys we cannot use and words we cannot read."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from hearth.accounts.models import OrganisationRow
from hearth.notebook import rules
from hearth.people.models import Patient

BASE64_OF_LARGEST_ENTRY = -(-rules.LARGEST_ENTRY // 3) * 4  # characters


class NotebookKey(OrganisationRow):
    """A notebook's data key, wrapped twice in the browser: by the passphrase and by the recovery code. Base64."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="notebook_key")
    iterations = models.PositiveIntegerField(help_text="Rounds of PBKDF2-HMAC-SHA256 over the passphrase.")
    passphrase_salt = models.CharField(max_length=32)
    passphrase_iv = models.CharField(max_length=24)
    passphrase_wrapped = models.CharField(max_length=80)
    recovery_salt = models.CharField(max_length=32)
    recovery_iv = models.CharField(max_length=24)
    recovery_wrapped = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(iterations__gte=rules.LEAST_ITERATIONS),
                name="a_passphrase_is_stretched_by_600000_rounds_or_more",
            ),
        ]


class Entry(OrganisationRow):
    """One entry, AES-256-GCM under its notebook's data key, bound to its id and version. Its id is the browser's."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notebook_entries")
    key = models.ForeignKey(NotebookKey, on_delete=models.CASCADE, related_name="entries")
    iv = models.CharField(max_length=24, help_text="Base64 of 12 bytes, new with every version.")
    ciphertext = models.TextField(help_text="Base64, at most 200 kB of bytes, the tag of 16 bytes last.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    beside = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What was written in between on another device, where both are kept.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("ciphertext"), BASE64_OF_LARGEST_ENTRY),
                name="an_entry_holds_at_most_200_kilobytes",
            ),
            models.CheckConstraint(
                condition=Q(ciphertext__regex=r"^[A-Za-z0-9+/]+={0,2}$"),
                name="an_entry_is_base64_and_never_plain_words",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-created_at"], name="notebook_newest_first")]


class Arrival(OrganisationRow):
    """Something written that reached us: sent again, it does nothing. Its id is the device's."""

    notebook = models.ForeignKey(NotebookKey, on_delete=models.CASCADE, related_name="arrivals")
    entry = models.UUIDField(help_text="The entry that it made or changed, also once that is deleted.")
    version = models.PositiveIntegerField(help_text="The version that it made of it.")


class SharedEntry(OrganisationRow):
    """One entry's words as its writer lets their care team read them. Gone once they no longer do."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="shared_entries")
    entry = models.UUIDField(unique=True, help_text="The entry of the notebook whose words these are.")
    version = models.PositiveIntegerField(help_text="The version of the entry that they were taken from.")
    text = models.TextField(max_length=rules.LONGEST_SHARED, help_text="As it was when it was shared.")
    written_at = models.DateTimeField(help_text="When the entry was begun.")
    shared_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-shared_at"], name="shared_entries_newest_first")]
