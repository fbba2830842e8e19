"""Support groups that an organisation knows of: its own, and those of others."""

from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Population


class SupportGroup(OrganisationRow):
    """A meeting that takes place every week, as staff found and checked it."""

    class Way(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        VIDEO = "video", _("By video")
        PHONE = "phone", _("By phone")

    name = models.CharField(max_length=120)
    weekday = models.PositiveSmallIntegerField(help_text="Monday is 0.")
    starts = models.TimeField()
    ends = models.TimeField(null=True, blank=True)
    way = models.CharField(max_length=10, choices=Way)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=300, blank=True)
    for_whom = models.CharField(max_length=200, blank=True, help_text="In the words of those who hold it.")
    population = models.CharField(max_length=10, choices=Population, blank=True, help_text="Empty: for everyone.")
    language = models.CharField(max_length=60)
    is_ours = models.BooleanField(default=False, help_text="Held by the organisation itself.")
    source = models.CharField(max_length=200, help_text="Where staff found it.")
    checked_on = models.DateField(help_text="When staff last made sure that it takes place.")
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was taken off the list.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_week_has_seven_days"),
            models.CheckConstraint(condition=~Q(place="") | ~Q(link=""), name="a_support_group_says_where_it_meets"),
            models.CheckConstraint(
                condition=Q(is_ours=False) | ~Q(population=""), name="our_own_groups_never_mix_adults_and_adolescents"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "weekday"], name="support_groups_by_day")]

    @property
    def day_name(self) -> str:
        return str(WEEKDAYS[self.weekday])
