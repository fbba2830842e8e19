"""Who read and did what. Rows are only ever added: the database role of the web and the worker may not change them."""

from uuid import uuid4

from django.db import models


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

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "number"], name="events_in_order"),
            models.Index(fields=["patient_id", "-number"], name="events_about_a_patient"),
            models.Index(fields=["actor_id", "-number"], name="events_by_an_actor"),
        ]
