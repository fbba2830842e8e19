"""Events of a circle: members see what is coming and say whether they come, hosts write and call off."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.circle import queries, services
from hearth.circle.event_forms import EventForm
from hearth.circle.gathering import coming_for, events_of, groups_to_name
from hearth.circle.models import Circle
from hearth.circle.pages.challenges import uuid_in
from hearth.circle.pages.student import STUDENTS, own_place
from hearth.timetable.week_asked import zone_words


@require_safe
@signed_in(*STUDENTS)
def coming(request: Request) -> HttpResponse:
    """What is coming in the reader's circle."""
    place = own_place(request)
    context = {
        "events": coming_for(place, at=request.now),
        "is_alumni": place.circle.is_alumni,
        "zone": zone_words(request),
    }
    return render(request, "circle/coming.html", context)


@require_POST
@signed_in(*STUDENTS)
def say(request: Request, event: UUID) -> HttpResponse:
    """Say that one comes, or not after all."""
    is_coming = request.POST.get("say") == "yes"
    services.say_coming(event=event, is_coming=is_coming, by=request.user, at=request.now)
    return redirect(f"{reverse('circle:coming')}#event-{event}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(queries.HOSTS))
def of_circle(request: Request, circle: UUID) -> HttpResponse:
    """What is coming in a circle, for its hosts. A post writes something or, with `end`, calls it off."""
    found = queries.access_circle(viewer=request.user, pk=circle)
    here = redirect("circle:events", found.pk)
    if "end" in request.POST:
        services.call_off(circle=found, event=uuid_in(request.POST["end"]), by=request.user, at=request.now)
        messages.success(request, _("It is called off. Whoever said that they come is told."))
        return here
    data = request.POST if request.method == "POST" else None
    form = EventForm(data, groups=groups_to_name(found), zone=found.organisation.zone, at=request.now)
    if form.is_valid() and _write(request, found, form):
        return here
    context = {
        "circle": found,
        "rows": events_of(viewer=request.user, circle=found, at=request.now),
        "form": form,
        "zone": zone_words(request),
    }
    return render(request, "circle/events.html", context, status=422 if form.is_bound else 200)


def _write(request: Request, circle: Circle, form: EventForm) -> bool:
    """Whether it was written; what stood in the way is told beside the form."""
    try:
        services.write_event(circle=circle, **form.cleaned_data, by=request.user, at=request.now)
    except services.AlreadyThere:
        form.add_error("name", _("This stands at this time already, in other words: call that off first."))
        return False
    except services.OthersThere:
        where = "place" if form.cleaned_data["place"] else "link"
        form.add_error(where, _("The other age band is invited there at that time. Adults and adolescents never meet."))
        return False
    messages.success(request, _("The circle sees it."))
    return True
