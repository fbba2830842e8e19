"""Pages of the house itself: help at once, the look, and errors said kindly."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from hearth.accounts.doors import anyone, public
from hearth.web.context import THEMES

YEAR = 365 * 24 * 60 * 60  # seconds
OFFLINE_FILES = (
    "web/favicon.svg",
    "web/css/hearth.css",
    "web/css/tokens.css",
    "web/css/base.css",
    "web/css/layout.css",
    "web/css/navigation.css",
    "web/css/controls.css",
    "web/css/surfaces.css",
    "web/css/pictures.css",
    "web/css/week.css",
    "web/css/utilities.css",
    "web/css/print.css",
)


@require_safe
@anyone
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom to call, text or chat with at once. Asks nobody to sign in."""
    return render(request, "web/help_now.html")


@require_safe
@cache_control(no_cache=True)
@anyone
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, since a worker only reaches what lies below its own address."""
    version = hashlib.sha256("".join(map(static, OFFLINE_FILES)).encode()).hexdigest()[:8]
    known = {"files": OFFLINE_FILES, "version": version}
    return render(request, "web/service_worker.js", known, content_type="text/javascript")


@require_POST
@anyone
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen colours in a cookie, then go back to the page."""
    onward = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = "/"
    response = HttpResponseRedirect(onward)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_safe
@public
def front(request: HttpRequest) -> HttpResponse:
    """What an intensive outpatient program is, and the first step."""
    return render(request, "web/front.html")
