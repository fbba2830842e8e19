"""Hearth's own video room: where it stands on Janus, who waits and who is in, and the tickets that were spent."""

import secrets
from uuid import UUID

from django.db import models
from django.db.models import Q

from hearth.accounts.models import OrganisationRow, User
from hearth.sessions.models.attending import Attendance
from hearth.sessions.models.meeting import Session


def random_name() -> str:
    """A name or secret that nobody guesses."""
    return secrets.token_hex(16)


class VideoServer(models.Model):
    """What operators said of one Janus of the pool. Its address and secrets are settings; it holds no health facts."""

    open_before_sign_in = True

    name = models.CharField(max_length=40, primary_key=True)
    draining_since = models.DateTimeField(null=True, blank=True, help_text="No new room is placed there any more.")


class VideoRoom(OrganisationRow):
    """The video room of one session. `server` is the Janus it stands on now; another one after that was lost."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="video_room")
    name = models.CharField(max_length=32, default=random_name, editable=False, help_text="Its id on Janus.")
    secret = models.CharField(
        max_length=32, default=random_name, editable=False, help_text="What Janus asks of whoever changes the room."
    )
    server = models.CharField(max_length=40, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Ended for everyone.")


class SideRoom(OrganisationRow):
    """A small room beside the large one, on the same Janus: for a private talk with staff, or for a pair at work."""

    class Kind(models.TextChoices):
        PRIVATE = "private"
        PAIR = "pair"

    room = models.ForeignKey(VideoRoom, on_delete=models.PROTECT, related_name="sides")
    kind = models.CharField(max_length=8, choices=Kind)
    number = models.PositiveSmallIntegerField(default=1, help_text="Among those that were opened together.")
    needs_staff = models.BooleanField(help_text="Nobody is in it without somebody who leads.")
    name = models.CharField(max_length=32, default=random_name, editable=False, help_text="Its id on Janus.")
    secret = models.CharField(
        max_length=32, default=random_name, editable=False, help_text="What Janus asks of whoever changes the room."
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(needs_staff=True) | Q(kind="pair"), name="nobody_is_in_a_private_talk_without_staff"
            ),
        ]


class VideoPlace(OrganisationRow):
    """One person's place in a video room: waiting, admitted, in, or removed. It is kept while a connection is lost."""

    room = models.ForeignKey(VideoRoom, on_delete=models.PROTECT, related_name="places")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    attendance = models.ForeignKey(
        Attendance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty for staff, family and interpreters.",
    )
    side = models.ForeignKey(
        SideRoom,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        help_text="Empty: the large room.",
    )
    leads = models.BooleanField(help_text="Staff who lead the session: they admit, mute, remove, share and end.")
    token = models.CharField(
        max_length=32, default=random_name, editable=False, help_text="Janus's list of the allowed."
    )
    asked_at = models.DateTimeField(help_text="When they first came to the door.")
    admitted_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    connection = models.UUIDField(null=True, blank=True, help_text="The one connection that holds this place now.")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="Its last sign of life; empty once they left.")
    joined_at = models.DateTimeField(null=True, blank=True, help_text="In the room on Janus since; empty while not.")
    turned_away_at = models.DateTimeField(null=True, blank=True, help_text="The room was full when they last came.")
    hand_at = models.DateTimeField(null=True, blank=True, help_text="Their hand is raised since.")
    is_muted = models.BooleanField(default=False)
    muted_by_staff = models.BooleanField(default=False)
    has_video = models.BooleanField(default=True)
    is_sharing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "user"], name="a_person_is_once_in_a_video_room"),
            models.CheckConstraint(
                condition=Q(is_sharing=False) | Q(leads=True), name="only_those_who_lead_share_a_screen"
            ),
        ]

    @property
    def meets(self) -> VideoRoom | SideRoom:
        """The room on Janus in which they are, or will be."""
        return self.side or self.room

    @property
    def patient_id(self) -> UUID | None:
        """The student whose place it is; None for staff and family."""
        return self.attendance.patient_id if self.attendance else None


class SpentTicket(OrganisationRow):
    """A ticket to a video room that was used, so that no process takes it again."""

    digest = models.CharField(max_length=64)
    spent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="a_ticket_opens_the_door_once"),
        ]
