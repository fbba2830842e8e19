"""What was said of somebody's attendance, at one moment."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.sessions.models.attending import Attendance


class Mark(OrganisationRow):
    """What staff marked of one attendance, or that its student left by their own tap. Never changed.

    Attendance follows from all marks in the order in which they were made (`rules.marks`), whenever they arrive: a
    tablet without a connection sends its own later.
    """

    append_only = True

    class What(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        PRESENT = "present", _("Present")
        LATE = "late", _("Late")
        LEFT_EARLY = "left", _("Left early")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")
        TOOK_PART = "took_part", _("Took part")

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="marks")
    what = models.CharField(max_length=10, choices=What)
    took_part = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 (hardly) to 5 (fully).")
    came_at = models.DateTimeField(null=True, blank=True, help_text="As written; empty: follows from when it was made.")
    went_at = models.DateTimeField(null=True, blank=True, help_text="As written; empty: follows from when it was made.")
    made_at = models.DateTimeField(help_text="When it was made, by the device's clock set right.")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    key = models.UUIDField(default=uuid4, unique=True, help_text="Made with the mark: one sent twice is stored once.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(what="took_part") & Q(took_part__gte=1) & Q(took_part__lte=5))
                | (~Q(what="took_part") & Q(took_part=None)),
                name="taking_part_is_1_to_5",
            ),
        ]
        indexes = [models.Index(fields=["attendance", "made_at"], name="marks_of_a_place")]
