"""What a circle does together: members tick their own days, hosts start and end it."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.circle import queries, services
from hearth.circle.challenge_forms import ChallengeForm
from hearth.circle.challenging import challenges_of, lessons_to_do
from hearth.circle.pages.student import STUDENTS


@require_POST
@signed_in(*STUDENTS)
def take_part(request: Request, challenge: UUID) -> HttpResponse:
    """Take part, or stop."""
    if request.POST.get("say") == "no":
        services.stop_taking_part(challenge=challenge, by=request.user, at=request.now)
        return redirect("circle:home")
    services.take_part(challenge=challenge, by=request.user, at=request.now)
    return _back_to(challenge)


@require_POST
@signed_in(*STUDENTS)
def tick(request: Request, challenge: UUID) -> HttpResponse:
    """Tick a day of one's own, or take the tick away: of `done` and `undone`, the one that was pressed."""
    done = "done" in request.POST
    services.tick(
        challenge=challenge,
        day=_day(request.POST.get("done") or request.POST.get("undone") or ""),
        done=done,
        today=timezone.localdate(request.now),
        by=request.user,
        at=request.now,
    )
    return _back_to(challenge)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(queries.HOSTS))
def of_circle(request: Request, circle: UUID) -> HttpResponse:
    """What a circle does together, for its hosts. A post starts something or, with `end`, ends it."""
    found = queries.access_circle(viewer=request.user, pk=circle)
    here, language = redirect("circle:challenges", found.pk), get_language() or "en"
    if "end" in request.POST:
        services.end_challenge(circle=found, challenge=uuid_in(request.POST["end"]), by=request.user, at=request.now)
        return here
    today = timezone.localdate(request.now)
    data = request.POST if request.method == "POST" else None
    form = ChallengeForm(data, lessons=lessons_to_do(found, language=language), today=today)
    if form.is_valid():
        services.start_challenge(circle=found, **form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, _("The circle sees it."))
        return here
    rows = challenges_of(viewer=request.user, circle=found, today=today, language=language)
    context = {"circle": found, "rows": rows, "form": form, "today": today}
    return render(request, "circle/challenges.html", context, status=422 if form.is_bound else 200)


def _back_to(challenge: UUID) -> HttpResponse:
    return redirect(f"{reverse('circle:home')}#challenge-{challenge}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PermissionDenied from None


def uuid_in(text: str) -> UUID:
    """The id that a form sent. Raises PermissionDenied for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise PermissionDenied from None
