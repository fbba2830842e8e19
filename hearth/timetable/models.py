"""Availability, proposals, and the weekly places that were accepted."""

from datetime import date, time, timedelta
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Modality, Patient, Population
from hearth.program.models import Interpreter, Program, Room
from hearth.timetable.one_offs import Dates
from hearth.timetable.waitlist_models import PlaceOffer as PlaceOffer
from hearth.timetable.waitlist_models import WaitlistEntry as WaitlistEntry


def minutes_after_midnight(moment: time | None) -> int | None:
    """17:30 as 1050."""
    return None if moment is None else moment.hour * 60 + moment.minute


class Kind(models.TextChoices):
    """What meets. The first three parts of a week's dose are counted in these."""

    GROUP = "group", _("Group therapy")
    SKILLS = "skills", _("Life skills")
    INDIVIDUAL = "individual", _("Individual therapy")
    FAMILY = "family", _("Family session")


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


class Accommodation(OrganisationRow):
    """What somebody needs to take part in a group. The newest row counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="accommodations")
    interpreting = models.CharField(
        max_length=20, blank=True, help_text="The language groups are interpreted into, or captions; empty for none."
    )
    equipment = models.JSONField(default=list, blank=True, help_text='["wheelchair", "hearing_loop"]')
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-entered_at"], name="accommodations_newest_first")]


class KeepApart(OrganisationRow):
    """Two people, or one and a member of staff, who are never in one session. Only supervisors read why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(other=None, member__isnull=False) | Q(other__isnull=False, member=None),
                name="somebody_is_kept_apart_from_one_person",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("patient")), name="nobody_is_kept_apart_from_themselves"
            ),
        ]


class Proposal(OrganisationRow):
    """A week the solver proposes. Staff accept it or let it go; nothing happens before.

    An accepted part of it, and a week worked out again from it, are proposals of their own, `based_on` it. One with
    a `change` only asks what would be: it is looked at and never accepted.
    """

    class Status(models.TextChoices):
        SOLVING = "solving", _("Being worked out")
        READY = "ready", _("Ready to look at")
        ACCEPTED = "accepted", _("Accepted")
        UNDONE = "undone", _("Taken back")
        DROPPED = "dropped", _("Let go")
        FAILED = "failed", _("Could not be worked out")

    week_of = models.DateField(help_text="The Monday from which it would hold.")
    status = models.CharField(max_length=10, choices=Status, default=Status.SOLVING)
    programs = models.JSONField(default=list, help_text="Ids of the programs it is for; empty: everyone.")
    change = models.JSONField(null=True, blank=True, help_text="What would be changed, of a what-if (`what_if.py`).")
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pinned = models.JSONField(null=True, blank=True, help_text="The places that were to stay, as a solution.")
    board = models.JSONField(default=dict)
    solution = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    unplaced = models.JSONField(default=list, help_text="[{patient, kind, minutes, conflict, hours, remedy}]")
    progress = models.JSONField(default=dict)
    deeds = models.JSONField(default=dict, help_text="What accepting it changed, so that it can be taken back.")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(change__isnull=True) | ~Q(status="accepted"), name="what_would_be_is_never_accepted"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="proposals_newest_first")]

    @property
    def is_what_if(self) -> bool:
        """Whether it only asks what would be."""
        return self.change is not None


class SectionQuerySet(models.QuerySet["Section"]):
    def current(self) -> Self:
        return self.filter(ended_on=None)

    def standing_on(self, day: date) -> Self:
        """Those that have begun by `day` and not ended."""
        return self.filter(started_on__lte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def within_week(self, monday: date) -> Self:
        """Those that meet in the week of `monday`."""
        last = monday + timedelta(days=6)
        return self.filter(started_on__lte=last).filter(Q(ended_on=None) | Q(ended_on__gt=monday))


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

    def day_in(self, monday: date) -> date:
        """The day on which it meets in the week of `monday`."""
        return monday + timedelta(days=self.weekday)

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


class CalendarFeed(OrganisationRow):
    """A private iCalendar address of one user. The token is kept as its SHA-256 alone."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()


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


class WeekDraft(OrganisationRow):
    """Changes to one week that planners collect by hand. Nothing holds before it is published, as a proposal."""

    class Status(models.TextChoices):
        OPEN = "open", _("Being worked on")
        PUBLISHED = "published", _("Published")
        DROPPED = "dropped", _("Let go")

    week_of = models.DateField(help_text="The Monday from which it would hold.")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=0, help_text="Goes up with every change, undo and redo.")
    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="draft", help_text="As published."
    )
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "week_of"], condition=Q(status="open"), name="a_week_has_one_open_draft"
            ),
        ]


class DraftMove(OrganisationRow):
    """One change in a draft, in order. Undone ones stay until a new change is made, so that they can be redone."""

    draft = models.ForeignKey(WeekDraft, on_delete=models.CASCADE, related_name="moves")
    number = models.PositiveIntegerField(help_text="1 is the first.")
    move = models.JSONField(help_text="As `moving_json` writes it.")
    is_undone = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="changes_of_a_draft_are_numbered"),
        ]
