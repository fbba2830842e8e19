"""Counting whoever comes to the door of a session that is not theirs, on every page that has one."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.views.defaults import permission_denied

from hearth.accounts.requests import Request
from hearth.sessions import services
from hearth.sessions.models import RefusalCount, Session

Kind = RefusalCount.Kind


def counted(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one `session`: whom it refuses is counted, without a name, and hears 403 as ever.

    A session of another house does not exist in this one, so that it is counted like one that somebody made up.
    """

    @wraps(page)
    def within(request: Request, session: UUID) -> HttpResponse:
        try:
            # Of a deed that was refused midway nothing stays.
            with transaction.atomic() if request.method == "POST" else nullcontext():
                return page(request, session)
        except PermissionDenied as closed:
            kind = Kind.NOT_THEIRS if Session.objects.filter(pk=session).exists() else Kind.ROOM_FORGED
            services.count_refusal(kind=kind, at=request.now)
            return permission_denied(request, closed)  # answered here, so that the count is stored

    return within
