"""What students told staff alone, before or in a session, and what staff did about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.safety.models import Concern
from hearth.sessions.models.attending import Attendance


class QuietWord(OrganisationRow):
    """A student told staff something without anyone else in the session seeing it. It stands until staff settle it."""

    class Why(models.TextChoices):
        WORD = "word", _("would like a word with staff")
        NOT_ALONE = "not_alone", _("is not alone")
        DRIVING = "driving", _("is driving")
        INTOXICATED = "intoxicated", _("drank or took something")
        UNSAFE = "unsafe", _("does not feel safe where they are")
        SIGNAL = "signal", _("gave the silent sign: cannot speak freely")

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="quiet_words")
    why = models.CharField(max_length=12, choices=Why)
    said_at = models.DateTimeField()
    concern = models.OneToOneField(
        Concern,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Raised where it is a risk.",
    )
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="A member of staff sees to it since then.")
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attendance", "why"],
                condition=Q(settled_at=None),
                name="a_quiet_word_stands_once_until_it_is_settled",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(settled_by__isnull=False), name="somebody_settled_a_quiet_word"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "said_at"], condition=Q(settled_at=None), name="quiet_words_standing"),
        ]


class QuietStep(OrganisationRow):
    """One thing staff did about a quiet word: what was done, never whose fault anything was."""

    append_only = True

    class What(models.TextChoices):
        TALKED = "talked", _("talked alone")
        WAY_HOME = "way_home", _("safe way home arranged")
        MEDICAL = "medical", _("medical check arranged")
        CRISIS = "crisis", _("crisis team or emergency called")
        GOES_ON = "goes_on", _("takes part again")
        ANOTHER_DAY = "another_day", _("comes another time, as agreed")

    word = models.ForeignKey(QuietWord, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12, choices=What)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["word", "what"], name="a_step_is_taken_once_for_a_quiet_word"),
        ]
