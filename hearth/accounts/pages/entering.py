"""What every way in shares: where to go on to, counting tries, and opening the session."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from hearth.accounts import second_factor, sign_in, throttle
from hearth.accounts.browsers import told_by
from hearth.accounts.models import User
from hearth.accounts.queries import TOLD
from hearth.accounts.requests import Request
from hearth.accounts.tasks import note_refusal

WHICH = "which_house"  # where a visit keeps whom it may be let in as, until it is said


def wanted(request: HttpRequest) -> str:
    """The page of ours that was asked for before signing in; "" if none, or if it leads elsewhere."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else ""


def onward(request: HttpRequest) -> HttpResponse:
    """To the page asked for, or home."""
    target = wanted(request)
    if target and target != "/":
        return redirect(target)
    try:
        return redirect(settings.LOGIN_REDIRECT_URL)
    except NoReverseMatch:
        return redirect("accounts:me")


def address(request: HttpRequest, name: str, *args: object) -> str:
    """The address of one of our pages, with the page asked for carried along."""
    target = wanted(request)
    return reverse(name, args=args) + (f"?{urlencode({'next': target})}" if target else "")


def may_try(request: Request, kind: str = "", name: str = "") -> bool:
    """Count a try by this network address and under `name`, where there is one; False when there were too many."""
    by_address = throttle.allow("address", throttle.address_of(request), at=request.now)
    return (not kind or throttle.allow(kind, name.lower(), at=request.now)) and by_address


def too_many() -> str:
    """What to say to someone who tried too often."""
    return _("That was tried too often. Please wait 15 minutes, or ask your program to help you sign in.")


def refused(way: str, name: str) -> None:
    """Have the worker write down a refusal: the answer takes as long for an address nobody has."""
    note_refusal.defer(way=way, address=name)


def let_in(
    request: Request, user: User, *, way: str, tried: str = "", shared: bool = False, second: bool = False
) -> HttpResponse:
    """Open a fresh session for `user`, who came by `way`, and go on: to the second step if one is due.

    The tries counted under the name `tried` are forgotten. `second` says that the way was both factors in one.
    """
    throttle.forget("account", tried.lower())
    throttle.give_back("address", throttle.address_of(request))
    request.session.flush()  # nothing of before: no fixed session, nobody else's half-typed code
    login(request, user)
    request.session["came_at"] = request.session["seen_at"] = request.now.isoformat()
    request.session["browser"] = told_by(request.headers.get("User-Agent", ""))
    request.session["shared_device"] = shared
    request.session[TOLD] = request.get_signed_cookie(TOLD, default="")
    request.shared_device = shared
    if second or second_factor.is_enrolled(user):
        request.session["second_factor"] = second
    sign_in.note_signed_in(user=user, way=way, at=request.now)
    due = "second_factor" in request.session or user.is_staff
    response = redirect(address(request, "accounts:second-factor")) if due and not second else onward(request)
    return speak(response, user)


def let_in_somewhere(request: Request, users: list[User], *, way: str, tried: str = "", shared: bool) -> HttpResponse:
    """Let in whoever was found; a person with accounts in several houses is asked which, unless this is its door."""
    if request.organisation.host:
        users = [user for user in users if user.organisation_id == request.organisation.pk] or users
    if len(users) == 1:
        return let_in(request, users[0], way=way, tried=tried, shared=shared)
    request.session[WHICH] = {
        "users": [str(user.pk) for user in users],
        "way": way,
        "tried": tried,
        "shared": shared,
        "at": request.now.isoformat(),
    }
    return redirect(address(request, "accounts:which-house"))


def second_done(request: Request, *, way: str) -> None:
    """The second step was right: from now on the doors open. The session gets a new key."""
    throttle.forget("second", str(request.user.pk))
    request.session.cycle_key()
    request.session["second_factor"] = True
    sign_in.note_signed_in(user=request.user, way=way, at=request.now)


def speak(response: HttpResponse, user: User) -> HttpResponse:
    """From now on in the language this person chose."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def room_of(user: User) -> str:
    """The template of the room this person lives in."""
    return "web/staff.html" if user.is_staff else "web/student.html"
