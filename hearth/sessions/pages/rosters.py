"""The staff's sessions: by day, the roster with one tap a student, corrections."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.lib import live
from hearth.lib.qr_code import qr_code
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions import door_code, services
from hearth.sessions.agendas import agenda_of
from hearth.sessions.curriculum import subjects_of
from hearth.sessions.families import guests_of
from hearth.sessions.forms import CancelForm, CorrectForm, DescribeForm, WayForm
from hearth.sessions.glances import Glance, glances, open_charts, picture_of
from hearth.sessions.handouts import sheets_of
from hearth.sessions.keeping import kept_until
from hearth.sessions.models import Attendance, QuietStep, Session
from hearth.sessions.policies import excuses_of, policies_of
from hearth.sessions.queries import (
    HERE,
    access_session,
    needing_cover,
    place_in,
    roster,
    sessions_of,
    stretches_of,
    took_part_of,
    zone_of,
    zone_to_name,
)
from hearth.sessions.quiet import words_of
from hearth.sessions.rules import attendance as rules
from hearth.sessions.said import cannot_come
from hearth.sessions.singles import MAKERS
from hearth.sessions.video import pool
from hearth.sessions.whereabouts import WhomToCall, beside_addresses
from hearth.timetable.models import OneOff
from hearth.timetable.queries import PLANNERS

STAFF = (*sorted(CARE), Role.COORDINATOR, Role.DIRECTOR)
REFUSALS = (services.NotNow, services.ReasonMissing, services.TimesMissing, services.NoteLocked)


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the roster: how somebody attends, how much they took part, and what stands beside their name."""

    attendance: Attendance
    verdict: rules.Verdict
    said: OneOff | None
    took_part: int | None
    glance: Glance | None
    calls: WhomToCall | None


@require_GET
@signed_in(*STAFF)
def week(request: Request) -> HttpResponse:
    """My sessions of one week by day, or everyone's for those whose work covers all."""
    monday = _monday(request)
    may_see_all = request.user.has_any(SEE_EVERYONE)
    everyone = may_see_all and request.GET.get("whose") == "all"
    zone = request.user.zone
    start = datetime.combine(monday, time(), zone)
    end = datetime.combine(monday + timedelta(days=7), time(), zone)
    rows = sessions_of(viewer=request.user, start=start, end=end, everyone=everyone)
    cover = needing_cover(rows)
    said = cannot_come(rows, home=request.user.organisation.zone)
    for row in rows:
        row.cannot = len(said.get(row.pk, ()))  # type: ignore[attr-defined]
    days = [(day, list(each)) for day, each in groupby(rows, key=lambda row: row.starts_at.astimezone(zone).date())]
    context = {
        "days": days,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "today": timezone.localdate(request.now),
        "everyone": everyone,
        "may_see_all": may_see_all,
        "cover": cover,
        "may_plan": request.user.has_any(PLANNERS),
        "may_make": request.user.has_any(MAKERS),
        "now": request.now,
    }
    return render(request, "sessions/week.html", context)


def _monday(request: Request) -> date:
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = timezone.localdate(request.now)
    day = min(max(day, date(2000, 1, 1)), date(2100, 1, 1))
    return day - timedelta(days=day.weekday())


@require_GET
@signed_in(*STAFF)
def room(request: Request, session: UUID) -> HttpResponse:
    """One session: who is here. With htmx the roster alone, so that students' own taps appear."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    return _render(request, found)


@require_GET
@signed_in(*STAFF)
def heard(request: Request, session: UUID) -> HttpResponseBase:
    """Tells an open page that somebody came, left, was marked or opened a handout."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    return live.stream(request, f"session:{found.pk}")


