"""Where a house meets by video with an outside service, instead of in Hearth's own room."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User
from hearth.timetable.models import Section


class VideoChoice(OrganisationRow):
    """Whether the standing links of this house hold. Without a row, or where they do not, everyone meets in Hearth."""

    is_outside = models.BooleanField(default=False)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="a_house_chooses_its_video_once")]


class StandingLink(OrganisationRow):
    """The address of an outside video room in which a section meets every week; no two sections share a row."""

    section = models.OneToOneField(Section, on_delete=models.PROTECT, related_name="+")
    link = models.URLField()
