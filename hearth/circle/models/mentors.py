"""Peer mentors: alumni whom a supervisor named, and the students to whom they are introduced. Adults alone."""

from django.db import models
from django.db.models import Q

from hearth.accounts.models import OrganisationRow, User
from hearth.admission.models import Episode
from hearth.circle.models.circles import Membership
from hearth.people.models import Patient, Population

ADULTS = Q(population=Population.ADULT)


class Mentor(OrganisationRow):
    """An alumnus who may be introduced to students of their program, under somebody's supervision."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="mentors")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    population = models.CharField(max_length=10, choices=Population, help_text="Copied from their place.")
    known_as = models.CharField(max_length=160, help_text="Their name when they were named: releases name it.")
    words = models.CharField(max_length=400, help_text="What a student reads about them, found together with them.")
    trained_on = models.DateField()
    checked_on = models.DateField(help_text="Of the background check.")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who saw its result.")
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervised_mentors")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="When they signed that students learn of them.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ADULTS, name="only_adults_are_peer_mentors"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(ended_at=None), name="an_alumnus_is_a_mentor_once_at_a_time"
            ),
        ]


class Introduction(OrganisationRow):
    """A mentor is suggested to a student in their stay; who ended it, and why, is nowhere kept."""

    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="introductions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    population = models.CharField(max_length=10, choices=Population, help_text="That of the student's place.")
    where = models.CharField(max_length=300, help_text="Where and when they meet, inside the program.")
    suggested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField()
    introduced_at = models.DateTimeField(null=True, blank=True, help_text="When the student had signed.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ADULTS, name="a_mentor_meets_adults_alone"),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(ended_at=None), name="a_student_is_introduced_to_one_mentor_at_a_time"
            ),
        ]
