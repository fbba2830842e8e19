"""The privacy officer's pages, and the student's own list of who has seen their chart."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.consent import access_log, queries, services
from hearth.consent.forms import ReviewForm

PER_PAGE = 50
MOST_FOUND = 20  # names shown of each kind; more words narrow it


@require_safe
@signed_in(Role.PRIVACY)
def privacy(request: Request) -> HttpResponse:
    """Where the privacy officer begins: what waits for review, and whose log to open."""
    words = request.GET.get("q", "").strip()
    patients, users = access_log.find(viewer=request.user, words=words)
    known = {
        "asked": words,
        "patients": patients[:MOST_FOUND] if words else (),
        "users": users[:MOST_FOUND] if words else (),
        "unreviewed": queries.unreviewed_emergency_accesses(viewer=request.user).count(),
    }
    return render(request, "consent/privacy.html", known)


@require_safe
@signed_in(Role.PRIVACY)
def log_of_patient(request: Request, pk: UUID) -> HttpResponse:
    """Who read and changed one chart."""
    asked = request.GET.get("q", "").strip()
    patient, events = access_log.of_patient(viewer=request.user, pk=pk, who=asked, at=request.now)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    known = {"patient": patient, "asked": asked, "page": page, "entries": access_log.entries(page.object_list)}
    return render(request, "consent/log.html", known)


@require_safe
@signed_in(Role.PRIVACY)
def log_of_user(request: Request, pk: UUID) -> HttpResponse:
    """What one user read and did."""
    asked = request.GET.get("q", "").strip()
    person, events = access_log.of_user(viewer=request.user, pk=pk, whom=asked, at=request.now)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    known = {"person": person, "asked": asked, "page": page, "entries": access_log.entries(page.object_list)}
    return render(request, "consent/log.html", known)


@require_safe
@signed_in(Role.PRIVACY)
def emergency_accesses(request: Request) -> HttpResponse:
    """Charts opened in an emergency, those to be reviewed first."""
    page = Paginator(queries.emergency_accesses(viewer=request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "consent/emergency_accesses.html", {"page": page, "form": ReviewForm()})


@require_POST
@signed_in(Role.PRIVACY)
def review(request: Request, pk: UUID) -> HttpResponse:
    """Close the review of one emergency access."""
    form = ReviewForm(request.POST)
    if form.is_valid():
        services.review_emergency_access(pk=pk, review=form.cleaned_data["review"], by=request.user, at=request.now)
        messages.success(request, _("The review is closed."))
        return redirect("consent:emergency-accesses")
    page = Paginator(queries.emergency_accesses(viewer=request.user), PER_PAGE).get_page(request.GET.get("page"))
    known = {"page": page, "form": form, "wrong": pk}
    return render(request, "consent/emergency_accesses.html", known, status=422)


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def who_has_seen(request: Request) -> HttpResponse:
    """The student's own list, in plain words."""
    rows = access_log.who_has_seen_mine(viewer=request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    known = {"page": page, "visits": access_log.visits(page.object_list)}
    return render(request, "consent/who_has_seen.html", known)
