"""Single events with a date that a circle is told of, and who said that they come."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from hearth.accounts.models import OrganisationRow, User
from hearth.circle.models.circles import Circle, Membership
from hearth.circle.models.support_groups import SupportGroup
from hearth.people.models import Population


class _During(Func):
    """From its start until its end, as PostgreSQL compares times."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _never_meet(where: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=f"adults_and_adolescents_never_meet_at_one_{where}",
        expressions=[
            ("organisation", RangeOperators.EQUAL),
            (Lower(where), RangeOperators.EQUAL),
            ("population", RangeOperators.NOT_EQUAL),
            (_During("starts_at", "ends_at"), RangeOperators.OVERLAPS),
        ],
        condition=Q(is_ours=True, called_off_at=None) & ~Q(**{where: ""}),
    )


class CircleEvent(OrganisationRow):
    """Something that takes place once, inside or elsewhere, as a host told a circle."""

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="events")
    population = models.CharField(max_length=10, choices=Population, help_text="That of its circle.")
    name = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=SupportGroup.Way)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=300, blank=True)
    words = models.TextField(max_length=600, blank=True)
    is_ours = models.BooleanField(default=False, help_text="Held by the organisation itself.")
    support_group = models.ForeignKey(
        SupportGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_event_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(place="") | ~Q(link=""), name="an_event_says_where_it_is"),
            models.UniqueConstraint(
                fields=["circle", "starts_at", "name"],
                condition=Q(called_off_at=None),
                name="an_event_stands_once_in_a_circle",
            ),
            _never_meet("place"),
            _never_meet("link"),
        ]
        indexes = [models.Index(fields=["circle", "ends_at"], name="events_of_a_circle")]


class EventMark(OrganisationRow):
    """Somebody said that they come. Nobody else learns that they do."""

    event = models.ForeignKey(CircleEvent, on_delete=models.PROTECT, related_name="marks")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="event_marks")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "membership"], name="a_member_comes_once")]
