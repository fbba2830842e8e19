"""The student's own page of a session: I'm here, the way in, how I feel. Nothing of anyone else."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.sessions import services
from hearth.sessions.forms import CheckInForm, CheckOutForm
from hearth.sessions.handouts import own_handouts
from hearth.sessions.models import Attendance, RefusalCount
from hearth.sessions.pages.refusing import counted
from hearth.sessions.pages.showing import showing_of
from hearth.sessions.policies import policy_of
from hearth.sessions.queries import may_thank, own_attendance, zone_of, zone_to_name
from hearth.sessions.rules.attendance import may_check_in
from hearth.sessions.rules.whereabouts import WayIn
from hearth.sessions.video import pool
from hearth.sessions.video.queries import Guest
from hearth.sessions.whereabouts import may_come_by_video, place_of, way_in_of


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT)
@counted
def session(request: Request, session: UUID) -> HttpResponse:
    """Check in, join or find the way, and say how it was."""
    row = own_attendance(viewer=request.user, session_id=session)
    is_virtual = row.modality == "virtual"
    on_site = services.takes_code(row) and "code" in (request.POST or request.GET)
    leaving = request.POST.get("form") == "out"
    check_in = CheckInForm(
        request.POST if request.method == "POST" and not leaving else None,
        with_code=on_site or services.needs_code(row),
        initial={"code": request.GET.get("code", "")[:12]},
    )
    check_out = CheckOutForm(request.POST if request.method == "POST" and leaving else None)
    refusal = ""
    is_ready = on_site or not is_virtual or way_in_of(row, place_of(row)) == WayIn.OPEN
    if check_in.is_bound and not is_ready:
        return redirect("sessions:before", session)
    if check_in.is_valid() or check_out.is_valid():
        refusal = _do(request, row, check_in, check_out)
        if not refusal:
            return redirect("sessions:mine", session)
    held, policy = row.session, policy_of(row.patient_id)
    has_room = is_virtual and held.has_own_room and bool(pool.servers())
    context = {
        "row": row,
        "handouts": own_handouts(patient=row.patient, at=request.now),
        "session": held,
        "is_virtual": is_virtual,
        "is_ready": is_ready,
        "on_site": on_site and is_virtual,
        "takes_code": services.takes_code(row),
        "offers_video": _offers_video(row, at=request.now),
        "may_check_in": held.cancelled_at is None
        and held.ended_at is None
        and may_check_in(planned=(held.starts_at, held.ends_at), at=request.now, policy=policy),
        "opens_at": held.starts_at - policy.opens,
        "is_over": held.over_at <= request.now,
        "may_thank": may_thank(row, at=request.now),
        "video": has_room and pool.is_up(),
        "is_down": has_room and not pool.is_up(),
        "check_in": check_in,
        "check_out": check_out,
        "refusal": refusal,
        "zone": zone_to_name(held, reader=request.user),
    }
    context |= showing_of(request, Guest(held, row, leads=False))
    return render(request, "sessions/mine.html", context, status=422 if request.method == "POST" else 200)


def _offers_video(row: Attendance, *, at: datetime) -> bool:
    """Whether somebody with a seat on site, who is not in it now, is shown that day that they may come by video."""
    is_there = row.arrived_at is not None and row.left_at is None
    zone = zone_of(row.session)
    is_today = row.session.starts_at.astimezone(zone).date() == at.astimezone(zone).date() and at < row.session.over_at
    is_open = is_today and row.session.cancelled_at is None
    return row.modality != "virtual" and not is_there and is_open and may_come_by_video(row)


def _do(request: Request, row: Attendance, check_in: CheckInForm, check_out: CheckOutForm) -> str:
    """Check in or out; returns the sentence of a refusal."""
    try:
        if check_out.is_bound:
            services.check_out(attendance=row, by=request.user, at=request.now, **check_out.cleaned_data)
        else:
            services.check_in(attendance=row, by=request.user, at=request.now, **check_in.cleaned_data)
    except services.NotNow as refusal:
        services.count_refusal(kind=RefusalCount.Kind.NOT_NOW, at=request.now)
        return str(refusal)
    except services.WrongCode as refusal:
        typed = check_in.cleaned_data.get("code", "")
        services.count_wrong_code(attendance=row, code=typed, by=request.user, at=request.now)
        check_in.add_error("code", str(refusal))
        return str(refusal)
    except services.NoteLocked:
        return _("This session is closed. Tell your group leader if something is wrong.")
    return ""
