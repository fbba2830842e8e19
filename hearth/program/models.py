"""Programs that run, their rooms, staff hours, and every booked hour."""

from datetime import date
from typing import Self
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, Site, User
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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_program_has_its_own_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Room(OrganisationRow):
    """A room at a site where a group can meet."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    seats = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="a_room_has_its_own_name_at_its_site"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="a_room_has_seats"),
        ]

    def __str__(self) -> str:
        return self.name


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
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = StaffDutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until=None), name="a_member_has_one_current_duty"),
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
