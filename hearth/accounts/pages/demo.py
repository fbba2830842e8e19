"""The demo's front door: be anyone with one press. Exists in the demo alone."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts import queries, second_factor
from hearth.accounts.doors import debug_only
from hearth.accounts.models import User
from hearth.accounts.pages.entering import let_in
from hearth.accounts.requests import Request
from hearth.accounts.testing import DEMO_PASSWORD


@never_cache
@require_GET
@debug_only
def people(request: Request) -> HttpResponse:
    """Everyone of the demo by role, with what really signs them in."""
    _only_in_the_demo()
    named = request.GET.get("q", "").strip()[:80]
    found = queries.people_of_demo(organisation=request.organisation, named=named)
    groups = [
        ("staff", [person for person in found if person.is_staff]),
        ("others", [person for person in found if not person.is_staff]),
    ]
    return render(request, "accounts/demo_people.html", {"groups": groups, "password": DEMO_PASSWORD, "named": named})


@require_POST
@debug_only
def become(request: Request, pk: UUID) -> HttpResponse:
    """Sign in as this person, with the second factor done."""
    _only_in_the_demo()
    person = get_object_or_404(User, pk=pk, organisation=request.organisation, is_active=True)
    return let_in(request, person, way="demo", second=True)


@never_cache
@require_GET
@debug_only
def codes(request: Request) -> HttpResponse:
    """What the authenticator apps of the demo's staff show now."""
    _only_in_the_demo()
    found = [person for person in queries.people_of_demo(organisation=request.organisation) if person.is_staff]
    codes_of = second_factor.current_codes(found)
    shown = [(person, codes_of[person.pk]) for person in found if person.pk in codes_of]
    return render(request, "accounts/demo_codes.html", {"people": [(person, code) for person, code in shown if code]})


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404
