"""A session: one meeting at an instant."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Modality
from hearth.program.models import Interpreter, Room
from hearth.timetable.models import Kind, Section

CAPACITY = 12
"""Students in a single session at most: the product's default for groups (facts: group cap)."""


class SessionKind(models.TextChoices):
    """What takes place: what weeks are made of (`timetable.Kind`), and what is only ever met once."""

    GROUP = Kind.GROUP.value, Kind.GROUP.label
    SKILLS = Kind.SKILLS.value, Kind.SKILLS.label
    INDIVIDUAL = Kind.INDIVIDUAL.value, Kind.INDIVIDUAL.label
    FAMILY = Kind.FAMILY.value, Kind.FAMILY.label
    EDUCATION = "education", _("Family education")
    PEER = "peer", _("Peer support")
    ASSESSMENT = "assessment", _("Assessment")


GROUPS = frozenset({SessionKind.GROUP, SessionKind.SKILLS, SessionKind.EDUCATION, SessionKind.PEER})
"""Kinds in which several students meet."""

WITH_FAMILY = frozenset({SessionKind.FAMILY, SessionKind.EDUCATION})
"""Kinds to which family comes."""


class SessionQuerySet(models.QuerySet["Session"]):
    def standing(self) -> Self:
        """Not cancelled."""
        return self.filter(cancelled_at=None)

    def led_by(self, user: User) -> Self:
        """Those that `user` leads, as the first or the second leader."""
        return self.filter(Q(facilitator=user) | Q(co_facilitator=user))

    def interpreted_by(self, user: User) -> Self:
        """Those that `user` interprets, as long as they are bound to confidentiality and work with the house."""
        bound = Q(interpreter__bound_on__lte=F("starts_at__date"))
        stays = Q(interpreter__left_on=None) | Q(interpreter__left_on__gt=F("starts_at__date"))
        return self.filter(bound & stays, interpreter__account=user)


class Session(OrganisationRow):
    """One meeting of a section (or a single one), at an instant."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    kind = models.CharField(max_length=12, choices=SessionKind)
    name = models.CharField(max_length=120)
    topic = models.CharField(max_length=160, blank=True, help_text="Today's topic, from the curriculum.")
    lesson = models.CharField(max_length=80, blank=True, help_text="A lesson id of the pack.")
    facilitator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions_led")
    co_facilitator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    interpreter = models.ForeignKey(Interpreter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
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
            models.Index(  # read alone, without the rows, for which sessions are over
                fields=["organisation", "ends_at"],
                include=["id", "starts_at", "ended_at"],
                condition=models.Q(cancelled_at=None),
                name="sessions_by_their_end",
            ),
            models.Index(fields=["co_facilitator", "starts_at"], name="sessions_of_a_second_leader"),
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
    def has_own_room(self) -> bool:
        """Whether it meets in Hearth's own video room, if there is a Janus."""
        return self.modality != Modality.IN_PERSON and not self.link and self.cancelled_at is None

    def seats_in_all(self) -> int:
        """How many students may be on its roster, in its room with those who lead it."""
        most = self.section.capacity if self.section else CAPACITY
        helpers = 1 + bool(self.co_facilitator_id) + bool(self.interpreter_id)
        return min(most, self.room.seats - helpers) if self.room else most

    @property
    def leaders(self) -> list[User]:
        """Who leads it: one, or two with the same rights. The second's row must be loaded for many at once."""
        return [self.facilitator, self.co_facilitator] if self.co_facilitator else [self.facilitator]

    def is_led_by(self, user: User) -> bool:
        return user.pk in (self.facilitator_id, self.co_facilitator_id)

    @property
    def is_group(self) -> bool:
        """Whether several students meet, so that something is said for all."""
        return self.kind in GROUPS
