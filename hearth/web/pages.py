"""Pages of the house itself: help at once, the look, and errors said kindly."""

import json
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hearth.accounts import throttle
from hearth.accounts.doors import anyone, public, signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.admission.barriers import READERS as READERS_OF_BARRIERS
from hearth.aftercare.transfer_consent import waits_for_guardian
from hearth.family.lessons import shelf_of
from hearth.inquiry.selfcheck import filled
from hearth.letters.queries import SIGNERS
from hearth.measures import guardians
from hearth.measures.instrument import UnknownInstrument
from hearth.people.queries import own_patient
from hearth.people.rules import FAREWELL, PAYMENT
from hearth.safety.incident_queries import READERS as READERS_OF_INCIDENTS
from hearth.sessions.interpreted import interpreted_hours
from hearth.sessions.private_notes import AUTHORISERS
from hearth.timetable.queries import week_notices
from hearth.timetable.ways import way_to_week
from hearth.timetable.week_asked import around, monday_asked, zone_words
from hearth.web.caseload import caseload
from hearth.web.context import THEMES
from hearth.web.family_today import family_today
from hearth.web.first_day import first_day
from hearth.web.free_places import MOST_TO_PICK_FROM, fitting_places, free_places
from hearth.web.incident_figures import incident_figures
from hearth.web.kept_today import kept_today
from hearth.web.leader_today import LEADERS, leader_today
from hearth.web.my_line import my_line as read_my_line
from hearth.web.navigation import STAFF_WAYS, named
from hearth.web.site import store
from hearth.web.staff_today import INTAKE, SHOWN, staff_today
from hearth.web.student_today import student_today
from hearth.web.students import DoseColumn, find_students
from hearth.web.students import chart as read_chart
from hearth.web.whole_week import whole_week

READERS = CARE | {Role.COORDINATOR, Role.DIRECTOR, Role.PRIVACY}
YEAR = 365 * 24 * 60 * 60  # seconds


@require_safe
@anyone
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom to call, text or chat with at once. Asks nobody to sign in."""
    return render(request, "web/help_now.html")


@require_POST
@anyone
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen colours in a cookie, then go back to the page."""
    onward = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = "/"
    response = HttpResponseRedirect(onward)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_safe
@public
def front(request: Request) -> HttpResponse:
    """What an intensive outpatient program is, the free places of the coming week, and the first step."""
    found = free_places(organisation=request.organisation, on=timezone.localdate(request.now))
    language = (translation.get_language() or "en").split("-")[0]
    return render(request, "web/front.html", {"free": found, "language": language, "site": store.titles(language)})


@require_safe
@public
def groups_with_places(request: Request) -> HttpResponse:
    """The coming week's groups as rows, for the self-check to pick from on the device: nothing is told to us."""
    found = free_places(organisation=request.organisation, on=timezone.localdate(request.now), most=MOST_TO_PICK_FROM)
    return render(request, "web/parts/groups.html", {"groups": found.groups})


@require_POST
@public
def places_that_fit(request: Request) -> HttpResponse:
    """A whole free week for the hours of a self-check, which the page brings along; nothing is kept."""
    answers = filled.read_or_nothing_told(request.POST.get("answers", ""))
    context = {"answers": json.dumps(answers.as_json()), "has_times": bool(answers.all("times"))}
    address = throttle.address_of(request)
    if throttle.is_spent("places", address, at=request.now):
        return render(request, "web/places_that_fit.html", context | {"too_many": True}, status=429)
    context["found"] = fitting_places(
        organisation=request.organisation,
        answers=answers,
        language=_language(answers),
        on=timezone.localdate(request.now),
    )
    throttle.allow("places", address, at=request.now)  # last: others of this address wait from here on
    return render(request, "web/places_that_fit.html", context)


def _language(answers: filled.Filled) -> str:
    asked = answers.one("language")
    return asked if asked in ("en", "es") else (translation.get_language() or "en").split("-")[0]


@require_safe
@signed_in()
def today(request: Request) -> HttpResponse:
    """Home: what is true and next for this person, at this moment."""
    if request.user.has_role(Role.REFERRER):
        return redirect("inquiry:own-referrals")
    is_student = request.user.has_role(Role.STUDENT, Role.ALUMNUS) and not request.user.is_staff
    if is_student and "kept" in request.GET:  # what their phone keeps for when there is no connection
        kept = kept_today(viewer=request.user, at=request.now)
        return render(request, "web/today_kept.html", {"now": request.now, "today": kept})
    context = {"now": request.now, "greeting": _greeting(request), "notices": week_notices(request.user)}
    context["own_week"] = way_to_week(request.user)
    if request.user.is_staff:
        context |= {
            "today": staff_today(viewer=request.user, at=request.now),
            "leads": request.user.has_any(LEADERS),
            "cares": request.user.has_any(CARE),
            "takes_in": request.user.has_any(INTAKE),
            "zone_name": request.user.zone.key.replace("_", " "),
        }
        return render(request, "web/today_staff.html", context)
    if is_student:
        return render(
            request, "web/today_student.html", context | {"today": student_today(viewer=request.user, at=request.now)}
        )
    if request.user.has_role(Role.INTERPRETER):
        hours = interpreted_hours(viewer=request.user, at=request.now, ahead=timedelta(days=7))
        return render(request, "web/today_interpreter.html", context | {"hours": hours})
    here, ours = request.user.zone, request.user.organisation.zone
    same = request.now.astimezone(here).utcoffset() == request.now.astimezone(ours).utcoffset()
    relatives = family_today(viewer=request.user, at=request.now)
    dates = not relatives or any(not one.relationship.patient.has_died for one in relatives)
    shelf = shelf_of(viewer=request.user, language=translation.get_language() or "en") if dates else None
    asked = guardians.asked_of(viewer=request.user, at=request.now)
    to_sign = waits_for_guardian(viewer=request.user, at=request.now)
    context |= {"relatives": relatives, "dates": dates, "shelf": shelf, "asked": asked, "to_sign": to_sign}
    return render(
        request, "web/today_family.html", context | {"zone_named": "" if same else here.key.replace("_", " ")}
    )


