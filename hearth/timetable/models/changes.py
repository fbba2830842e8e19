"""What people hear of their week: changes they are offered, notices, and their calendar's feed."""

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.timetable.models.sections import Section


class ChangeOffer(OrganisationRow):
    """A changed place that staff offer a student, who says yes or no until a moment; nothing changes before.

    The place in `from_section` becomes one in `to_section`, or, for an hour alone, that hour moves to `weekday`
    and `starts`; from the day `from_on` on.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Said yes")
        DECLINED = "declined", _("Said no")
        LAPSED = "lapsed", _("Not answered in time")
        WITHDRAWN = "withdrawn", _("Taken back")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="change_offers")
    from_section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    to_section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Monday is 0.")
    starts = models.TimeField(null=True, blank=True)
    from_on = models.DateField(help_text="The Monday from which it would hold.")
    until = models.DateTimeField(help_text="An answer counts before this moment.")
    note = models.CharField(max_length=300, blank=True, help_text="What the student reads beside it.")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    reason = models.CharField(max_length=300, blank=True, help_text="Why the student cannot, if they say.")
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_section__isnull=False, weekday=None, starts=None)
                | Q(to_section=None, weekday__lte=6, starts__isnull=False),
                name="a_change_leads_to_a_section_or_to_a_time",
            ),
            models.UniqueConstraint(
                fields=["patient", "from_section"],
                condition=Q(status="open"),
                name="one_change_of_a_place_is_offered_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-offered_at"], name="changes_of_a_patient"),
            models.Index(fields=["until"], condition=Q(status="open"), name="changes_waiting_for_an_answer"),
        ]

    @property
    def from_day(self) -> str:
        """The weekday as it is, in words."""
        return str(WEEKDAYS[self.from_section.weekday])

    @property
    def to_day(self) -> str:
        """The weekday as it would be, in words."""
        return str(WEEKDAYS[self.new_weekday])

    @property
    def new_ends(self) -> time:
        """Wall-clock time at which the offered session ends."""
        minutes = (self.to_section or self.from_section).minutes
        end = (self.new_starts.hour * 60 + self.new_starts.minute + minutes) % (24 * 60)
        return time(end // 60, end % 60)

    @property
    def new_weekday(self) -> int:
        return self.to_section.weekday if self.to_section else self.weekday or 0

    @property
    def new_starts(self) -> time:
        return self.to_section.starts if self.to_section else self.starts or time()


class WeekNotice(OrganisationRow):
    """Tells one person that their week changes. It stands on their screen until they say that they saw it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="week_notices")
    week_of = models.DateField(help_text="The Monday from which it is different.")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "week_of"], condition=Q(seen_at=None), name="one_unseen_notice_for_a_week"
            ),
        ]


class CalendarFeed(OrganisationRow):
    """A private iCalendar address of one user. The token is kept as its SHA-256 alone."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
