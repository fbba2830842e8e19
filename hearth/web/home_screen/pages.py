"""What a phone asks for to put Hearth on its home screen, and the page where a person chooses how it stands there.

The chosen name is part of the address: phones ask for a manifest without a cookie, and nothing in it is of one person.
"""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts import services
from hearth.accounts.doors import anyone, signed_in
from hearth.accounts.models import AppName, LocksAfter
from hearth.accounts.requests import Request
from hearth.web.home_screen import icons

PAPER = "#fbf8f3"  # --paper of web/css/tokens.css, by day
DAY = 24 * 60 * 60  # seconds


class AppNameForm(forms.Form):
    """How Hearth stands on the home screen."""

    app_name = forms.ChoiceField(label=gettext_lazy("Name and icon"), choices=AppName, widget=forms.RadioSelect)


class LockForm(forms.Form):
    """After how long somebody's own devices ask them to sign in again."""

    locks_after = forms.TypedChoiceField(
        label=gettext_lazy("Ask me to sign in again after"),
        choices=[("", gettext_lazy("hours, as usual")), *LocksAfter.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )


@require_http_methods(["GET", "POST"])
@signed_in()
def choose(request: Request) -> HttpResponse:
    """Choose name and icon, and read how to add them. A shared device is asked for nothing."""
    form = AppNameForm(request.POST or None, initial={"app_name": request.user.app_name})
    if not request.shared_device and form.is_valid():
        services.choose_app_name(user=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("web:home-screen")
    context = {"form": form, "lock_form": LockForm(initial={"locks_after": request.user.locks_after})}
    return _render(request, context, status=422 if form.is_bound else 200)


@require_POST
@signed_in()
def lock(request: Request) -> HttpResponse:
    """Choose after how long this person's own devices lock. A shared device asks sooner anyway and chooses nothing."""
    form = LockForm(request.POST)
    if not request.shared_device and form.is_valid():
        services.choose_lock(user=request.user, minutes=form.cleaned_data["locks_after"], at=request.now)
        messages.success(request, _("Kept."))
        return redirect("web:home-screen")
    context = {"form": AppNameForm(initial={"app_name": request.user.app_name}), "lock_form": form}
    return _render(request, context, status=422)


def _render(request: Request, context: Mapping[str, object], *, status: int) -> HttpResponse:
    room = "web/staff.html" if request.user.is_staff else "web/student.html"
    return render(request, "web/home_screen.html", {**context, "room": room}, status=status)


@require_safe
@cache_control(max_age=DAY)
@anyone
def manifest(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Hearth as an app that can be installed. Each name is an app of its own, so that no other one ever renames it."""
    if name not in AppName or language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        label = str(AppName(name).label)
    any_size = {"src": reverse("web:app-icon", args=[name]), "sizes": "any", "type": "image/svg+xml"}
    pixels = {"src": reverse("web:app-picture", args=[name, 192]), "sizes": "192x192", "type": "image/png"}
    said = {
        "id": f"/app/{name}",
        "name": label,
        "short_name": label,
        "lang": language,
        "start_url": reverse("web:today"),
        "scope": "/",
        "display": "standalone",
        "theme_color": PAPER,
        "background_color": PAPER,
        "icons": [any_size | {"purpose": "any"}, any_size | {"purpose": "maskable"}, pixels],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
@cache_control(max_age=DAY)
@anyone
def icon(request: HttpRequest, name: str) -> HttpResponse:
    """The icon of this name in any size."""
    if name not in icons.ICONS:
        raise Http404
    return HttpResponse(icons.svg(icons.ICONS[name]), content_type="image/svg+xml")


@require_safe
@cache_control(max_age=DAY)
@anyone
def picture(request: HttpRequest, name: str, size: int) -> HttpResponse:
    """The icon of this name in pixels, for phones that take no SVG."""
    if name not in icons.ICONS or size not in icons.SIZES:
        raise Http404
    return HttpResponse(icons.png(icons.ICONS[name], size), content_type="image/png")
