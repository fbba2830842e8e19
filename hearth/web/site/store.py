"""Public pages as an organisation has them: read by anyone, written by those who answer for them, never overwritten."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.web.models import SiteText
from hearth.web.site.reading import LANGUAGES, SLUGS, Text, shipped

EDITORS = frozenset({Role.DIRECTOR, Role.COORDINATOR, Role.ADMINISTRATOR})


def text_of(slug: str, language: str) -> Text:
    """The page as it is shown now: the organisation's newest version, or else what ships."""
    return texts(language)[slug]


def texts(language: str) -> dict[str, Text]:
    """Every page in this language, in order. One query."""
    rows = SiteText.objects.filter(language=language).order_by("slug", "-number").distinct("slug")
    own = {row.slug: as_text(row) for row in rows}
    return {slug: own.get(slug) or shipped(slug, language) for slug in SLUGS}


def titles(language: str) -> list[tuple[str, str]]:
    """(slug, title) of every page in this language, in order. One query, which leaves the texts where they are."""
    rows = SiteText.objects.filter(language=language).order_by("slug", "-number").distinct("slug")
    own = dict(rows.values_list("slug", "title"))
    return [(slug, own.get(slug) or shipped(slug, language).title) for slug in SLUGS]


def as_text(row: SiteText) -> Text:
    """A stored version as text."""
    return Text(row.slug, row.language, row.title, row.description, row.body)


def versions(slug: str, language: str, *, viewer: User) -> QuerySet[SiteText]:
    """What was saved of this page, newest first."""
    if not viewer.has_any(EDITORS):
        raise PermissionDenied
    return SiteText.objects.filter(slug=slug, language=language).select_related("saved_by").order_by("-number")


@transaction.atomic
def save(text: Text, *, by: User, at: datetime) -> SiteText:
    """Keep this as the newest version of its page; two who save at once get a version each."""
    if not by.has_any(EDITORS) or text.slug not in SLUGS or text.language not in LANGUAGES:
        raise PermissionDenied
    Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)  # one after the other
    newest = SiteText.objects.filter(slug=text.slug, language=text.language).order_by("-number").first()
    row = SiteText.objects.create(
        slug=text.slug,
        language=text.language,
        number=newest.number + 1 if newest else 1,
        title=text.title,
        description=text.description,
        body=text.body,
        saved_by=by,
        saved_at=at,
    )
    audit.record("web.public_page_saved", by=by, about=row, at=at, page=text.slug, language=text.language)
    return row
