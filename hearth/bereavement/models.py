"""A student's death as it was told to us, and what is to be done after it."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.bereavement import rules
from hearth.people.models import Patient
from hearth.sessions.models import Session


class DeathQuerySet(models.QuerySet["Death"]):
    def standing(self) -> Self:
        return self.filter(taken_back_at=None)


class Death(OrganisationRow):
    """That a student has died, who told us and how it became known; or that this was a mistake, and why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="deaths")
    died_on = models.DateField(null=True, blank=True)
    told_by = models.CharField(max_length=160)
    known_how = models.TextField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    account_closed = models.BooleanField(help_text="Their account was open until then: taking it back opens it again.")
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_why = models.TextField(blank=True)

    objects = DeathQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(taken_back_at=None), name="a_death_is_recorded_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | (Q(taken_back_by__isnull=False) & ~Q(taken_back_why="")),
                name="a_death_is_taken_back_by_a_named_person_who_says_why",
            ),
        ]


KINDS = {
    rules.Kind.TEAM: _("Tell the counselor and the care team"),
    rules.Kind.FAMILY: _("Speak with the family"),
    rules.Kind.GROUP: _("Be with the group"),
    rules.Kind.STAFF: _("Look after the staff"),
    rules.Kind.REVIEW: _("Look back together: the review"),
    rules.Kind.RECORD: _("The record and what the law asks"),
}


class Task(OrganisationRow):
    """One thing to be done after a death: whose it is, by which day, and who did it."""

    death = models.ForeignKey(Death, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=8, choices=[(kind.value, words) for kind, words in KINDS.items()])
    group = models.CharField(max_length=120, blank=True, help_text="The group's name, where it is about one.")
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    spoken_with = ArrayField(
        models.UUIDField(),
        default=list,
        blank=True,
        help_text="Of the family's task, with whom we have spoken, by relationship: only they read of the death.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_by__isnull=False), name="what_is_done_after_a_death_names_who_did_it"
            ),
        ]
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="open_tasks_after_a_death")]
