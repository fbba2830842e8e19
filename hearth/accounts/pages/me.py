"""One's own account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hearth.accounts import forms, queries, second_factor, services
from hearth.accounts.doors import signed_in
from hearth.accounts.models import User
from hearth.accounts.pages.entering import room_of, speak
from hearth.accounts.queries import TOLD
from hearth.accounts.requests import Request


@require_http_methods(["GET", "POST"])
@signed_in()
def me(request: Request) -> HttpResponse:
    """Who I am here, and how I sign in."""
    myself = User.objects.select_related("organisation").get(pk=request.user.pk)  # the form writes on this copy
    form = forms.ProfileForm(request.POST or None, instance=myself)
    if form.is_valid():
        services.change_profile(user=myself, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return speak(redirect("accounts:me"), myself)
    known = {"form": form, "held": second_factor.held_by(request.user), "room": room_of(request.user)}
    return render(request, "accounts/me.html", known)


@require_http_methods(["GET", "POST"])
@signed_in()
def change_password(request: Request) -> HttpResponse:
    """Choose another password, or the first one."""
    form = forms.ChangePasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        here = request.session.get(TOLD, "")
        services.change_password(user=request.user, password=form.cleaned_data["password"], at=request.now, here=here)
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your new password is kept. Other devices are signed off."))
        return redirect("accounts:me")
    return render(request, "accounts/change_password.html", {"form": form, "room": room_of(request.user)})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in()
def browsers(request: Request) -> HttpResponse:
    """Where I am signed in; sign out there, in one place or in all but here."""
    here = request.session.session_key or ""
    if request.method == "POST":
        ended = services.sign_off_browsers(
            user=request.user, here=here, only=request.POST.get("browser", ""), at=request.now
        )
        said = ngettext("Signed out in %(count)s other place.", "Signed out in %(count)s other places.", ended)
        messages.success(request, said % {"count": ended})
        return redirect("accounts:browsers")
    known = {
        "browsers": queries.browsers_of(user=request.user, at=request.now),
        "here": here,
        "now": request.now,
        "room": room_of(request.user),
    }
    return render(request, "accounts/browsers.html", known)
