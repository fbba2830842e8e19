"""What every request carries: the time, the reader's zone, their organisation, and the end of an idle session."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hearth.accounts.handed_over import kept, lead_back, strays
from hearth.accounts.models import Organisation
from hearth.accounts.queries import idle_limit, organisation_of_host
from hearth.accounts.requests import Request

STAMP_EVERY = timedelta(seconds=20)  # so that not every request writes the session


def arrive(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stamp the request with `now` and `organisation`, sign off an idle user, speak in the reader's zone."""

    def respond(plain: HttpRequest) -> HttpResponse:
        request = cast(Request, plain)
        request.now = timezone.now()
        if plain.user.is_authenticated and _is_idle(request):
            _sign_off(request)
        if plain.user.is_authenticated:
            request.organisation = request.user.organisation
            _stamp(request)
            request.idle_seconds = _limit(request).seconds
            timezone.activate(request.user.zone)
        else:
            organisation = _organisation(request)
            if organisation:
                request.organisation = organisation
                timezone.activate(organisation.zone)
        request.shared_device = bool(request.session.get("shared_device"))
        was_signed_in = plain.user.is_authenticated
        try:
            response = lead_back(request) if strays(request) else get_response(request)
        finally:
            timezone.deactivate()
        if was_signed_in or plain.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response

    return respond


def _organisation(request: Request) -> Organisation | None:
    """Of a device that was handed over the organisation that did, else that of the address."""
    held = kept(request)
    if held:
        return Organisation.objects.get(pk=held["organisation"])
    return organisation_of_host(request.get_host())


def _sign_off(request: Request) -> None:
    """End an idle session; a shared device stays one, so that its pages go on keeping nothing."""
    shared = bool(request.session.get("shared_device"))
    logout(request)
    request.session["signed_off"] = True
    if shared:
        request.session["shared_device"] = True


def _stamp(request: Request) -> None:
    """Remember that somebody is there. What a page fetches by itself (boards, polls) does not show that."""
    alone = request.headers.get("Sec-Fetch-Dest") == "empty" and request.method == "GET"
    if alone and "Hearth-Still-Here" not in request.headers:
        return
    seen = request.session.get("seen_at")
    if not seen or request.now - datetime.fromisoformat(seen) > STAMP_EVERY:
        request.session["seen_at"] = request.now.isoformat()


def _is_idle(request: Request) -> bool:
    seen = request.session.get("seen_at")
    if not seen:
        return False
    return request.now - datetime.fromisoformat(seen) > _limit(request)


def _limit(request: Request) -> timedelta:
    return idle_limit(request.user, shared=bool(request.session.get("shared_device")))