def _render(request: Request, session: Session, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = roster(session=session)
    over_at = session.ended_at or min(max(request.now, session.starts_at), session.ends_at)
    planned = (session.starts_at, session.ends_at)
    policies = policies_of(row.patient_id for row in rows)
    verdicts = [
        rules.judge(stretches_of(row), planned=planned, over_at=over_at, policy=policies[row.patient_id])
        for row in rows
    ]
    said = cannot_come([session], home=request.user.organisation.zone).get(session.pk, {})
    marks = took_part_of(session=session)
    calls = beside_addresses(rows, today=request.now.astimezone(zone_of(session)).date())
    seen = {} if request.htmx else _at_length(request, session, rows)
    beside = seen.pop("glances", {})
    context = {
        **seen,
        "session": session,
        "rows": [
            Place(row, verdict, said.get(row.patient_id), marks.get(str(row.pk)), beside.get(row.pk), calls.get(row.pk))
            for row, verdict in zip(rows, verdicts, strict=True)
        ],
        "cannot": len(said),
        "here": sum(row.status in HERE for row in rows),
        "by_video": sum(row.status in HERE and row.modality == "virtual" for row in rows),
        "waiting": sum(row.status == Attendance.Status.EXPECTED for row in rows),
        "now": request.now,
        "video": session.has_own_room and pool.is_up(),
        "zone": zone_to_name(session, reader=request.user),
        "is_clinician": request.user.has_any(CLINICIANS),
        "is_mine": session.is_led_by(request.user),
        "describe_form": DescribeForm(initial={"topic": session.topic, "link": session.link}),
        "cancel_form": CancelForm(),
        "may_change": session.section_id is None and session.starts_at > request.now,
    }
    template = "sessions/parts/roster.html" if request.htmx else "sessions/room.html"
    return render(request, template, {**context, **more}, status=status)


def _at_length(request: Request, session: Session, rows: list[Attendance]) -> dict[str, Any]:
    """What stands beside the roster and is read once a page, not with every renewal of the roster."""
    language = translation.get_language() or "en"
    ids = [row.patient_id for row in rows]
    open_to = open_charts(viewer=request.user, rows=rows, at=request.now)
    return {
        "glances": glances(rows=rows, open_to=open_to, at=request.now),
        "picture": picture_of(viewer=request.user, session=session, rows=rows, open_to=open_to, at=request.now),
        "closed": len(rows) - len(open_to),
        "agenda": agenda_of(session=session, patient_ids=ids, language=language, at=request.now),
        "subjects": subjects_of(session),
        "guests": guests_of(session),
        "sheets": sheets_of(session=session, patient_ids=ids),
        "quiet_words": words_of(viewer=request.user, session=session, at=request.now),
        "quiet_steps": QuietStep.What.choices,
        **kept_until(session, request.now),
    }


@require_GET
@signed_in(*STAFF)
def code(request: Request, session: UUID) -> HttpResponse:
    """The code that students on site type or scan, large enough for the far wall; it renews itself."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    shown = door_code.code_at(found.pk, request.now)
    address = f"{settings.BASE_URL}{reverse('sessions:mine', args=[found.pk])}?code={shown}"
    context = {"session": found, "code": f"{shown[:3]} {shown[3:]}", "square": qr_code(address)}
    return render(request, "sessions/parts/code.html" if request.htmx else "sessions/code.html", context)


def _attempt(request: Request, deed: Callable[[], Any]) -> bool:
    """Do it; a refusal becomes its sentence in a toast."""
    try:
        deed()
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return False
    return True


@require_POST
@signed_in(*STAFF)
def run(request: Request, session: UUID, deed: str) -> HttpResponse:
    """Start or end the session."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    do = services.start if deed == "start" else services.end
    is_done = _attempt(request, lambda: do(session=found, by=request.user, at=request.now))
    if is_done and deed == "end" and found.is_led_by(request.user):
        return redirect("sessions:note", found.pk)
    return redirect("sessions:room", found.pk)


@require_POST
@signed_in(*STAFF)
def describe(request: Request, session: UUID) -> HttpResponse:
    """Today's topic and the link of an outside video room."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return _render(request, found, status=422, describe_form=form)
    try:
        services.describe(session=found, by=request.user, at=request.now, **form.cleaned_data)
    except services.LinkOfOthers as refusal:
        form.add_error("link", str(refusal))
        return _render(request, found, status=422, describe_form=form)
    except services.NotNow as refusal:
        messages.error(request, str(refusal))
    return redirect("sessions:room", found.pk)


@require_POST
@signed_in(*STAFF)
def family(request: Request, session: UUID) -> HttpResponse:
    """Which of the people close to its students were there."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    guests = {str(guest.tie.pk): guest.tie.pk for guest in guests_of(found)}
    came, seen = ({guests[pk] for pk in request.POST.getlist(name) if pk in guests} for name in ("came", "seen"))
    if _attempt(
        request,
        lambda: services.mark_family(session=found, came=came, seen=seen, by=request.user, at=request.now),
    ):
        messages.success(request, _("Written down."))
    return redirect("sessions:room", found.pk)


@require_POST
@signed_in(*STAFF)
def cancel(request: Request, session: UUID) -> HttpResponse:
    """This session will not take place."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _render(request, found, status=422, cancel_form=form)
    _attempt(
        request,
        lambda: services.cancel(session=found, reason=form.cleaned_data["reason"], by=request.user, at=request.now),
    )
    return redirect("sessions:room", found.pk)


@require_POST
@signed_in(*STAFF)
def tap(request: Request, session: UUID, attendance: UUID) -> HttpResponse:
    """One tap: present, late, left, absent or undone; or how much somebody took part."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    row = place_in(session=found, pk=attendance)
    is_done = _attempt(request, _deed(request, row))
    if request.htmx:
        refusal = "" if is_done else str(next(iter(messages.get_messages(request)), ""))
        return _render(request, found, refusal=refusal)
    return redirect("sessions:room", found.pk)


def _deed(request: Request, row: Attendance) -> Callable[[], Any]:
    """What the pressed button asks for. Raises Http404."""
    status, much = request.POST.get("status", ""), request.POST.get("took_part", "")
    if status in Attendance.Status.values:
        return lambda: services.mark(attendance=row, status=status, by=request.user, at=request.now)
    if much in ("1", "2", "3", "4", "5"):
        return lambda: services.mark_took_part(attendance=row, much=int(much), by=request.user, at=request.now)
    raise Http404("no such mark")


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF)
def correct(request: Request, session: UUID, attendance: UUID) -> HttpResponse:
    """Everything about how one student attended, with times, moods and why, and whether in person or by video."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    row = place_in(session=found, pk=attendance)
    zone = zone_of(found)
    initial = {
        "status": row.status,
        "arrived": row.arrived_at and row.arrived_at.astimezone(zone).time(),
        "left": row.left_at and row.left_at.astimezone(zone).time(),
        "mood_in": row.mood_in,
        "mood_out": row.mood_out,
        "reason": row.reason,
    }
    of_way = request.POST.get("form") == "way"
    form = CorrectForm(request.POST if request.POST and not of_way else None, initial=initial)
    way_form = WayForm(request.POST if of_way else None, initial={"way": row.modality, "why": row.modality_reason})
    if way_form.is_valid() and _say_way(request, row, way_form):
        return redirect("sessions:room", found.pk)
    excuses = excuses_of(row.patient_id, language=request.user.language)
    if form.is_valid() and _correct(request, found, row, form):
        return redirect("sessions:room", found.pk)
    context = {
        "session": found,
        "row": row,
        "form": form,
        "way_form": way_form,
        "zone": zone.key,
        "excuses": excuses,
    }
    return render(request, "sessions/correct.html", context, status=422 if request.POST else 200)


def _say_way(request: Request, row: Attendance, form: WayForm) -> bool:
    way, why = form.cleaned_data["way"], form.cleaned_data["why"]
    try:
        services.say_way(attendance=row, way=way, reason=why, by=request.user, at=request.now)
    except (services.NotNow, services.NoteLocked) as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Written down."))
    return True


def _correct(request: Request, session: Session, row: Attendance, form: CorrectForm) -> bool:
    typed = {name: form.cleaned_data[name] for name in ("status", "reason", "mood_in", "mood_out")}
    arrived_at, left_at = form.times(session, zone_of(session))
    try:
        services.mark(attendance=row, by=request.user, at=request.now, arrived_at=arrived_at, left_at=left_at, **typed)
    except services.ReasonMissing as refusal:
        form.add_error("reason", str(refusal))
    except services.TimesMissing as refusal:
        form.add_error("left" if form.cleaned_data["arrived"] else "arrived", str(refusal))
    except (services.NotNow, services.NoteLocked) as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("Written down."))
        return True
    return False
