"""What was refused at sessions' doors, for those who run the house."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.sessions.refusals import READERS, refusals


@require_GET
@signed_in(*sorted(READERS))
def refused(request: Request) -> HttpResponse:
    """Counts by kind and day."""
    today = timezone.localdate(request.now, request.user.organisation.zone)
    return render(request, "sessions/refused.html", {"found": refusals(viewer=request.user, today=today)})
