"""Who read and did what. Rows are only ever added: the database role of the web and the worker may not change them."""

from datetime import UTC
from typing import Any
from uuid import uuid4

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import BigIntegerField, Func, Q, TextField
from django.db.models.functions import Cast


class TransactionNumber(Func):
    """PostgreSQL's number of the running transaction: it never repeats and only grows."""

    function = "pg_current_xact_id"
    output_field = TextField()


class Event(models.Model):
    """One deed or one read of a chart, in the same transaction as the deed. Chained afterwards by a `Seal`."""

    append_only = True

    class Kind(models.TextChoices):
        DEED = "deed"
        READ = "read"

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation_id = models.UUIDField(editable=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=4, choices=Kind)
    verb = models.CharField(max_length=80, help_text="feature.past_tense, as in admission.admitted")
    actor_id = models.UUIDField(null=True, help_text="The user; empty for the machine itself.")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=12, blank=True, help_text="HL7 PurposeOfUse, for reads.")
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    written_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    written_in = models.BigIntegerField(
        db_default=Cast(Cast(TransactionNumber(), TextField()), BigIntegerField()),
        editable=False,
        help_text="The transaction that wrote it: sealing finds late committers by it.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "number"], name="events_in_order"),
            models.Index(fields=["patient_id", "-number"], name="events_about_a_patient"),
            models.Index(fields=["actor_id", "-number"], name="events_by_an_actor"),
            models.Index(fields=["organisation_id", "written_in"], name="events_by_transaction"),
        ]

    def content(self) -> dict[str, Any]:
        """Everything that was written down, as plain values; what a seal's digest is made of."""
        return {
            "id": str(self.id),
            "organisation": str(self.organisation_id),
            "at": self.at.astimezone(UTC).isoformat(),
            "written_at": self.written_at.astimezone(UTC).isoformat(),
            "kind": self.kind,
            "verb": self.verb,
            "actor": _text(self.actor_id),
            "subject_kind": self.subject_kind,
            "subject": _text(self.subject_id),
            "patient": _text(self.patient_id),
            "purpose": self.purpose,
            "reason": self.reason,
            "detail": self.detail,
        }


class Seal(models.Model):
    """One event's place in its organisation's chain. Numbered in the order of sealing, from 1, without gaps.

    The last seal of each run is the head: it is signed with Ed25519, and the signature is kept outside too.
    """

    append_only = True
    written_by_auditor_alone = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField(editable=False)
    number = models.BigIntegerField()
    event_number = models.BigIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the event's content, in hexadecimal.")
    previous = models.CharField(max_length=64, help_text="The hash of the seal before it.")
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    signature = models.CharField(max_length=100, blank=True, help_text="Base64; on the last seal of a run.")
    horizon = models.BigIntegerField(
        null=True, help_text="On a head: every transaction below this number had ended when the run began."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "number"], name="seals_are_numbered_once"),
            models.UniqueConstraint(fields=["organisation_id", "event_number"], name="an_event_is_sealed_once"),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "-number"], condition=~Q(signature=""), name="signed_heads_newest_first"
            ),
        ]

    @property
    def is_head(self) -> bool:
        return bool(self.signature)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
