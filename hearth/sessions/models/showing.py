"""What those who lead show to everyone in a session: a check-in round, a timer, a breath, a worksheet, a whiteboard."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hearth.accounts.models import OrganisationRow, User
from hearth.sessions.models.attending import Attendance
from hearth.sessions.models.meeting import Session


class Shown(OrganisationRow):
    """One thing that everyone in a session sees, from one moment until it is put away."""

    class Kind(models.TextChoices):
        ROUND = "round"
        TIMER = "timer"
        BREATH = "breath"
        WORKSHEET = "worksheet"
        BOARD = "board"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="shown")
    kind = models.CharField(max_length=10, choices=Kind)
    lesson = models.CharField(max_length=60, blank=True, help_text="A lesson id of the program's pack.")
    until = models.DateTimeField(null=True, blank=True, help_text="When a timer is over.")
    shown_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(ended_at=None), name="one_thing_is_shown_in_a_session_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(kind="worksheet") | ~Q(lesson=""), name="a_worksheet_is_a_lesson"),
            models.CheckConstraint(
                condition=~Q(kind="timer") | Q(until__isnull=False), name="a_timer_is_over_at_some_time"
            ),
        ]


class RoundAnswer(OrganisationRow):
    """One student's word and number in a check-in round. Saying it again changes it while the round goes on."""

    shown = models.ForeignKey(Shown, on_delete=models.PROTECT, related_name="answers")
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="round_answers")
    word = models.CharField(max_length=12, help_text="One of rules.showing.FEELINGS.")
    number = models.PositiveSmallIntegerField(help_text="0 to 10.")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shown", "attendance"], name="a_student_answers_a_round_once"),
            models.CheckConstraint(condition=Q(number__lte=10), name="a_round_counts_0_to_10"),
        ]


class Stroke(OrganisationRow):
    """One line, or a few words, on the whiteboard. It is deleted when the board is put away."""

    shown = models.ForeignKey(Shown, on_delete=models.PROTECT, related_name="strokes")
    points = ArrayField(models.PositiveSmallIntegerField(), help_text="x, y, x, y … within 1000 by 600.")
    text = models.CharField(max_length=80, blank=True, help_text="Words that begin at the one point.")
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
