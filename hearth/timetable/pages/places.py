"""Can we serve them? Hours and needs in, a week they could have out, or what one change would make; the waitlist."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.timetable import asking, queries, services, waitlist, waitlist_order
from hearth.timetable.facts import Refused
from hearth.timetable.places_forms import NeedsForm, OrderForm, SupportForm
from hearth.timetable.places_words import ORDER_WORDS, change_lines, place_lines
from hearth.timetable.who_asks import kinds_of_care, open_programs, who_asks


@require_http_methods(["GET", "POST"])
@signed_in(*queries.PLANNERS)
def places(request: Request) -> HttpResponse:
    """What this person could have, at once where enough is known of them; with `do=wait` they go on the waitlist."""
    told = request.POST if request.method == "POST" else request.GET
    asks = {key: told.get(key, "") for key in ("inquiry", "referral", "patient")}
    who = who_asks(viewer=request.user, at=request.now, **asks)
    programs = open_programs()
    form = NeedsForm(
        request.POST if request.method == "POST" else None,
        kinds=kinds_of_care(programs, translation.get_language() or "en"),
        stored=who.hours,
        initial=who.initial(programs),
    )
    context: dict[str, object] = {"form": form, "who": who, "first": asking.next_start(timezone.localdate(request.now))}
    needs = who.needs(programs) if request.method == "GET" else None
    if form.is_valid():
        program = next(one for one in programs if str(one.pk) == form.program_id())
        needs = form.needs(program.pack)
        if request.POST.get("do") == "wait" and who.is_somebody:
            try:
                services.join_waitlist(
                    program=program,
                    needs=needs,
                    patient=who.patient,
                    inquiry=who.inquiry_id,
                    by=request.user,
                    at=request.now,
                )
                messages.success(request, _("On the waitlist. What is free is offered by itself, in order."))
                return redirect("timetable:waitlist")
            except services.WaitsAlready:
                form.add_error(None, _("They are on the waitlist already."))
    if needs is not None:
        found, week = asking.places_for(
            viewer=request.user,
            needs=needs,
            on=timezone.localdate(request.now),
            patient=who.patient,
            inquiry=who.inquiry_id,
        )
        context |= {
            "asked": True,
            "places": [place_lines(place, week.names) for place in found.places],
            "changes": [change_lines(change, week.names) for change in found.one_change_away],
        }
    return render(request, "timetable/places.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in(*queries.PLANNERS)
def waiting(request: Request) -> HttpResponse:
    """Everyone who waits, whoever is asked first first, with what they were offered."""
    rows = waitlist.waitlist(viewer=request.user, language=translation.get_language() or "en")
    return render(request, "timetable/waitlist.html", {"rows": rows, "now": request.now})


@require_http_methods(["GET", "POST"])
@signed_in(*queries.PLANNERS)
def why(request: Request, entry: UUID) -> HttpResponse:
    """Why one person stands where they stand; a post says what counts, or what support was offered."""
    row = waitlist.access_entry(viewer=request.user, pk=entry)
    step = request.POST.get("step") if request.method == "POST" else None
    counting = OrderForm(request.POST if step == "order" else None, initial=OrderForm.initial_of(row))
    support = SupportForm(request.POST if step == "support" else None)
    common: dict[str, Any] = {"entry": row, "by": request.user, "at": request.now}
    if counting.is_valid():
        services.say_what_counts(**common, **counting.cleaned_data)
    elif support.is_valid():
        services.offer_support(**common, **support.cleaned_data)
    if counting.is_valid() or support.is_valid():
        messages.success(request, _("Written down."))
        return redirect("timetable:waitlist-why", row.pk)
    language = translation.get_language() or "en"
    found = waitlist.why_here(viewer=request.user, pk=row.pk, language=language, at=request.now)
    context = {
        "found": found,
        "reasons": [(ORDER_WORDS[one.id], one) for one in found.reasons],
        "counting": counting,
        "support": support,
        "interim": waitlist_order.order().interim,
        "now": request.now,
    }
    return render(request, "timetable/waitlist_why.html", context, status=422 if step else 200)


@require_POST
@signed_in(*queries.PLANNERS)
def answer(request: Request, offer: UUID) -> HttpResponse:
    """Write down what they said to the place they were offered."""
    row = waitlist.access_place_offer(viewer=request.user, pk=offer)
    said = request.POST.get("answer")
    try:
        if said == "yes":
            _tell(request, bool(services.accept_place(offer=row, by=request.user, at=request.now).entry.ended_at))
        elif said == "seat":
            _tell(request, services.seat_promised(offer=row, by=request.user, at=request.now) is not None)
        else:
            services.pass_on_place(offer=row, by=request.user, at=request.now)
            messages.success(request, _("Passed on. They keep their turn; the place goes to whoever is next."))
    except services.AnsweredBefore:
        messages.error(request, _("This offer was answered before, or its time is over."))
    except (services.NoLongerHolds, Refused) as trouble:
        messages.error(request, _("Nothing was changed: %(why)s") % {"why": trouble})
    return redirect("timetable:waitlist")


def _tell(request: Request, is_seated: bool) -> None:
    if is_seated:
        messages.success(request, _("They have their seats. The sessions to come have them on the roster."))
    else:
        messages.success(request, _("The place is kept for them until they are admitted with a plan and hours."))


@require_POST
@signed_in(*queries.PLANNERS)
def leave(request: Request, entry: UUID) -> HttpResponse:
    """They no longer wait."""
    row = waitlist.access_entry(viewer=request.user, pk=entry)
    services.leave_waitlist(entry=row, by=request.user, at=request.now)
    messages.success(request, _("They are no longer on the waitlist."))
    return redirect("timetable:waitlist")
