"""A student's private notebook. Only ciphertext is here: the keys that open it never leave their browser."""

from django.db import models
from django.db.models import Q

from hearth.accounts.models import OrganisationRow
from hearth.notebook.rules import LEAST_ITERATIONS
from hearth.people.models import Patient


class NotebookKey(OrganisationRow):
    """The notebook's random key, wrapped twice: by the passphrase and by the printed recovery code.

    Each wrapping is AES-256-GCM under a key that PBKDF2-SHA256 derives in the browser from the words and a salt.
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="notebook_key")
    iterations = models.PositiveIntegerField()
    passphrase_salt = models.BinaryField()
    passphrase_iv = models.BinaryField()
    passphrase_wrapped = models.BinaryField()
    recovery_salt = models.BinaryField()
    recovery_iv = models.BinaryField()
    recovery_wrapped = models.BinaryField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(iterations__gte=LEAST_ITERATIONS), name="a_notebook_key_is_slow_enough_to_guess"
            ),
        ]


class Entry(OrganisationRow):
    """One entry, sealed in the browser: AES-256-GCM with a random iv, bound to the entry's id."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notebook_entries")
    iv = models.BinaryField()
    ciphertext = models.BinaryField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-created_at"], name="notebook_entries_newest_first")]
