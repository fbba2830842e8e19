"""The strand for painful events: the counselor's page, the checklist, a session, the day after, training on file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.lib import live
from hearth.sessions.services import NoteLocked
from hearth.trauma import forms, queries, rules, services, wording
from hearth.trauma.texts import lines_for, readiness_lines

LEADERS = (Role.ADMINISTRATOR, Role.DIRECTOR)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(CARE))
def of_patient(request: Request, pk: UUID) -> HttpResponse:
    """Where the strand of a student stands. A post offers the choice or keeps the agreed stop signal."""
    step = request.POST.get("step", "")
    signal = forms.SignalForm(request.POST if step == "signal" else None)
    if step == "offer":
        services.offer_choice(patient_pk=pk, by=request.user, at=request.now)
        messages.success(request, _("The choice stands on their own screen now. Nobody presses."))
        return redirect("trauma:of-patient", pk)
    if signal.is_valid():
        services.say_signal(patient_pk=pk, by=request.user, at=request.now, **signal.cleaned_data)
        messages.success(request, _("Written down. You both see it."))
        return redirect("trauma:of-patient", pk)
    found = queries.strand(viewer=request.user, pk=pk, at=request.now)
    review = found.readiness
    context = {
        "strand": found,
        "signal_form": signal,
        "lines": _signed_lines(review.lines) if review else [],
        "is_old": review is not None and rules.is_old(_day(request, review.at), today=_day(request, request.now)),
        "rows": [(row, wording.method(row.training.method)) for row in found.processings],
    }
    return render(request, "trauma/of_patient.html", context, status=422 if signal.is_bound else 200)


def _day(request: Request, at: Any) -> Any:
    return at.astimezone(request.user.organisation.zone).date()


def _signed_lines(signed: dict[str, dict[str, str]]) -> list[dict[str, object]]:
    """The lines of a signed checklist in the reader's language."""
    spoken = get_language() or "en"
    return [
        {
            "line": line.said(spoken),
            "holds": wording.HOLDS[signed[line.id]["holds"]],
            "is_yes": signed[line.id]["holds"] == "yes",
            "words": signed[line.id]["words"],
            "known": signed[line.id]["known"],
        }
        for line in readiness_lines()
        if line.id in signed
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(CLINICIANS))
def readiness(request: Request, pk: UUID) -> HttpResponse:
    """Go through the checklist together, line by line, beside what the house knows; a clinician signs."""
    found = queries.strand(viewer=request.user, pk=pk, at=request.now)
    lines = lines_for(is_minor=queries.is_minor(found.patient, at=request.now))
    form = forms.ReadinessForm(request.POST or None, lines=lines)
    if form.is_valid():
        services.sign_readiness(
            patient_pk=pk,
            holds=form.holds,
            said=form.said,
            begins=form.cleaned_data["begins"],
            words=form.cleaned_data["words"],
            by=request.user,
            at=request.now,
        )
        messages.success(request, _("Signed."))
        return redirect("trauma:of-patient", pk)
    known = queries.known_of(found.patient, at=request.now)
    words, signs = wording.known_words(known), rules.signs(known)
    rows = [
        {
            "line": line,
            "holds": form[f"holds_{line.id}"],
            "said": form[f"said_{line.id}"],
            "known": words[line.id],
            "sign": signs[line.id],
        }
        for line in lines
    ]
    context = {"strand": found, "form": form, "rows": rows}
    return render(request, "trauma/readiness.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(CLINICIANS))
def session(request: Request, session: UUID) -> HttpResponse:
    """The strand in one individual session: begin, and how it was ended."""
    found = queries.in_session(viewer=request.user, session_id=session, at=request.now)
    form = _session_form(request, found)
    refusal: tuple[rules.Closed, ...] = ()
    if form is not None and form.is_valid():
        try:
            _begin_or_close(request, found, form.cleaned_data)
        except services.NotOpen as closed:
            refusal = closed.reasons
        except NoteLocked as locked:
            form.add_error(None, str(locked))
        else:
            messages.success(request, _("Written down. It stands in the note of this session."))
            return redirect("trauma:session", session)
    row = found.processing
    context = {
        "found": found,
        "session": found.session,
        "row": row,
        "form": None if refusal else form,
        "closed": [wording.CLOSED[why] for why in refusal or found.closed],
        "method": wording.method(row.training.method) if row else "",
        "linger": [wording.LINGER[why] for why in rules.linger(row.before, row.after)] if row else [],
        "is_chosen": found.strand.is_chosen,
        "leads": found.session.is_led_by(request.user),
    }
    return render(request, "trauma/session.html", context, status=422 if request.method == "POST" else 200)


def _session_form(request: Request, found: queries.InSession) -> forms.BeginForm | forms.CloseForm | None:
    """What can be written down now by who leads; None while the form is closed."""
    data = request.POST or None
    if found.is_locked or not found.session.is_led_by(request.user):
        return None
    if found.processing is not None:
        people = list(queries.who_may_be_named(found.strand.patient).order_by("name", "pk"))
        if request.user not in people:
            people.insert(0, request.user)
        return forms.CloseForm(data, row=found.processing, people=people)
    return None if found.closed else forms.BeginForm(data, trainings=found.trainings)


def _begin_or_close(request: Request, found: queries.InSession, said: dict[str, Any]) -> None:
    by, at, pk = request.user, request.now, found.session.pk
    if found.processing is None:
        services.begin(session_id=pk, training_pk=said["training"], before=said["before"], by=by, at=at)
    else:
        services.close(session_id=pk, named_pk=said.pop("named"), by=by, at=at, **said)


@require_GET
@signed_in(*sorted(CLINICIANS))
def told(request: Request, session: UUID) -> HttpResponseBase:
    """Tells an open page that the student chose otherwise, agreed on another signal, or tapped a number."""
    found = queries.in_session(viewer=request.user, session_id=session, at=request.now)
    return live.stream(request, f"strand:{found.strand.patient.pk}")


@require_GET
@signed_in(*sorted(CARE))
def beside_session(request: Request, session: UUID) -> HttpResponse:
    """The line on a session's own page that leads here; empty where the strand was never offered."""
    if not queries.is_offered_in(session):
        return HttpResponse()
    try:
        found = queries.in_session(viewer=request.user, session_id=session, at=request.now)
    except PermissionDenied:
        return HttpResponse()
    context = {"found": found, "session": found.session, "in_video": request.GET.get("in") == "video"}
    return render(request, "trauma/_beside_session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(CARE | {Role.DIRECTOR}))
def check(request: Request, pk: UUID) -> HttpResponse:
    """One day after: what was answered or that nobody did, and what was done about it."""
    row = queries.access_check(viewer=request.user, pk=pk, at=request.now)
    form = forms.SettleForm(request.POST or None)
    if form.is_valid():
        try:
            services.settle_check(pk=pk, by=request.user, at=request.now, **form.cleaned_data)
        except ValueError:
            form.add_error("words", _("They may still answer. Write it down once they have, or when it is late."))
        else:
            messages.success(request, _("Written down. Thank you."))
            return redirect("trauma:check", pk)
    context = {"check": row, "form": form, "is_late": row.answered_at is None and row.answer_by <= request.now}
    context["is_raised"] = queries.is_raised(row)
    return render(request, "trauma/check.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*LEADERS)
def trainings(request: Request, pk: UUID) -> HttpResponse:
    """What training of a member of staff is on file. A post adds one whose proof the reader saw, or strikes one."""
    member, rows = queries.access_trainings(viewer=request.user, pk=pk)
    if struck := request.POST.get("strike"):
        row = next((each for each in rows if str(each.pk) == struck), None)
        if row is None:
            raise Http404
        services.strike_training(holder_pk=pk, pk=row.pk, by=request.user, at=request.now)
        messages.success(request, _("Struck out. Sessions that were held stay as they are."))
        return redirect("trauma:trainings", pk)
    form = forms.TrainingForm(request.POST or None, today=_day(request, request.now))
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("method", "trained_where", "trained_on")}
        try:
            services.record_training(holder_pk=pk, by=request.user, at=request.now, **said)
        except services.OnFile:
            form.add_error("method", _("This training is on file already. Strike the old one first."))
        else:
            messages.success(request, _("On file. Your name stands beside it."))
            return redirect("trauma:trainings", pk)
    context = {
        "member": member,
        "rows": [(row, wording.method(row.method)) for row in rows],
        "form": form,
        "is_own": member.pk == request.user.pk,
    }
    return render(request, "trauma/trainings.html", context, status=422 if form.is_bound else 200)
