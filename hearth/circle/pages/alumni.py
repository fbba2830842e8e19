"""The circle of alumni: coming in, leaving, and contact that opens only where both would like it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.circle import choosing, places, rules, services
from hearth.circle.forms import WayForm
from hearth.circle.pages.student import STUDENTS, looked_for

A_PAGE = 40


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def alumni(request: Request) -> HttpResponse:
    """What the circle of alumni is and its rule, to read before and again. A post comes in."""
    if request.method == "POST":
        services.join_alumni(by=request.user, at=request.now)
        return redirect("circle:home")
    place = places.own_membership(viewer=request.user, at=request.now)
    if place is not None and not place.circle.is_alumni:
        return redirect("circle:home")
    context = {
        "place": place,
        "stay": places.stay_for_alumni(viewer=request.user, at=request.now),
        "looked_for": looked_for(),
    }
    return render(request, "circle/alumni.html", context)


@require_POST
@signed_in(*STUDENTS)
def leave(request: Request) -> HttpResponse:
    """Leave the circle of alumni."""
    services.leave_alumni(by=request.user, at=request.now)
    messages.success(request, _("You left the circle. Nothing of yours is shown there any more."))
    return redirect("circle:alumni")


@require_safe
@signed_in(*STUDENTS)
def in_touch(request: Request) -> HttpResponse:
    """How one can be reached, with whom both said so, and the others."""
    return _in_touch(request)


@require_POST
@signed_in(*STUDENTS)
def way(request: Request) -> HttpResponse:
    """Keep how one can be reached; without words nobody is shown anything."""
    form = WayForm(request.POST)
    if not form.is_valid():
        return _in_touch(request, form)
    services.keep_way(words=form.cleaned_data["words"], by=request.user, at=request.now)
    messages.success(request, _("Kept."))
    return redirect("circle:in-touch")


@require_POST
@signed_in(*STUDENTS)
def choose(request: Request, place: UUID) -> HttpResponse:
    """Say of somebody that one would like to be in touch, or take it back."""
    if request.POST.get("say") != "yes":
        services.withdraw(whom=place, by=request.user, at=request.now)
        messages.success(request, _("Taken back. Nobody is told."))
        return redirect("circle:in-touch")
    try:
        both = services.choose(whom=place, by=request.user, at=request.now)
    except services.NoWayYet:
        messages.error(request, _("First write how you can be reached."))
    except services.TooMany:
        most = {"most": rules.MOST_CHOICES}
        messages.error(request, _("You can say it of %(most)s people. Take one back first.") % most)
    else:
        said = _("You both said so.") if both else _("Kept. Nobody learns of it unless they say it of you, too.")
        messages.success(request, said)
    return redirect("circle:in-touch")


@require_POST
@signed_in(*STUDENTS)
def nobody(request: Request) -> HttpResponse:
    """Take back everything one said, and how one can be reached."""
    services.withdraw_all(by=request.user, at=request.now)
    messages.success(request, _("Everything is taken back. Nobody is told."))
    return redirect("circle:in-touch")


def _in_touch(request: Request, form: WayForm | None = None) -> HttpResponse:
    found = choosing.in_touch(viewer=request.user, at=request.now)
    context = {
        "found": found,
        "page": Paginator(found.others, A_PAGE).get_page(request.GET.get("page")),
        "form": form or WayForm(initial={"words": found.own_way}),
    }
    return render(request, "circle/in_touch.html", context, status=422 if form else 200)
