"""The photo of a post, as a picture and nothing else, for those who may see it."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.circle import photos, queries
from hearth.circle.pages.student import STUDENTS


@require_safe
@signed_in(*STUDENTS)
def of_member(request: Request, post: UUID) -> HttpResponse:
    """For its writer, and for their circle once a host let it be read."""
    return _picture(photos.picture_for_member(viewer=request.user, post=post, at=request.now))


@require_safe
@signed_in(*sorted(queries.DECIDERS))
def of_host(request: Request, post: UUID) -> HttpResponse:
    """For whoever decides of the post."""
    return _picture(photos.picture_for_host(viewer=request.user, post=post, at=request.now))


def _picture(data: bytes) -> HttpResponse:
    """No browser runs it, keeps it or lets another site show it: phones are shared."""
    response = HttpResponse(data, content_type="image/jpeg")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
