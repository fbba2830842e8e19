"""Changed places: offered by those who plan weeks, answered by the student."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.lib.written_dates import written
from hearth.people.models import Patient
from hearth.timetable import queries, services
from hearth.timetable.changing import NotOnTheBoard, Option, options_for
from hearth.timetable.facts import Refused
from hearth.timetable.forms import ChangeForm, DeclineForm
from hearth.timetable.models import ChangeOffer, Section
from hearth.timetable.week_asked import zone_words

ANSWER_IN = (1, 2, 3, 5, 7, 10)
"""Days in which an answer may be asked for; until six in the evening."""

EVENING = time(18)
WEEKS = 4


@require_http_methods(["GET", "POST"])
@signed_in(*queries.PLANNERS)
def of_student(request: Request, patient: UUID) -> HttpResponse:
    """A student's places, what could be offered instead of one of them, and what was offered before."""
    person = queries.access_planned(viewer=request.user, patient=patient, at=request.now)
    zone = person.organisation.zone
    mondays = _mondays(request.now, zone)
    monday = _chosen(request.GET.get("week", ""), mondays)
    places = queries.places_of(viewer=request.user, patient=person, monday=monday, at=request.now)
    section = next((each.section for each in places if str(each.section.pk) == request.GET.get("place")), None)
    form, options, lacking = None, [], ""
    if section is not None:
        try:
            options = options_for(person, section, viewer=request.user, week_of=monday)
        except NotOnTheBoard as trouble:
            lacking = str(trouble)
        words = [(each.key, _option(each, section)) for each in options]
        untils = _untils(request.now, monday, zone)
        usual = {"until": untils[min(1, len(untils) - 1)][0]}
        form = ChangeForm(request.POST or None, options=words, until=untils, initial=usual)
        if form.is_valid() and _offer(request, person, section, monday, form, options):
            return redirect("timetable:changes", person.pk)
    context = {
        "patient": person,
        "places": places,
        "mondays": mondays,
        "monday": monday,
        "section": section,
        "form": form,
        "options": options,
        "lacking": lacking,
        "offers": queries.changes_of(person),
    }
    return render(request, "timetable/changes.html", context, status=422 if form and form.is_bound else 200)


def _mondays(now: datetime, zone: ZoneInfo) -> list[date]:
    """The Mondays from which a change could hold: there must be an evening before, to answer."""
    today = timezone.localdate(now, zone)
    first = queries.monday_of(today) + timedelta(weeks=1 if today.weekday() < 6 else 2)
    return [first + timedelta(weeks=number) for number in range(WEEKS)]


def _chosen(asked: str, mondays: Sequence[date]) -> date:
    return next((each for each in mondays if each.isoformat() == asked), mondays[0])


def _untils(now: datetime, monday: date, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Evenings before that Monday on which an answer is due."""
    today = timezone.localdate(now, zone)
    evenings = [datetime.combine(today + timedelta(days=ahead), EVENING, zone) for ahead in ANSWER_IN]
    return [(each.isoformat(), written(each, "l j F, H:i")) for each in evenings if each.date() < monday]


def _option(option: Option, section: Section) -> str:
    minutes = option.starts.hour * 60 + option.starts.minute + (option.section or section).minutes
    ends = time(minutes // 60 % 24, minutes % 60)
    words = f"{WEEKDAYS[option.weekday]} {option.starts:%H:%M}–{ends:%H:%M}"
    if option.section is not None:
        words += f" · {option.section.name} · {option.section.facilitator.first_name}"
    return f"{words} · {_('suits them best')}" if option.suits_best else words


def _offer(
    request: Request, person: Patient, section: Section, monday: date, form: ChangeForm, options: Sequence[Option]
) -> bool:
    """Offer it; what forbids it stands on the form."""
    to = next(each for each in options if each.key == form.cleaned_data["to"])
    alone = to.section is None
    try:
        services.offer_change(
            patient=person,
            section=section,
            to_section=to.section,
            weekday=to.weekday if alone else None,
            starts=to.starts if alone else None,
            from_on=monday,
            until=form.cleaned_data["until"],
            note=form.cleaned_data["note"],
            by=request.user,
            at=request.now,
        )
    except services.CannotOffer as refusal:
        for sentence in refusal.sentences:
            form.add_error(None, sentence)
        return False
    messages.success(request, _("%(name)s is asked, and told by mail or text.") % {"name": person.chosen_name})
    return True


@require_GET
@signed_in(*queries.PLANNERS)
def lately(request: Request) -> HttpResponse:
    """What waits for an answer, and what was answered or not within a week."""
    offers = queries.changes_lately(viewer=request.user, at=request.now)
    return render(request, "timetable/changes_lately.html", {"offers": offers})


@require_POST
@signed_in(*queries.PLANNERS)
def withdraw(request: Request, change: UUID) -> HttpResponse:
    """Take an offer back that was not answered yet."""
    offer = queries.access_change(viewer=request.user, pk=change, at=request.now)
    try:
        services.withdraw_change(offer=offer, by=request.user, at=request.now)
    except services.NotOpen:
        messages.error(request, _("This was answered already."))
    else:
        messages.success(request, _("The offer is taken back."))
    return redirect("timetable:changes", offer.patient_id)


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT)
def mine(request: Request, change: UUID) -> HttpResponse:
    """The change that a student is offered, before and after; they say yes, or that they cannot."""
    offer = queries.access_change(viewer=request.user, pk=change, at=request.now)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _answer(request, offer, form)
    is_open = offer.status == ChangeOffer.Status.OPEN and offer.until > request.now
    context = {"offer": offer, "form": DeclineForm(), "is_open": is_open, "zone": zone_words(request)}
    return render(request, "timetable/my_change.html", context)


def _answer(request: Request, offer: ChangeOffer, form: DeclineForm) -> HttpResponse:
    by, at = request.user, request.now
    try:
        if request.POST.get("do") == "accept":
            services.accept_change(offer=offer, by=by, at=at)
            messages.success(request, _("Done. Your week is changed."))
        else:
            services.decline_change(offer=offer, reason=form.cleaned_data["reason"], by=by, at=at)
            messages.success(request, _("Thank you for telling us. Your week stays as it is."))
    except (services.CannotOffer, Refused) as refusal:
        services.withdraw_change(offer=offer, by=by, at=at, reason=str(refusal))
        messages.error(request, _("This is not possible any more. Your week stays as it is, and your team knows."))
    except services.NotOpen:
        messages.error(request, _("This offer is closed. Your week stays as it is."))
        return redirect("timetable:my-change", offer.pk)
    return redirect("sessions:my-week")
