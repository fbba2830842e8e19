"""The second step of signing in, and setting it up."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts import forms, second_factor, throttle
from hearth.accounts.doors import half_signed_in, has_second_factor, signed_in
from hearth.accounts.pages.entering import address, onward, refused, room_of, second_done, too_many, wanted
from hearth.accounts.pages.sign_in import WRONG_CREDENTIAL
from hearth.accounts.requests import Request
from hearth.lib.qr_code import qr_code

SECRET = "totp_secret"  # noqa: S105 - where the session keeps it while it is being set up


@never_cache
@require_http_methods(["GET", "POST"])
@half_signed_in
def challenge(request: Request) -> HttpResponse:
    """Ask for the second factor; whoever has none yet sets one up."""
    if has_second_factor(request):
        return onward(request)
    held = second_factor.held_by(request.user)
    if not held.any:
        return redirect(address(request, "accounts:set-up-second-factor"))
    form = forms.SecondCodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and _accepted(request, form):
        second_done(request, way="passkey" if "credential" in request.POST else "code")
        return onward(request)
    question = second_factor.ask_for_passkey(request.user) if held.passkeys else None
    return _show(request, "second_factor", form, held=held, question=question)


def _accepted(request: Request, form: Form) -> bool:
    if not throttle.allow("second", str(request.user.pk), at=request.now):
        form.add_error(None, too_many()) if form.is_bound else messages.error(request, too_many())
        return False
    if "credential" in request.POST:
        answer = forms.PasskeyForm(request.POST)
        try:
            if answer.is_valid():
                credential = answer.cleaned_data["credential"]
                second_factor.accept_passkey(credential, user=request.user, at=request.now)
                return True
        except WRONG_CREDENTIAL:
            pass
        messages.error(request, _("The passkey did not answer. Try again, or use a code."))
        return False
    if not form.is_valid():
        return False
    if second_factor.accept_code(request.user, form.cleaned_data["code"], at=request.now):
        return True
    refused("second", request.user.email or "")
    form.add_error("code", _("This code does not fit, or was used already. Wait for the next one and try again."))
    return False


@never_cache
@require_http_methods(["GET", "POST"])
@half_signed_in
def set_up(request: Request) -> HttpResponse:
    """Set up an authenticator app: scan, type the first code, keep the recovery codes."""
    if _must_prove_first(request):
        return redirect(address(request, "accounts:second-factor"))
    secret = request.session.get(SECRET)
    if not secret:
        secret = request.session[SECRET] = second_factor.new_totp_secret()
    form = forms.SecondCodeForm(request.POST or None)
    if form.is_valid():
        if second_factor.fits(secret, form.cleaned_data["code"], at=request.now.timestamp()) is not None:
            second_factor.enrol_totp(request.user, secret, at=request.now)
            del request.session[SECRET]
            return _enrolled(request)
        form.add_error("code", _("This code does not fit. Is the clock of your phone right? Try the next one."))
    return _show(
        request, "set_up_second_factor", form,
        secret=secret,
        picture=qr_code(second_factor.totp_address(request.user, secret)),
        question=second_factor.ask_for_new_passkey(request.user),
        passkey_form=forms.NewPasskeyForm(),
    )  # fmt: skip


@never_cache
@require_POST
@half_signed_in
def add_passkey(request: Request) -> HttpResponse:
    """Keep the passkey the browser has just made."""
    if _must_prove_first(request):
        return redirect(address(request, "accounts:second-factor"))
    form = forms.NewPasskeyForm(request.POST)
    try:
        if form.is_valid():
            name = form.cleaned_data["name"] or _("Passkey")
            second_factor.add_passkey(request.user, name, form.cleaned_data["credential"], at=request.now)
            return _enrolled(request)
    except WRONG_CREDENTIAL:
        pass
    messages.error(request, _("No passkey was made. You can try again, or use an authenticator app."))
    return redirect(address(request, "accounts:set-up-second-factor"))


def _must_prove_first(request: Request) -> bool:
    """Whoever has a second factor shows it before adding another: a stolen password alone adds none."""
    return not has_second_factor(request) and second_factor.is_enrolled(request.user)


def _enrolled(request: Request) -> HttpResponse:
    """Go on; the first time with recovery codes to print, which are shown once."""
    second_done(request, way="set_up")
    if second_factor.held_by(request.user).recovery_codes_left:
        messages.success(request, _("Added. You can sign in with it from now on."))
        return onward(request) if wanted(request) else redirect("accounts:me")
    return _recovery_codes(request)


def _recovery_codes(request: Request) -> HttpResponse:
    codes = second_factor.new_recovery_codes(request.user, at=request.now)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": wanted(request) or "/"})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in()
def recovery_codes(request: Request) -> HttpResponse:
    """Make new recovery codes, which void the earlier ones."""
    form = forms.ConfirmForm(request.POST if request.method == "POST" else None, user=request.user)
    if not second_factor.is_enrolled(request.user):
        return redirect("accounts:set-up-second-factor")
    if form.is_valid():
        return _recovery_codes(request)
    return _show(request, "make_recovery_codes", form)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in()
def remove(request: Request, number: int) -> HttpResponse:
    """Take away a passkey or the authenticator app."""
    form = forms.ConfirmForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        if second_factor.remove(request.user, number, at=request.now):
            messages.success(request, _("Taken away. It signs you in no more."))
            return redirect("accounts:me")
        form.add_error(None, _("This is your only second step. Add another one first."))
    return _show(request, "remove_second_factor", form, number=number)


def _show(request: Request, template: str, form: Form, **more: Any) -> HttpResponse:
    known = {"form": form, "next": wanted(request), "room": room_of(request.user), **more}
    return render(request, f"accounts/{template}.html", known)
