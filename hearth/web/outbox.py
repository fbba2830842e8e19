"""The demo's mailbox: what would have been sent, to be read and followed. Exists in debug alone."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hearth.accounts.doors import debug_only
from hearth.accounts.requests import Request
from hearth.outbox import queries

PER_PAGE = 30


@require_safe
@debug_only
def messages(request: Request) -> HttpResponse:
    """Everything posted, newest first; `q` looks for an address."""
    asked = request.GET.get("q", "")
    page = Paginator(queries.messages_newest_first(to=asked), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/outbox/messages.html", {"page": page, "asked": asked})


@require_safe
@debug_only
def message(request: Request, pk: UUID) -> HttpResponse:
    """One message, its links ready to follow."""
    found = queries.message(pk)
    if found is None:
        raise Http404
    return render(request, "web/outbox/message.html", {"message": found})
