"""What families read, and what they ask."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User


class LessonRead(OrganisationRow):
    """Somebody marked a lesson for families as read, for themselves; nobody else is shown it."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="family_lessons_read")
    lesson = models.CharField(max_length=60, help_text="A lesson for families of the packs.")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "lesson"], name="a_lesson_for_families_is_read_once_by_a_person"),
        ]
