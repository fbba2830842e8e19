"""Duty hours from a Monday on, interpreters, and who leads groups with whom."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.services import AddressInUse
from hearth.lib.written_dates import written
from hearth.program import queries, services
from hearth.program.forms import INTERPRETED, DutyForm, GroupNeedForm, InterpreterForm, OwnWayInForm, PairForm
from hearth.program.models import Equipment, Interpreter
from hearth.program.pages.programs import said


@require_http_methods(["GET", "POST"])
@signed_in(*queries.SETTERS)
def duty(request: Request, member: UUID) -> HttpResponse:
    """What one member of staff can be given: as it was, as it is, and from a Monday on."""
    person = queries.access_member(viewer=request.user, pk=member)
    duties = queries.duties_of(person)
    newest = duties[0] if duties else None
    today = timezone.localdate(request.now)
    form = DutyForm(request.POST or None, duty=newest, monday=_next_monday(today))
    if form.is_valid():
        try:
            services.set_duty(
                member=person, since=form.cleaned_data["since"], duty=form.duty(), by=request.user, at=request.now
            )
        except services.TooEarly as trouble:
            words = {"day": written(trouble.first, "j F Y")}
            form.add_error("since", _("There are newer hours from %(day)s. Choose that Monday or a later one.") % words)
        else:
            messages.success(request, _("The hours are kept. Weeks from then on are worked out with them."))
            return redirect("program:duty", person.pk)
    context = {
        "person": person,
        "duties": [(one, [said(span) for span in one.hours], _when(one.since, one.until, today)) for one in duties],
        "form": form,
    }
    return render(request, "program/duty.html", context, status=422 if form.is_bound else 200)


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _when(since: date, until: date | None, today: date) -> str:
    if since > today:
        return "ahead"
    return "past" if until is not None and until <= today else "now"


@require_http_methods(["GET", "POST"])
@signed_in(*queries.SETTERS)
def interpreters(request: Request) -> HttpResponse:
    """Every interpreter and captioner. A post adds one."""
    form = InterpreterForm(request.POST or None)
    if form.is_valid():
        services.keep_interpreter(by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("The interpreter is kept."))
        return redirect("program:interpreters")
    words, today = dict(INTERPRETED), timezone.localdate(request.now)
    context = {
        "rows": [
            (one, [words[each] for each in one.offers], [said(span) for span in one.hours], one.can_be_booked_on(today))
            for one in queries.interpreters(viewer=request.user)
        ],
        "form": form,
    }
    return render(request, "program/interpreters.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*queries.SETTERS)
def interpreter(request: Request, interpreter: UUID) -> HttpResponse:
    """Change one interpreter."""
    row = queries.access_interpreter(viewer=request.user, pk=interpreter)
    is_inviting = request.POST.get("form") == "invite"
    invite_form = OwnWayInForm(request.POST if is_inviting else None, prefix="invite")
    if invite_form.is_valid() and _invited(request, row, invite_form):
        return redirect("program:interpreter", row.pk)
    form = InterpreterForm(request.POST if request.method == "POST" and not is_inviting else None, interpreter=row)
    if form.is_valid():
        services.keep_interpreter(interpreter=row, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("The interpreter is kept."))
        return redirect("program:interpreters")
    context = {
        "interpreter": row,
        "form": form,
        "invite_form": invite_form,
        "can_be_booked": row.can_be_booked_on(timezone.localdate(request.now)),
    }
    return render(request, "program/interpreter.html", context, status=422 if request.method == "POST" else 200)


def _invited(request: Request, row: Interpreter, form: OwnWayInForm) -> bool:
    """Give this interpreter a way in; a refusal becomes a sentence at the field."""
    try:
        services.invite_interpreter(interpreter=row, by=request.user, at=request.now, **form.cleaned_data)
    except AddressInUse:
        form.add_error("email", _("This address cannot be used. Is this person here already?"))
    except services.NotBound:
        form.add_error("email", _("Write down first that they signed for confidentiality."))
    else:
        messages.success(request, _("%(name)s gets an invitation by mail.") % {"name": row.name})
        return True
    return False


@require_http_methods(["GET", "POST"])
@signed_in(*queries.SETTERS)
def leading(request: Request) -> HttpResponse:
    """Who leads with whom, and which groups need two leaders or equipment. A post says so."""
    posted = request.POST.get("form") if request.method == "POST" else ""
    people = queries.people_on_duty(timezone.localdate(request.now))
    pair = PairForm(request.POST if posted == "pair" else None, people=people, prefix="pair")
    need = GroupNeedForm(request.POST if posted == "need" else None, prefix="need")
    if pair.is_valid():
        services.pair_staff(by=request.user, at=request.now, **pair.cleaned_data)
        messages.success(request, _("It is kept. Weeks are worked out with it from now on."))
        return redirect("program:leading")
    if need.is_valid():
        services.say_what_groups_need(by=request.user, at=request.now, **need.cleaned_data)
        messages.success(request, _("It is kept. Weeks are worked out with it from now on."))
        return redirect("program:leading")
    words, topics = dict(Equipment.choices), dict(queries.topics())
    context = {
        "pairs": queries.staff_pairs(),
        "needs": [
            (one, topics.get(one.topic, one.topic), [words[each] for each in one.equipment])
            for one in queries.group_needs()
        ],
        "pair_form": pair,
        "need_form": need,
    }
    return render(request, "program/leading.html", context, status=422 if posted else 200)


@require_POST
@signed_in(*queries.SETTERS)
def unpair(request: Request, pair: UUID) -> HttpResponse:
    """Nothing is said of these two any more."""
    row = queries.access_pair(viewer=request.user, pk=pair)
    services.unpair_staff(pair=row, by=request.user, at=request.now)
    messages.success(request, _("It is taken back."))
    return redirect("program:leading")
