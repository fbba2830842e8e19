"""Programs that run, their rooms, staff hours, days off, interpreters, and every booked hour."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, Site, User
from hearth.lib import working_hours
from hearth.people.models import Population


class Program(OrganisationRow):
    """A program this organisation runs, described by a pack (`hearth/program/packs/<pack>`)."""

    name = models.CharField(max_length=120)
    pack = models.CharField(max_length=60, help_text="Folder name of the program pack.")
    pack_version = models.CharField(max_length=20)
    population = models.CharField(max_length=10, choices=Population)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="programs")
    places = models.PositiveSmallIntegerField(default=36)
    is_open = models.BooleanField(default=True)
    has_block_grant = models.BooleanField(
        default=False, help_text="Takes the federal block grant for substance use, which orders who is admitted first."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_program_has_its_own_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Equipment(models.TextChoices):
    """What a room may have and somebody may need."""

    WHEELCHAIR = "wheelchair", _("Step-free for wheelchairs")
    HEARING_LOOP = "hearing_loop", _("Hearing loop")
    SCREEN = "screen", _("Screen")


class Room(OrganisationRow):
    """A room at a site where a group can meet."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    seats = models.PositiveSmallIntegerField()
    equipment = models.JSONField(default=list, blank=True, help_text='["wheelchair", "screen"]')

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="a_room_has_its_own_name_at_its_site"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="a_room_has_seats"),
        ]

    def __str__(self) -> str:
        return self.name


class Travel(OrganisationRow):
    """Minutes between two sites, one way as the other. `one` is the site with the smaller id."""

    one = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="two_sites_have_one_travel_time"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="travel_is_between_two_sites_in_order"),
        ]


class StaffDutyQuerySet(models.QuerySet["StaffDuty"]):
    def on(self, day: date) -> Self:
        """Duties in force on `day`."""
        return self.filter(since__lte=day).filter(Q(until=None) | Q(until__gt=day))


class StaffDuty(OrganisationRow):
    """What a member of staff can be given in the timetable."""

    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duties")
    populations = models.JSONField(default=list, help_text='["adult", "adolescent"]')
    topics = models.JSONField(default=list, help_text='Group topics, as in the packs: ["mental_health", …]')
    languages = models.JSONField(default=list, help_text='["en", "es"]')
    hours = models.JSONField(default=list, help_text='[{"day": 0, "from": "09:00", "to": "17:00"}], Monday is 0')
    max_minutes_week = models.PositiveSmallIntegerField(default=1560)
    max_minutes_run = models.PositiveSmallIntegerField(default=300)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Where their office is."
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = StaffDutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until=None), name="a_member_has_one_current_duty"),
        ]


class DaysQuerySet(models.QuerySet[Any]):
    def within(self, first: date, last: date) -> Self:
        """Those that hold on any of these days, both inside."""
        return self.filter(first_on__lte=last, last_on__gte=first)


class WorkingHours(OrganisationRow):
    """When the team of a program, or without one of the whole house, is at work: what students are promised follows."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hours = models.JSONField(help_text='[{"day": 0, "from": "09:00", "to": "17:00"}], Monday is 0; never empty.')
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "program"], nulls_distinct=False, name="working_hours_are_said_once"
            ),
            models.CheckConstraint(condition=~Q(hours=[]), name="a_team_is_at_work_at_some_hour"),
        ]

    @property
    def week(self) -> working_hours.Week:
        return working_hours.read(self.hours)


class ClosureQuerySet(DaysQuerySet):
    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(taken_back_at=None)


class Closure(OrganisationRow):
    """Days on which a site, or without one the whole organisation, is closed. Both days are inside."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    first_on = models.DateField()
    last_on = models.DateField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_closure_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["organisation", "last_on"], name="closures_to_come")]

    def holds_on(self, day: date) -> bool:
        return self.taken_back_at is None and self.first_on <= day <= self.last_on


class LeaveQuerySet(DaysQuerySet):
    def confirmed(self) -> Self:
        return self.filter(status=Leave.Status.CONFIRMED)


class Leave(OrganisationRow):
    """Days on which a member of staff is away: asked for by them, confirmed by a lead. Both days are inside."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked for")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Not possible")
        TAKEN_BACK = "taken_back", _("Taken back")

    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leaves")
    first_on = models.DateField()
    last_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_leave_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["organisation", "last_on"], name="leaves_to_come")]


class Interpreter(OrganisationRow):
    """An interpreter or captioner who can be booked for groups, once bound to confidentiality."""

    name = models.CharField(max_length=120)
    agency = models.CharField(max_length=120, blank=True)
    offers = models.JSONField(default=list, help_text='["ase", "es"] or ["captions"]')
    modalities = models.JSONField(default=list, help_text='["in_person", "virtual"]')
    hours = models.JSONField(default=list, help_text='[{"day": 0, "from": "09:00", "to": "17:00"}], Monday is 0')
    bound_on = models.DateField(
        null=True, blank=True, help_text="When they signed that they keep everything confidential (42 CFR 2.11)."
    )
    left_on = models.DateField(null=True, blank=True)
    account = models.OneToOneField(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interpreting",
        help_text="Their own way in.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="an_interpreter_has_their_own_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def can_be_booked_on(self, day: date) -> bool:
        return self.bound_on is not None and self.bound_on <= day and (self.left_on is None or day < self.left_on)


class StaffPair(OrganisationRow):
    """How `first` leads groups: only together with `second`, rather so, or never with them."""

    class Lead(models.TextChoices):
        MUST = "must", _("only together with")
        SHOULD = "should", _("rather together with")
        NEVER = "never", _("never together with")

    first = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lead = models.CharField(max_length=10, choices=Lead)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_people_are_paired_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="nobody_is_paired_with_themselves"),
        ]


class GroupNeed(OrganisationRow):
    """What groups of a kind need, of one topic or (empty) of every."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Group therapy")
        SKILLS = "skills", _("Life skills")

    kind = models.CharField(max_length=10, choices=Kind)
    topic = models.CharField(max_length=40, blank=True)
    leaders = models.PositiveSmallIntegerField(default=1)
    equipment = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "topic"], name="a_group_need_is_said_once"),
            models.CheckConstraint(condition=Q(leaders__in=(1, 2)), name="a_group_has_one_or_two_leaders"),
        ]


class BookingQuerySet(models.QuerySet["Booking"]):
    def of(self, resource_id: UUID) -> Self:
        return self.filter(resource_id=resource_id)


class Booking(OrganisationRow):
    """An hour held by a person or a room. PostgreSQL stores no overlap for the same resource."""

    class Resource(models.TextChoices):
        PERSON = "person", _("Person")
        ROOM = "room", _("Room")

    resource_kind = models.CharField(max_length=10, choices=Resource)
    resource_id = models.UUIDField(help_text="The User, Patient or Room.")
    during = DateTimeRangeField(help_text="[start, end) as instants.")
    purpose_kind = models.CharField(max_length=40, help_text="care_sessions.session, admission.interview …")
    purpose_id = models.UUIDField()

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="nobody_and_no_room_is_booked_twice_at_a_time",
                expressions=[
                    ("resource_id", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(F("purpose_id"), name="bookings_of_a_purpose")]
