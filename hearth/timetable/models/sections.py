"""The weekly places that were accepted: what meets, and who has a seat in it."""

from datetime import date, time, timedelta
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Modality, Patient, Population
from hearth.program.models import Interpreter, Program, Room
from hearth.timetable.models.proposals import Proposal


class Kind(models.TextChoices):
    """What meets. The first three parts of a week's dose are counted in these."""

    GROUP = "group", _("Group therapy")
    SKILLS = "skills", _("Life skills")
    INDIVIDUAL = "individual", _("Individual therapy")
    FAMILY = "family", _("Family session")


class SectionQuerySet(models.QuerySet["Section"]):
    def current(self) -> Self:
        return self.filter(ended_on=None)

    def standing_on(self, day: date) -> Self:
        """Those that have begun by `day` and not ended."""
        return self.filter(started_on__lte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def within_week(self, first: date) -> Self:
        """Those that meet in the seven days from `first` on, mostly a Monday."""
        last = first + timedelta(days=6)
        return self.filter(started_on__lte=last).filter(Q(ended_on=None) | Q(ended_on__gt=first))


class Section(OrganisationRow):
    """Something that meets every week at the same local time: a group, or one student's individual hour."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, blank=True, related_name="sections")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    population = models.CharField(max_length=10, choices=Population)
    topic = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, default="en")
    modality = models.CharField(max_length=10, choices=Modality)
    weekday = models.PositiveSmallIntegerField(help_text="Monday is 0.")
    starts = models.TimeField(help_text="Wall-clock time in `time_zone`.")
    minutes = models.PositiveSmallIntegerField()
    time_zone = models.CharField(max_length=64)
    facilitator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sections")
    co_facilitator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    interpreter = models.ForeignKey(Interpreter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sections")
    capacity = models.PositiveSmallIntegerField(default=12)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="sections")

    objects = SectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_weekday_is_0_to_6"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_section_lasts_some_minutes"),
        ]
        indexes = [models.Index(fields=["organisation", "weekday", "starts"], name="sections_of_the_week")]

    @property
    def is_group(self) -> bool:
        """Whether several students meet."""
        return self.kind in (Kind.GROUP, Kind.SKILLS)

    @property
    def leaders(self) -> list[User]:
        """Who leads it: one, or two."""
        return [self.facilitator, self.co_facilitator] if self.co_facilitator else [self.facilitator]

    @property
    def start_minute(self) -> int:
        """Minutes after midnight at which it begins."""
        return self.starts.hour * 60 + self.starts.minute

    @property
    def ends(self) -> time:
        """Wall-clock time at which it ends; 00:00 is midnight."""
        end = (self.start_minute + self.minutes) % (24 * 60)
        return time(end // 60, end % 60)

    def seats_in_all(self) -> int:
        """How many students may hold a place, in this room with those who lead it."""
        helpers = 1 + bool(self.co_facilitator_id) + bool(self.interpreter_id)
        return min(self.capacity, self.room.seats - helpers) if self.room else self.capacity

    def day_in(self, first: date) -> date:
        """The day on which it meets in the seven days from `first` on, mostly a Monday."""
        return first + timedelta(days=(self.weekday - first.weekday()) % 7)

    def meets_on(self, day: date) -> bool:
        """Whether it meets on the day `day`."""
        began = self.started_on <= day and day.weekday() == self.weekday
        return began and (self.ended_on is None or day < self.ended_on)


class Seat(OrganisationRow):
    """A student's place in a section, from one day until another."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="seats")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="seats")
    during = DateRangeField(help_text="First day inside, last day outside; open-ended while active.")
    modality = models.CharField(max_length=10, choices=Modality, help_text="How this student takes part.")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_seat_per_student_and_section_at_a_time",
                expressions=[
                    ("section", RangeOperators.EQUAL),
                    ("patient", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["patient"], name="seats_of_a_patient")]

    def is_held_on(self, day: date) -> bool:
        """Whether the place is this student's on the day `day`."""
        return day in self.during
