"""What an organisation wrote in its public pages, version by version."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User


class SiteText(OrganisationRow):
    """One saved version of a public page in one language; the newest is shown, none is ever changed."""

    slug = models.SlugField(max_length=60)
    language = models.CharField(max_length=5)
    number = models.PositiveIntegerField(help_text="1 for the first version; what Hearth ships comes before it.")
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=300)
    body = models.TextField(help_text="Markdown, with [[groups]], [[check]] and [[talk]] on lines of their own.")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug", "language", "number"],
                name="a_version_of_a_public_page_has_its_own_number",
            ),
        ]
