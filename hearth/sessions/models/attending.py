"""Who is on a roster, and when they were there."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Modality, Patient
from hearth.sessions.models.meeting import Session


class Attendance(OrganisationRow):
    """One student on the roster of one session, and whether and how long they were there."""

    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        PRESENT = "present", _("Present")
        LATE = "late", _("Late")
        LEFT_EARLY = "left", _("Left early")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")

    class KeptOut(models.TextChoices):
        FULL = "full", _("The video room was full")
        DOWN = "down", _("The video room did not answer")
        DOOR = "door", _("Waited at the door of the video room and was not let in")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="roster")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="attendances")
    modality = models.CharField(
        max_length=10, choices=Modality, help_text="How they take part: as planned until it is known how they came."
    )
    planned = models.CharField(
        max_length=10, choices=Modality, blank=True, help_text="How they were to take part; empty: as `modality` says."
    )
    modality_reason = models.CharField(
        max_length=200, blank=True, help_text="Why staff said how they took part; empty: it follows from what is known."
    )
    by_video_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when they come by video this once, instead of to their seat on site."
    )
    kept_out = models.CharField(
        max_length=8, choices=KeptOut, blank=True, help_text="Why they could not be let in when they came last."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.EXPECTED)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0, help_text="Attended; 0 until the session is over.")
    source = models.CharField(max_length=10, blank=True, help_text="How they were first known to be there.")
    reason = models.CharField(max_length=200, blank=True)
    excused_by_death = models.BooleanField(
        default=False, help_text="Absent, and excused because their death was recorded: absent again if it was not so."
    )
    location = models.CharField(
        max_length=200, blank=True, help_text="Where someone who takes part by video says they are, for emergencies."
    )
    said_beside = models.CharField(
        max_length=800,
        blank=True,
        help_text="What a part of the house above this one says in their note, such as a method and how it ended.",
    )
    mood_in = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10.")
    mood_out = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "patient"], name="a_student_is_once_on_a_roster"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")), name="nobody_leaves_before_arriving"
            ),
            models.CheckConstraint(
                condition=(Q(mood_in=None) | Q(mood_in__lte=10)) & (Q(mood_out=None) | Q(mood_out__lte=10)),
                name="a_mood_is_0_to_10",
            ),
        ]
        indexes = [models.Index(fields=["patient", "session"], name="attendance_of_a_patient")]


class Presence(OrganisationRow):
    """A stretch of time that somebody was there, from one source. Wrong ones are voided, never deleted or changed;
    one by video still gets its end then, because leaving the room is a fact, and stands again where staff take back
    what they said while its student was in the room.

    `Attendance` holds what follows from those that stand: arrival, leaving, minutes and status.
    """

    class Source(models.TextChoices):
        OWN = "own", _("own tap")
        WAITING = "waiting", _("own tap before the video room")
        SITE = "site", _("code in the room")
        VIDEO = "video", _("video room")
        STAFF = "staff", _("staff")

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="presences")
    source = models.CharField(max_length=10, choices=Source)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Empty while they are there.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True, blank=True, help_text="When staff said it; empty: as it was recorded.")
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="a_presence_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["attendance"], name="presences_of_a_place")]
