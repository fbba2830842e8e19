"""How slowly a circle goes, with who said so: the moderation log of the circle itself."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User
from hearth.circle.models.circles import Circle


class SlowMode(OrganisationRow):
    """From now on so many minutes lie between two posts of one member. The newest row holds; only added to."""

    append_only = True

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="slow_modes")
    minutes = models.PositiveSmallIntegerField(help_text="Between two posts of one member; 0: as they like.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["circle", "-at"], name="slow_modes_of_a_circle")]
