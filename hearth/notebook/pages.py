"""The notebook's page and the JSON its script speaks: sealed bytes as base64, the student's own alone."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.notebook import queries, services
from hearth.notebook.models import Entry, NotebookKey
from hearth.notebook.rules import NotSealed, as_text, read_iterations, read_sealed, read_wrapping

WRITERS = (Role.STUDENT, Role.ALUMNUS)
Page = Callable[..., HttpResponse]


def _told(page: Page) -> Page:
    """Answer what cannot be done with a status and a word the script knows."""

    @wraps(page)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return page(*args, **kwargs)
        except NotSealed as error:
            return JsonResponse({"problem": "not_sealed", "detail": str(error)}, status=400)
        except services.AlreadySetUp:
            return JsonResponse({"problem": "already_set_up"}, status=409)
        except services.ChangedElsewhere:
            return JsonResponse({"problem": "changed_elsewhere"}, status=409)
        except services.NotSetUp:
            return JsonResponse({"problem": "not_set_up"}, status=409)

    return answer


@require_safe
@never_cache
@signed_in(*WRITERS)
def home(request: Request) -> HttpResponse:
    """The notebook, shut. Everything else happens in the browser."""
    return render(request, "notebook/home.html", {"is_set_up": queries.own_key(viewer=request.user) is not None})


@require_http_methods(["GET", "POST", "DELETE"])
@never_cache
@signed_in(*WRITERS)
@_told
def key(request: Request) -> HttpResponse:
    """GET: the wrapped key. POST: keep a new notebook's key. DELETE: start over, with nothing left."""
    if request.method == "GET":
        return JsonResponse({"key": _key(queries.own_key(viewer=request.user))})
    if request.method == "DELETE":
        return JsonResponse({"deleted": services.start_over(by=request.user, at=request.now)})
    sent = _sent(request)
    made = services.set_up(
        iterations=read_iterations(sent.get("iterations")),
        passphrase=read_wrapping(sent.get("passphrase")),
        recovery=read_wrapping(sent.get("recovery")),
        by=request.user,
        at=request.now,
    )
    return JsonResponse({"key": _key(made)}, status=201)


@require_POST
@never_cache
@signed_in(*WRITERS)
@_told
def new_passphrase(request: Request) -> HttpResponse:
    """The same key under a new passphrase."""
    wrapping = read_wrapping(_sent(request))
    changed = services.rewrap(which="passphrase", wrapping=wrapping, by=request.user, at=request.now)
    return JsonResponse({"key": _key(changed)})


@require_POST
@never_cache
@signed_in(*WRITERS)
@_told
def new_recovery(request: Request) -> HttpResponse:
    """The same key under a new recovery code."""
    wrapping = read_wrapping(_sent(request))
    changed = services.rewrap(which="recovery", wrapping=wrapping, by=request.user, at=request.now)
    return JsonResponse({"key": _key(changed)})


@require_safe
@never_cache
@signed_in(*WRITERS)
def entries(request: Request) -> HttpResponse:
    """Every sealed entry, newest first."""
    return JsonResponse({"entries": [_entry(row) for row in queries.own_entries(viewer=request.user)]})


@require_http_methods(["PUT", "DELETE"])
@never_cache
@signed_in(*WRITERS)
@_told
def entry(request: Request, entry: UUID) -> HttpResponse:
    """PUT: keep a new or changed entry. DELETE: take it away; one that is gone already is no problem."""
    if request.method == "DELETE":
        found = queries.own_entry(viewer=request.user, pk=entry)
        if found:
            services.delete_entry(entry=found, by=request.user, at=request.now)
        return JsonResponse({"deleted": bool(found)})
    sent = _sent(request)
    kept = services.keep_entry(
        entry_id=entry, sealed=read_sealed(sent), seen_at=_instant(sent), by=request.user, at=request.now
    )
    return JsonResponse({"entry": _entry(kept)})


def _sent(request: Request) -> dict[str, Any]:
    try:
        message = json.loads(request.body)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NotSealed("this is not JSON") from error
    if not isinstance(message, dict):
        raise NotSealed("a JSON object is expected")
    return cast(dict[str, Any], message)


def _instant(sent: dict[str, Any]) -> datetime | None:
    text = sent.get("seen_at")
    if text is None:
        return None
    found = parse_datetime(text) if isinstance(text, str) else None
    if found is None:
        raise NotSealed("seen_at is not an instant")
    return found


def _key(row: NotebookKey | None) -> dict[str, Any] | None:
    if row is None:
        return None
    wrappings = {
        which: {part: as_text(getattr(row, f"{which}_{part}")) for part in ("salt", "iv", "wrapped")}
        for which in ("passphrase", "recovery")
    }
    return {"iterations": row.iterations, **wrappings}


def _entry(row: Entry) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "iv": as_text(row.iv),
        "ciphertext": as_text(row.ciphertext),
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
    }
