"""A device of the house in somebody else's hands: nobody is signed in on it, and it opens what it was handed over for.

Whoever handed it over was signed out for good first; going back finds nothing. Like every shared device it keeps
nothing.
"""

from typing import cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from hearth.accounts.requests import Request

KEY = "handed_over"
OPEN = ("handed_over", "anyone")
"""The doors that such a device passes: what it was handed over for, and pages that read no rows, such as Help now."""


def hand_over(request: Request, *, what: UUID, page: str, seconds: int) -> HttpResponse:
    """End the session of whoever is signed in, bind this browser to `what` for so long, and go to its `page`."""
    organisation = str(request.organisation.pk)
    request.session.flush()
    request.user = AnonymousUser()  # type: ignore[assignment]
    request.session[KEY] = {"what": str(what), "organisation": organisation, "page": page}
    request.session["shared_device"] = True
    request.session.set_expiry(seconds)
    response = redirect(page)
    response["Clear-Site-Data"] = '"cache"'  # the pages that "back" would show; what was typed is drafts.js's to forget
    return response


def kept(request: HttpRequest) -> dict[str, str]:
    """What this browser was handed over for; empty for every other browser."""
    return cast(dict[str, str], request.session.get(KEY, {}))


def take_back(request: HttpRequest) -> HttpResponse:
    """End what this browser was handed over for, with every page it showed, and ask for the device.

    It stored nothing meanwhile; what staff did there before without a connection stays, sealed, until they are back.
    """
    request.session.flush()
    response = redirect("accounts:give-back")
    response["Clear-Site-Data"] = '"cache"'
    return response


def lead_back(request: HttpRequest) -> HttpResponse:
    """From any other page to its own; what a forgotten page fetches by itself is refused, for it shows nobody there."""
    page = kept(request)["page"]
    alone = "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return HttpResponse(status=401, headers={"HX-Redirect": page}) if alone else redirect(page)


def strays(request: HttpRequest) -> bool:
    """Whether a device that was handed over asks for any other page than its own."""
    if not kept(request):
        return False
    try:
        page = resolve(request.path_info).func
    except Resolver404:
        return True
    return getattr(page, "door", "") not in OPEN
