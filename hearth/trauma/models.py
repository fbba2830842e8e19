"""The counselor-led strand for painful events: training on file, choice, readiness, sessions, the day after.

Nothing here has room for what happened to somebody: no row holds a trauma story.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.sessions.models import Attendance
from hearth.trauma import rules


class TrainingQuerySet(models.QuerySet["Training"]):
    def on_file(self) -> Self:
        """Those nobody struck out."""
        return self.filter(struck_at=None)


class Training(OrganisationRow):
    """That somebody was trained in a method, where and when, and who of the house saw the proof."""

    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trauma_trainings")
    method = models.CharField(max_length=40, help_text="An id of methods.toml.")
    trained_where = models.CharField(max_length=160)
    trained_on = models.DateField(help_text="The day the training was completed.")
    proof_seen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    struck_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    struck_at = models.DateTimeField(null=True, blank=True, help_text="It was a mistake, or holds no longer.")

    objects = TrainingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "method"], condition=Q(struck_at=None), name="a_training_is_on_file_once"
            ),
            models.CheckConstraint(
                condition=~Q(proof_seen_by=F("holder")), name="nobody_sees_the_proof_of_their_own_training"
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None) | Q(struck_by__isnull=False), name="somebody_strikes_a_training"
            ),
        ]


class Offer(OrganisationRow):
    """A counselor talked with a student about this strand: from then on the choice stands on the student's screen."""

    append_only = True

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="trauma_offer")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Choice(OrganisationRow):
    """What a student chose on their own screen, and under which text. The newest holds. Never changed."""

    append_only = True

    class What(models.TextChoices):
        WORK = rules.Choice.WORK.value, _("Working through painful events")
        STEADY = rules.Choice.STEADY.value, _("Steadying skills only")
        NOT_NOW = rules.Choice.NOT_NOW.value, _("Not now")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="trauma_choices")
    what = models.CharField(max_length=8, choices=What)
    text_version = models.CharField(max_length=20)
    text_language = models.CharField(max_length=5)
    text_digest = models.CharField(max_length=64, help_text="SHA-256 of the text that was on the screen.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="trauma_choices_newest_first")]


class Readiness(OrganisationRow):
    """The checklist as a clinician went through it with a student, and what they decided. Signed, never changed."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="trauma_readiness")
    lines = models.JSONField(help_text='{line: {"holds": yes, not_yet or unknown, "words", "known"}}, as signed.')
    begins = models.BooleanField(help_text="Begin step by step; otherwise steadying goes on, which is whole care.")
    words = models.TextField(blank=True, help_text="Why, in the clinician's words.")
    signed_as = models.CharField(max_length=160, help_text="Name and title of who signed, on that day.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="readiness_newest_first")]


class StopSignal(OrganisationRow):
    """The agreed sign to stop, in the student's words. The newest holds. Never changed."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="stop_signals")
    words = models.CharField(max_length=80)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="stop_signals_newest_first")]


class Processing(OrganisationRow):
    """Work on painful events in one individual session: method, distress before and after, how it ended.

    Distress is Hearth's own scale from 0 (none) to 10 (the most), from the student's mouth or their own tap; empty
    where they would rather not say. Open until `closed_at`, and with the session's note it is locked.
    """

    class Ending(models.TextChoices):
        GROUNDED = "grounded", _("Grounded and in the here and now")
        WITH_HELP = "with_help", _("Steadier, and not alone for the next hours")
        NOT_YET = rules.NOT_STEADY, _("Not steady yet; what was arranged stands below")

    attendance = models.OneToOneField(Attendance, on_delete=models.PROTECT, related_name="processing")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="processings")
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="processings")
    stop_signal = models.CharField(max_length=80, help_text="As it was agreed for this session.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    before = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Distress, 0 to 10.")
    before_own = models.BooleanField(default=False, help_text="Their own tap.")
    after = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Distress, 0 to 10.")
    after_own = models.BooleanField(default=False, help_text="Their own tap.")
    stopped = models.BooleanField(default=False, help_text="The stop signal was given, and we stopped.")
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    ended_words = models.CharField(max_length=300, blank=True, help_text="How it was ended; never the story.")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(before=None) | Q(before__lte=10)) & (Q(after=None) | Q(after__lte=10)),
                name="distress_is_0_to_10",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(ending=""), name="what_is_closed_says_how_it_was_ended"
            ),
            models.CheckConstraint(
                condition=~Q(ending="not_yet") | ~Q(ended_words=""), name="who_is_not_steady_has_something_arranged"
            ),
        ]
        indexes = [models.Index(fields=["patient", "-begun_at"], name="processings_newest_first")]


class NextDayCheck(OrganisationRow):
    """Four short questions the day after, made with the session's row: no job and no message must run for it to be due.

    `named` sees it where nobody answered by `answer_by`, or where an answer asks for a person, until it is settled.
    """

    class Night(models.TextChoices):
        FINE = "fine", _("As usual, or better")
        BROKEN = "broken", _("Hard: I woke up, or slept little")
        BAD = "bad", _("Very hard")

    class Safe(models.TextChoices):
        YES = "yes", _("Yes")
        UNSURE = "unsure", _("I am not sure")
        NO = "no", _("No")

    processing = models.OneToOneField(Processing, on_delete=models.PROTECT, related_name="check_after")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="next_day_checks")
    due_on = models.DateField()
    opens_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    named = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who looks after it.")
    night = models.CharField(max_length=6, choices=Night, blank=True)
    distress = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10.")
    safe = models.CharField(max_length=6, choices=Safe, blank=True)
    wants_call = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    asks_for_somebody = models.BooleanField(default=False, help_text="What was answered raised a concern.")
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_words = models.CharField(max_length=300, blank=True, help_text="What was done.")

    @property
    def is_settled(self) -> bool:
        """Whether somebody saw to it, after an answer that asks for somebody where there is one."""
        asked_at = self.answered_at if self.asks_for_somebody else None
        return self.settled_at is not None and (asked_at is None or asked_at <= self.settled_at)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | (~Q(safe="") & ~Q(night="") & Q(distress__lte=10)),
                name="an_answered_check_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | (Q(settled_by__isnull=False) & ~Q(settled_words="")),
                name="somebody_settles_a_check_and_says_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "answer_by"],
                condition=Q(settled_at=None) & (Q(answered_at=None) | Q(asks_for_somebody=True)),
                name="next_day_checks_waiting",
            ),
        ]
