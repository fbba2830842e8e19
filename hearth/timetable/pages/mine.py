"""The notice that a week changes, and private calendar addresses."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.timetable import services
from hearth.timetable.ways import way_to_week
from hearth.timetable.week_asked import FRESH_ADDRESS


@require_POST
@signed_in()
def seen(request: Request) -> HttpResponse:
    """The reader saw that their week changes: the notice goes."""
    services.see_notices(by=request.user, at=request.now)
    return redirect("web:today")


@require_POST
@signed_in()
def my_calendar(request: Request) -> HttpResponse:
    """Make a new calendar address, which is shown once, or end the one there is."""
    if request.POST.get("do") == "revoke":
        services.revoke_feed(user=request.user, at=request.now)
        messages.success(request, _("Your calendar address no longer works."))
    else:
        token = services.make_feed(user=request.user, at=request.now)
        request.session[FRESH_ADDRESS] = f"{settings.BASE_URL}{reverse('sessions:feed', args=[token])}"
    return redirect(way_to_week(request.user))
