"""The photo of a post: made small, without anything else of its file, and sealed."""

from django.db import models

from hearth.accounts.models import OrganisationRow
from hearth.circle.models.circles import Post


class Photo(OrganisationRow):
    """One photo of one post. A host looks at it before anybody else does, whatever the circle's rules find."""

    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="photo")
    picture = models.BinaryField(help_text="A small JPEG, sealed for this row (`photos`).")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200, blank=True, help_text="What it shows, for those who do not see it.")
    mark = models.CharField(max_length=64, help_text="The same for the same picture; tells nothing without the key.")
    sent_at = models.DateTimeField()
