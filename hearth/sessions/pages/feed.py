"""Somebody's own appointments, at the private address that `timetable` made for them."""

from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hearth.accounts.doors import public
from hearth.accounts.requests import Request
from hearth.sessions.appointments import appointments_of
from hearth.sessions.feed import Titles, calendar
from hearth.timetable.queries import user_of_feed


@require_GET
@public
def feed(request: Request, token: str) -> HttpResponse:
    """Real sessions as iCalendar. Whoever has the address may read it; it says no more than when."""
    user = user_of_feed(token)
    if user is None:
        raise Http404
    with translation.override(user.language):
        titles = Titles(_("My week"), _("Appointment"), _("Appointment (called off)"))
    content = calendar(appointments_of(user=user, at=request.now), titles=titles, at=request.now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="week.ics"'
    return response
