"""What families read, and what they ask."""

from typing import Self

from django.db import models
from django.db.models import Q

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient, Relationship


class LessonRead(OrganisationRow):
    """Somebody marked a lesson for families as read, for themselves; nobody else is shown it."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="family_lessons_read")
    lesson = models.CharField(max_length=60, help_text="A lesson for families of the packs.")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "lesson"], name="a_lesson_for_families_is_read_once_by_a_person"),
        ]


class QuestionQuerySet(models.QuerySet["Question"]):
    def waiting(self) -> Self:
        """Those that nobody has answered yet."""
        return self.filter(answered_at=None)


class Question(OrganisationRow):
    """A question of somebody close to a student, and what a named person of the team answered."""

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="questions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="family_questions")
    text = models.TextField()
    asked_at = models.DateTimeField()
    severity = models.CharField(max_length=10, blank=True, help_text="Of the concern that these words raised.")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    confirms = models.BooleanField(
        default=False, help_text="The answer may say something of the student: it is read only while that is allowed."
    )
    form_token = models.UUIDField(unique=True, editable=False, help_text="A form sent twice is stored once.")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="an_answer_to_a_family_has_words_and_a_name",
            ),
        ]
        indexes = [
            models.Index(fields=["patient"], condition=Q(answered_at=None), name="family_questions_waiting"),
        ]
