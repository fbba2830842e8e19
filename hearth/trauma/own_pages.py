"""The student's own screens of the strand for painful events: the choice, the stop signal, a number, the day after."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.sessions.services import NoteLocked
from hearth.trauma import forms, queries, rules, services
from hearth.trauma.texts import choice_text


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.STUDENT)
def mine(request: Request) -> HttpResponse:
    """Read what it is, choose, and change it at any time; the stop signal. Nothing before a counselor talked of it."""
    found = queries.own_strand(viewer=request.user, at=request.now)
    if found.offer is None:
        raise PermissionDenied
    step = request.POST.get("step", "")
    signal = forms.OwnSignalForm(request.POST if step == "signal" else None)
    if step == "choose":
        _choose(request)
        return redirect("trauma:mine")
    if signal.is_valid():
        services.say_signal(patient_pk=found.patient.pk, by=request.user, at=request.now, **signal.cleaned_data)
        messages.success(request, _("Kept. Your counselor sees it."))
        return redirect("trauma:mine")
    text = choice_text(get_language() or "en")
    context = {
        "strand": found,
        "text": text,
        "is_other_text": found.choice is not None and found.choice.text_version != text.version,
        "signal_form": signal,
    }
    return render(request, "trauma/mine.html", context, status=422 if signal.is_bound else 200)


def _choose(request: Request) -> None:
    what = request.POST.get("what", "")
    if what not in set(rules.Choice):
        raise BadRequest("no such choice")
    try:
        services.choose(what=what, digest=request.POST.get("text", ""), by=request.user, at=request.now)
    except services.TextChanged:
        messages.error(request, _("The text has changed. Please read it once more, then choose."))
    else:
        messages.success(request, _("Kept. It counts from now on, and you can change it at any time."))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.STUDENT)
def session(request: Request, session: UUID) -> HttpResponse:
    """In the session: the stop signal, large, and a number before and after."""
    row = queries.own_processing(viewer=request.user, session_id=session)
    if request.method == "POST":
        try:
            services.rate(
                session_id=session,
                when=request.POST.get("when", ""),
                number=int(request.POST.get("number", "")),
                by=request.user,
                at=request.now,
            )
        except ValueError:
            raise BadRequest("no such number") from None
        except NoteLocked:
            messages.error(request, _("This session is closed. Tell your counselor how you are."))
        return redirect("trauma:my-session", session)
    context = {"row": row, "session": row.attendance.session, "numbers": range(11)}
    return render(request, "trauma/my_session.html", context)


@require_GET
@signed_in(Role.STUDENT)
def beside_session(request: Request, session: UUID) -> HttpResponse:
    """The student's stop signal on their page of an individual session and beside its video; empty without one."""
    signal = queries.own_signal(viewer=request.user, session_id=session)
    if signal is None:
        return HttpResponse()
    return render(request, "trauma/_my_signal.html", {"signal": signal, "in_video": request.GET.get("in") == "video"})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.STUDENT)
def check(request: Request, pk: UUID) -> HttpResponse:
    """The day after: four short questions, and help at once where it is needed."""
    row = queries.own_check(viewer=request.user, pk=pk, at=request.now)
    form = forms.CheckForm(request.POST or None)
    if form.is_valid():
        services.answer_check(pk=pk, by=request.user, at=request.now, **form.cleaned_data)
        return redirect("trauma:my-check", pk)
    severity = rules.severity_of(rules.Answers(row.distress or 0, row.safe, row.wants_call))
    context = {"check": row, "form": form, "severity": severity if row.answered_at else ""}
    return render(request, "trauma/my_check.html", context, status=422 if form.is_bound else 200)
