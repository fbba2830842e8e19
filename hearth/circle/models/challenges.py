"""Something a circle does together for some days, each in their own way."""

from django.db import models
from django.db.models import F, Q

from hearth.accounts.models import OrganisationRow, User
from hearth.circle.models.circles import Circle, Membership


class Challenge(OrganisationRow):
    """What a host suggests to a circle, from one day to another."""

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="challenges")
    words = models.CharField(max_length=200, blank=True)
    lesson = models.CharField(max_length=60, blank=True, help_text="The lesson of the curriculum it goes with.")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day that can be ticked.")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When a host ended it early.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words="") | ~Q(lesson=""), name="a_challenge_says_what_to_do"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_challenge_lasts_a_day_at_least"),
        ]
        indexes = [models.Index(fields=["circle", "-starts_on"], name="challenges_of_a_circle")]


class ChallengePlace(OrganisationRow):
    """Somebody who takes part. Nobody else learns that they do."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="places")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="challenges")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["challenge", "membership"], name="a_member_takes_part_once"),
        ]


class ChallengeDay(OrganisationRow):
    """A day on which they did it."""

    place = models.ForeignKey(ChallengePlace, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "day"], name="a_day_is_ticked_once")]
