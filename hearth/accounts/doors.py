"""The doors of pages: who may enter, and the transaction and organisation they work in.

Every page has exactly one of these (a test walks the addresses). Each runs the page inside
`tenancy.within(organisation)`: one transaction, this organisation's rows, all or nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from hearth.accounts import handed_over as device
from hearth.accounts.requests import Request
from hearth.lib import tenancy

Page = Callable[..., HttpResponseBase]


def signed_in(*roles: str) -> Callable[[Page], Page]:
    """Only those who are signed in and hold one of `roles` (any role if none is named); staff with two factors."""

    def door(page: Page) -> Page:
        @wraps(page)
        def enter(plain: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request = cast(Request, plain)
            if not plain.user.is_authenticated:
                return _onward(request, resolve_url(settings.LOGIN_URL))
            if owes_second_factor(request):
                return _onward(request, reverse("accounts:second-factor"))
            if roles and not request.user.has_role(*roles):
                raise PermissionDenied
            with tenancy.within(request.user.organisation_id):
                return page(request, *args, **kwargs)

        enter.door = "signed_in"  # type: ignore[attr-defined]
        return enter

    return door


def half_signed_in(page: Page) -> Page:
    """Those whose first factor was right; for the pages that ask for the second or set it up."""

    @wraps(page)
    def enter(plain: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request = cast(Request, plain)
        if not plain.user.is_authenticated:
            return _onward(request, resolve_url(settings.LOGIN_URL))
        with tenancy.within(request.user.organisation_id):
            return page(request, *args, **kwargs)

    enter.door = "half_signed_in"  # type: ignore[attr-defined]
    return enter


def public(page: Page) -> Page:
    """Anyone, at the organisation of this address."""

    @wraps(page)
    def enter(plain: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request = cast(Request, plain)
        if not hasattr(request, "organisation"):
            raise Http404("no organisation is set up here")
        with tenancy.within(request.organisation.pk):
            return page(request, *args, **kwargs)

    enter.door = "public"  # type: ignore[attr-defined]
    return enter


def handed_over(page: Page) -> Page:
    """A device of the house that staff handed over: nobody is signed in, and what it is for stands in its session."""

    @wraps(page)
    def enter(plain: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        held = device.kept(plain)
        if not held or plain.user.is_authenticated:
            return redirect("accounts:give-back")
        with tenancy.within(UUID(held["organisation"])):
            response = page(cast(Request, plain), UUID(held["what"]), *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    enter.door = "handed_over"  # type: ignore[attr-defined]
    return enter


def anyone(page: Page) -> Page:
    """Anyone, also where no organisation is set up: the page reads no rows."""
    page.door = "anyone"  # type: ignore[attr-defined]
    return page


def debug_only(page: Page) -> Page:
    """Shown in the demo and in development alone; elsewhere it does not exist."""

    @wraps(page)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.TRIAL:
            raise Http404
        return public(page)(request, *args, **kwargs)

    enter.door = "debug_only"  # type: ignore[attr-defined]
    return enter


def back(request: HttpRequest) -> str:
    """Where to continue after signing in again: the page the form was on, so that its draft is found."""
    referer = request.headers.get("Referer", "")
    prefix = f"{request.scheme}://{request.get_host()}"
    return referer.removeprefix(prefix) if referer.startswith(prefix) else "/"


def has_second_factor(request: Request) -> bool:
    """Whether this browser's session was opened with a passkey, TOTP or recovery code."""
    return bool(request.session.get("second_factor"))


def owes_second_factor(request: Request) -> bool:
    """Whether the second step is still to be done: by staff always, by others who have set one up (False, not None)."""
    if has_second_factor(request):
        return False
    return request.user.is_staff or request.session.get("second_factor") is False


def _onward(request: Request, address: str) -> HttpResponse:
    """To `address`, and from there back to the page asked for; htmx is told to leave the whole page."""
    part_of_page = bool(getattr(request, "htmx", False))
    wanted = back(request) if part_of_page or request.method != "GET" else request.get_full_path()
    target = f"{address}?{urlencode({'next': wanted})}"
    if part_of_page:
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return redirect(target)
