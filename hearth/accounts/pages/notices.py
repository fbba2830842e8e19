"""Being shown on one's own devices that something waits, without a word of what."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts import services
from hearth.accounts.doors import signed_in
from hearth.accounts.forms import QuietHoursForm
from hearth.accounts.pages.entering import room_of
from hearth.accounts.queries import TOLD
from hearth.accounts.requests import Request
from hearth.outbox import push
from hearth.outbox.queries import push_devices_of

REMEMBERED = 400 * 24 * 60 * 60  # seconds: the longest that browsers keep a cookie


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in()
def notices(request: Request) -> HttpResponse:
    """Where I am shown that something waits, and when I am not. A post keeps the quiet hours."""
    devices = list(push_devices_of(request.user.pk))
    hours = {"start": devices[0].quiet_from, "end": devices[0].quiet_until} if devices else None
    form = QuietHoursForm(request.POST or None, initial=hours)
    if devices and form.is_valid():
        services.keep_quiet(user=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("accounts:notices")
    is_here = any(str(device.pk) == request.session.get(TOLD) for device in devices)
    known = {"devices": devices, "is_here": is_here, "others": len(devices) - is_here, "form": form}
    known |= {"key": push.public_key(), "room": room_of(request.user)}
    return render(request, "accounts/notices.html", known, status=422 if form.is_bound else 200)


@require_POST
@signed_in()
def allow(request: Request) -> HttpResponse:
    """Show it in this browser from now on. A shared device is asked for nothing."""
    response = redirect("accounts:notices")
    if request.shared_device:
        return response
    try:
        told = services.allow_push(user=request.user, endpoint=request.POST.get("endpoint", ""), at=request.now)
    except push.Unknown:
        messages.error(request, _("We do not know how to reach this browser. Try another one."))
        return response
    request.session[TOLD] = told
    response.set_signed_cookie(
        TOLD, told, max_age=REMEMBERED, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    messages.success(request, _("From now on this device shows when something waits for you."))
    return response


@require_POST
@signed_in()
def stop(request: Request) -> HttpResponse:
    """Show it here no more, or on none of my devices."""
    here = request.session.get(TOLD, "")
    everywhere = request.POST.get("where") == "everywhere"
    if here or everywhere:
        services.end_push(user=request.user, only="" if everywhere else here, at=request.now)
    messages.success(request, _("It is shown no more."))
    response = redirect("accounts:notices")
    response.delete_cookie(TOLD)
    request.session[TOLD] = ""
    return response