@require_safe
@signed_in(*sorted(CARE))
def today_students(request: Request) -> HttpResponse:
    """What comes after Today has opened: the viewer's students, and what is due with them."""
    load = caseload(viewer=request.user, at=request.now, most=SHOWN)
    due = bool(load.safety_plans or load.unsigned_plans or load.reviews)
    is_clear = "clear" in request.GET and not due  # the page itself tells whether anything else waits
    return render(request, "web/today_students.html", {"load": load, "is_clear": is_clear})


@require_safe
@signed_in(*sorted(LEADERS))
def today_figures(request: Request) -> HttpResponse:
    """What comes after Today has opened for those who lead: places, dose and work in hand of the whole organisation."""
    return render(request, "web/today_figures.html", {"leader": leader_today(viewer=request.user, at=request.now)})


def _greeting(request: Request) -> str:
    hour = request.now.astimezone(request.user.zone).hour
    words = _("Good morning, %(name)s.") if hour < 12 else _("Good afternoon, %(name)s.")
    if hour >= 17:
        words = _("Good evening, %(name)s.")
    return words % {"name": request.user.first_name}


@require_safe
@signed_in(*READERS)
def students(request: Request) -> HttpResponse:
    """The people whose chart the reader may open, by name."""
    words = request.GET.get("q", "").strip()[:80]
    page = find_students(viewer=request.user, words=words, page=request.GET.get("page"))
    return render(request, "web/students.html", {"page": page, "words": words})


@require_safe
@signed_in(*READERS)
def chart(request: Request, patient: UUID) -> HttpResponse:
    """One student's chart, on one page."""
    found = read_chart(viewer=request.user, pk=patient, at=request.now)
    context = {
        "chart": found,
        "dose_columns": [
            DoseColumn(str(week.number), week.prescribed, week.to_come, week.attended) for week in found.weeks
        ],
        "keeps_private_notes": request.user.has_any(CLINICIANS),
        "begins_notes": request.user.has_any(CARE),
        "names_readers": request.user.has_any(AUTHORISERS),
        "records_deaths": request.user.has_any(FAREWELL),
        "sees_payment": request.user.has_any(PAYMENT),
        "sees_medicines": request.user.has_any(CARE),
        "sees_barriers": request.user.has_any(READERS_OF_BARRIERS),
        "sees_letters": request.user.has_any(SIGNERS),
    }
    return render(request, "web/chart.html", context)


@require_safe
@signed_in()
def guide(request: Request) -> HttpResponse:
    """How Hearth works, for the reader's side of it."""
    if not request.user.is_staff:
        return render(request, "web/guide_student.html")
    return render(request, "web/guide_staff.html", {"named": named(STAFF_WAYS, roles=request.user.roles)})


@require_safe
@signed_in(Role.STUDENT)
def my_first_day(request: Request) -> HttpResponse:
    """What somebody newly admitted wants to know before their first session."""
    return render(request, "web/first_day.html", {"day": first_day(viewer=request.user, at=request.now)})


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def my_whole_week(request: Request) -> HttpResponse:
    """The student's sessions, school, work, family and own hours of the week asked for, together."""
    monday = monday_asked(request)
    week = whole_week(viewer=request.user, patient=own_patient(viewer=request.user), monday=monday, at=request.now)
    context = around(monday) | {"week": week, "today": timezone.localdate(request.now), "zone": zone_words(request)}
    return render(request, "web/my_whole_week.html", context)


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def my_line(request: Request, instrument: str) -> HttpResponse:
    """How one measure of the student's own moves, in kind words, and what they did in those weeks."""
    try:
        line = read_my_line(viewer=request.user, instrument=instrument, at=request.now)
    except UnknownInstrument as error:
        raise Http404(str(error)) from error
    return render(request, "web/my_line.html", {"line": line})


@require_safe
@signed_in(*sorted(READERS_OF_INCIDENTS))
def incidents_by_month(request: Request) -> HttpResponse:
    """How many incidents and near misses were reported, by kind and month."""
    kinds = (_("Incidents"), False), (_("Near misses"), True)
    found = [(title, incident_figures(viewer=request.user, at=request.now, near_misses=near)) for title, near in kinds]
    return render(request, "web/incident_figures.html", {"tables": found})
