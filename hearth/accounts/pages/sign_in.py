"""Signing in and out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts import forms, second_factor, services, sign_in, tasks
from hearth.accounts.doors import anyone, public, signed_in
from hearth.accounts.models import User
from hearth.accounts.pages.entering import (
    WHICH,
    address,
    let_in,
    let_in_somewhere,
    may_try,
    onward,
    refused,
    too_many,
    wanted,
)
from hearth.accounts.queries import TOLD
from hearth.accounts.requests import Request

Kind = sign_in.Kind
CHOOSE_WITHIN = timedelta(minutes=10)
WRONG_CREDENTIAL = (ValidationError, AttributeError, KeyError, TypeError, ValueError)
"""What reading a passkey's answer may raise when a browser or a stranger sends nonsense."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def sign_in_page(request: Request) -> HttpResponse:
    """E-mail and password, and the other ways in."""
    if request.method == "GET" and request.user.is_authenticated:
        return onward(request)
    form = forms.PasswordForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        users = _tried(
            request, form, email, "password",
            lambda: sign_in.users_with_password(email=email, password=form.cleaned_data["password"]),
            _("This e-mail and password do not belong together here. Try again, or use another way in."),
        )  # fmt: skip
        if users:
            shared = form.cleaned_data["shared_device"]
            return let_in_somewhere(request, users, way="password", tried=email, shared=shared)
    signed_off = bool(request.session.pop("signed_off", False))
    return _show(request, "sign_in", form, signed_off=signed_off)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def ask_for_link(request: Request) -> HttpResponse:
    """Ask for a link by mail. The answer is the same for every address."""
    form = forms.AskForLinkForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        if may_try(request, "ask", email):
            tasks.send_link.defer(email=email, ask_id=str(uuid4()))
        return _show(request, "link_sent", form, email=email)
    return _show(request, "ask_for_link", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def link(request: Request, text: str) -> HttpResponse:
    """The page a mailed link opens. Only the button uses it up, so that a mail scanner's look does not."""
    form = forms.SharedDevice(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        users = sign_in.spend_link(text=text, at=request.now)
        if users:
            return let_in_somewhere(request, users, way="link", shared=form.cleaned_data["shared_device"])
    usable = sign_in.holder(kind=Kind.LINK, text=text, at=request.now) is not None
    return _show(request, "link", form, usable=usable)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def ask_for_text(request: Request) -> HttpResponse:
    """Ask for a code by text message. The answer is the same for every number."""
    form = forms.AskForTextForm(request.POST or None)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        if may_try(request, "ask", phone):
            tasks.send_text.defer(phone=phone, ask_id=str(uuid4()))
        request.session["texted"] = phone
        return redirect(address(request, "accounts:texted-code"))
    return _show(request, "ask_for_text", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def texted_code(request: Request) -> HttpResponse:
    """Type the six figures that arrived."""
    phone = request.session.get("texted")
    if not phone:
        return redirect(address(request, "accounts:ask-for-text"))
    form = forms.TextedCodeForm(request.POST or None)
    if form.is_valid():
        users = _tried(
            request, form, phone, "text",
            lambda: sign_in.spend_texted(phone=phone, code=form.cleaned_data["code"], at=request.now),
            _("This code does not fit, or its 10 minutes are over. You can have a new one sent."),
        )  # fmt: skip
        if users:
            shared = form.cleaned_data["shared_device"]
            return let_in_somewhere(request, users, way="text", tried=phone, shared=shared)
    return _show(request, "texted_code", form, last_figures=phone[-4:])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def printed_code(request: Request) -> HttpResponse:
    """Type the code on a card that staff printed."""
    form = forms.PrintedCodeForm(request.POST or None)
    if form.is_valid():
        user = _tried(
            request, form, "", "printed",
            lambda: sign_in.spend(kind=Kind.PRINTED, text=form.cleaned_data["code"], at=request.now),
            _("This code does not fit. It works once, and for 7 days. Your program can print a new one."),
        )  # fmt: skip
        if user:
            shared = form.cleaned_data["shared_device"]
            return let_in(request, user, way="printed", shared=shared)
    return _show(request, "printed_code", form)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def which_house(request: Request) -> HttpResponse:
    """Say which of one's accounts to open, after its password, link or code was right."""
    kept = request.session.get(WHICH)
    if not kept or request.now - datetime.fromisoformat(kept["at"]) > CHOOSE_WITHIN:
        request.session.pop(WHICH, None)
        return redirect(address(request, "accounts:sign-in"))
    users = list(User.objects.filter(pk__in=kept["users"], is_active=True).select_related("organisation"))
    form = forms.WhichHouseForm(request.POST or None, users=users)
    if form.is_valid():
        chosen = next(user for user in users if str(user.pk) == form.cleaned_data["account"])
        return let_in(request, chosen, way=kept["way"], tried=kept["tried"], shared=kept["shared"])
    return _show(request, "which_house", form)


@never_cache
@require_GET
@public
def passkey_question(request: Request) -> HttpResponse:
    """What the browser asks its passkeys."""
    return JsonResponse(second_factor.ask_for_passkey(None))


@never_cache
@require_POST
@public
def passkey(request: Request) -> HttpResponse:
    """Sign in by passkey, which is both factors in one: something held, and a finger, face or PIN."""
    form = forms.PasskeyForm(request.POST)
    if form.is_valid() and may_try(request):
        try:
            user = second_factor.accept_passkey(form.cleaned_data["credential"], user=None, at=request.now)
        except WRONG_CREDENTIAL:
            pass
        else:
            shared = request.POST.get("shared_device") == "on"
            return let_in(request, user, way="passkey", shared=shared, second=True)
    again = forms.PasswordForm()
    return _show(request, "sign_in", again, passkey_refused=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def new_password(request: Request, text: str) -> HttpResponse:
    """Choose a new password by a mailed link, then sign in with it and the second factor."""
    user = sign_in.holder(kind=Kind.PASSWORD, text=text, at=request.now)
    form = forms.NewPasswordForm(request.POST or None, user=user)
    if user and form.is_valid():
        services.choose_new_password(text=text, password=form.cleaned_data["password"], at=request.now)
        return _show(request, "new_password_done", form)
    return _show(request, "new_password", form, usable=user is not None)


@require_POST
@public
def sign_out(request: Request) -> HttpResponse:
    """Sign out, and be shown nothing here any more. From a shared device everything the browser kept goes too."""
    shared, told = request.shared_device, request.session.get(TOLD)
    if told and request.user.is_authenticated:
        services.end_push(user=request.user, only=told, at=request.now)
    logout(request)
    response = redirect("accounts:signed-out")
    response.delete_cookie(TOLD)
    if shared:
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@never_cache
@require_GET
@public
def signed_out(request: Request) -> HttpResponse:
    """Says goodbye."""
    return render(request, "accounts/signed_out.html")


@never_cache
@require_GET
@anyone
def give_back(request: HttpRequest) -> HttpResponse:
    """Shown on a device of the house after it was wiped: there is nothing on it any more."""
    return render(request, "accounts/give_back.html")


@require_POST
@signed_in()
def still_here(request: Request) -> HttpResponse:
    """Told by the page while someone types or reads, so that writing a long text is not being away."""
    return HttpResponse(status=204)


def _tried[Found](
    request: Request, form: Form, name: str, way: str, check: Callable[[], Found], sorry: str
) -> Found | None:
    """Count the try, then `check`; where it finds nobody the form says why and keeps what was typed."""
    if not may_try(request, "account" if name else "", name):
        form.add_error(None, too_many())
        return None
    found = check()
    if not found:
        refused(way, name)
        form.add_error(None, sorry)
    return found


def _show(request: Request, template: str, form: Form, **more: Any) -> HttpResponse:
    known = {"form": form, "next": wanted(request), **more}
    return render(request, f"accounts/{template}.html", known, status=200)
