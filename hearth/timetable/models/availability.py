"""When students could come, and on which dates they cannot."""

from datetime import time

from django.db import models
from django.db.models import F, Q

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.timetable.one_offs import Dates


def minutes_after_midnight(moment: time | None) -> int | None:
    """17:30 as 1050."""
    return None if moment is None else moment.hour * 60 + moment.minute


class Availability(OrganisationRow):
    """The hours in which a student (or their family) could come, most weeks. One current row each."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="availabilities")
    hours = models.JSONField(
        default=list,
        help_text='[{"day": 0, "from": "17:30", "to": "21:00", "preference": "best"}]; Monday is 0. Without a '
        "preference the student could come.",
    )
    family_hours = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-entered_at"], name="availability_newest_first")]


class SuggestedHours(OrganisationRow):
    """Hours that a guardian suggests for a minor. They count once the young person or staff keep them."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="hours_suggested")
    hours = models.JSONField(default=list, help_text="As in Availability.")
    note = models.CharField(max_length=300, blank=True)
    suggested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    was_taken = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(decided_at=None), name="one_suggestion_of_hours_waits_at_a_time"
            ),
        ]


class OneOff(OrganisationRow):
    """Dates, or a part of one date, on which a student cannot come, beside their usual week.

    Times are wall-clock times of the organisation's zone; without them the whole days are meant.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="one_offs")
    first_on = models.DateField()
    last_on = models.DateField(help_text="The last of these days, itself inside.")
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    wants_make_up = models.BooleanField(null=True, blank=True, help_text="Empty until the student has answered.")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_one_off_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(starts__lt=F("ends"), last_on=F("first_on")),
                name="a_one_off_with_times_is_part_of_one_day",
            ),
            models.UniqueConstraint(
                fields=["patient", "first_on", "last_on", "starts", "ends"],
                nulls_distinct=False,
                name="a_student_says_once_that_they_cannot_come",
            ),
        ]
        indexes = [models.Index(fields=["patient", "last_on"], name="one_offs_of_a_patient")]

    @property
    def is_whole_day(self) -> bool:
        return self.starts is None

    @property
    def dates(self) -> Dates:
        """The same as plain data."""
        return Dates(
            self.first_on, self.last_on, minutes_after_midnight(self.starts), minutes_after_midnight(self.ends)
        )
