"""What takes place: sessions, who was there, and the notes."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Modality, Patient
from hearth.program.models import Room
from hearth.timetable.models import Kind, Section


class SessionQuerySet(models.QuerySet["Session"]):
    def standing(self) -> Self:
        """Not cancelled."""
        return self.filter(cancelled_at=None)


class Session(OrganisationRow):
    """One meeting of a section (or a single one), at an instant."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120)
    topic = models.CharField(max_length=160, blank=True, help_text="Today's topic, from the curriculum.")
    lesson = models.CharField(max_length=80, blank=True, help_text="A lesson id of the pack.")
    facilitator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions_led")
    modality = models.CharField(max_length=10, choices=Modality)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    link = models.URLField(blank=True, help_text="An outside video room, where Hearth's own is not used.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    revision = models.PositiveSmallIntegerField(default=0, help_text="Counts what calendars must hear of.")
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When the revision was last counted up.")

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_session_ends_after_it_starts"),
            models.UniqueConstraint(fields=["section", "starts_at"], name="a_section_meets_once_at_a_time"),
        ]
        indexes = [
            models.Index(fields=["organisation", "starts_at"], name="sessions_in_order"),
            models.Index(fields=["facilitator", "starts_at"], name="sessions_of_a_facilitator"),
        ]

    @property
    def minutes(self) -> int:
        """Planned length in minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def over_at(self) -> datetime:
        """When it ended, or will."""
        return self.ended_at or self.ends_at

    @property
    def is_group(self) -> bool:
        """Whether several students meet, so that something is said for all."""
        return self.kind in (Kind.GROUP, Kind.SKILLS)


class Attendance(OrganisationRow):
    """One student on the roster of one session, and whether and how long they were there."""

    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        PRESENT = "present", _("Present")
        LATE = "late", _("Late")
        LEFT_EARLY = "left", _("Left early")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="roster")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="attendances")
    modality = models.CharField(max_length=10, choices=Modality)
    status = models.CharField(max_length=10, choices=Status, default=Status.EXPECTED)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0, help_text="Attended; 0 until the session is over.")
    source = models.CharField(max_length=10, blank=True, help_text="How they were first known to be there.")
    reason = models.CharField(max_length=200, blank=True)
    location = models.CharField(
        max_length=200, blank=True, help_text="Where someone who takes part by video says they are, for emergencies."
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
    """A stretch of time that somebody was there, from one source. Wrong ones are voided, never deleted or changed.

    `Attendance` holds what follows from those that stand: arrival, leaving, minutes and status.
    """

    class Source(models.TextChoices):
        OWN = "own", _("own tap")
        SITE = "site", _("code in the room")
        STAFF = "staff", _("staff")

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="presences")
    source = models.CharField(max_length=10, choices=Source)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Empty while they are there.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="a_presence_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["attendance"], name="presences_of_a_place")]


class Outreach(OrganisationRow):
    """Somebody missed sessions and is reached out to. It stays open until they were reached or came again."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        CAME = "came", _("Came again")
        ENDED = "ended", _("Left the program")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="outreaches")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="outreaches", help_text="The last one missed before it began."
    )
    misses = models.PositiveSmallIntegerField(help_text="Sessions missed in a row, without excuse, when it began.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(closed_at=None), name="one_open_outreach_for_a_student"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_outreach_says_how_it_went",
            ),
        ]


class OutreachAttempt(OrganisationRow):
    """One try to reach somebody, whether it reached them, and what was said."""

    append_only = True

    class How(models.TextChoices):
        CALL = "call", _("Call")
        TEXT = "text", _("Text message")
        MAIL = "mail", _("E-mail")
        FAMILY = "family", _("Through family they named")
        VISIT = "visit", _("Visit")

    outreach = models.ForeignKey(Outreach, on_delete=models.PROTECT, related_name="attempts")
    how = models.CharField(max_length=10, choices=How)
    reached = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class GroupNote(OrganisationRow):
    """What is said once for all. A draft until signing makes one progress note per student present."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="group_note")
    text = models.TextField(blank=True)
    interventions = models.JSONField(default=list)
    plan = models.TextField(blank=True, help_text="What comes next, for all who have no plan of their own here.")
    lines = models.JSONField(
        default=dict,
        help_text='{attendance id: {"text", "took_part" 1-5, "risk", "risk_text", "goal", "plan", "location"}}',
    )
    saved_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)


class ProgressNote(OrganisationRow):
    """A student's own signed note of one session. Locked: only addenda follow. Names no other student."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="progress_notes")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="progress_notes")
    body = models.JSONField(help_text="The parts of the note, as facts.md, Group note, lists them.")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body as signed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "patient"], name="one_progress_note_per_student_and_session"),
        ]
        indexes = [models.Index(fields=["patient", "-signed_at"], name="notes_of_a_patient")]


class Addendum(OrganisationRow):
    """Something added to a locked note, never changing it."""

    append_only = True

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
