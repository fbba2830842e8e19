"""Everything that is sent. A row is posted in the deed's transaction and carried out by the worker."""

from datetime import time
from uuid import uuid4

from django.db import models

QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # product default: nobody is woken


class Message(models.Model):
    """A mail or text message to one address, or a push to one device. Says nothing sensitive: it invites to sign in."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        SMS = "sms"
        PUSH = "push"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField(editable=False)
    channel = models.CharField(max_length=4, choices=Channel)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    about = models.UUIDField(
        null=True, help_text="The person it is to or about, by any id of theirs; None: nobody in care."
    )
    key = models.CharField(max_length=200, help_text="The same key is sent once, however often it is posted.")
    posted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    withheld_at = models.DateTimeField(null=True, help_text="When it was stopped. It is never sent after that.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "key"], name="a_message_is_posted_once"),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-posted_at"], name="messages_newest_first"),
        ]


class PushDevice(models.Model):
    """A browser whose person lets it show that something waits. It is never told what, nor anything else."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField(editable=False)
    person = models.UUIDField(help_text="The account of whoever allowed it there.")
    endpoint = models.TextField(help_text="Where the browser's own push service takes a notice for it.")
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    zone = models.CharField(max_length=64, help_text="In which the quiet hours are meant.")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "endpoint"], name="a_browser_is_told_for_one_person"),
        ]
        indexes = [models.Index(fields=["organisation_id", "person"], name="push_devices_of_a_person")]


class Silence(models.Model):
    """Nothing is sent to or about this id or address, because its person has died."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField(editable=False)
    of = models.CharField(max_length=254, help_text="An id of theirs, or the address of their own account.")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "of"], name="there_is_one_silence_of_a_person_or_address"
            ),
        ]
