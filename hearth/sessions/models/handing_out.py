"""What is handed out in a session, to the phones of those who are there."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User
from hearth.sessions.models.attending import Attendance
from hearth.sessions.models.meeting import Session


class Handout(OrganisationRow):
    """A lesson of the curriculum handed to everyone who takes part in a session, whenever they come."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="handouts")
    lesson = models.CharField(max_length=60, help_text="A lesson id of the program's pack.")
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "lesson"], name="a_lesson_is_handed_out_once_in_a_session"),
        ]


class HandoutReceipt(OrganisationRow):
    """A student opened a handout for the first time."""

    append_only = True

    handout = models.ForeignKey(Handout, on_delete=models.PROTECT, related_name="receipts")
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="receipts")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handout", "attendance"], name="a_handout_is_opened_first_once"),
        ]
