"""Duties to protect or to report: marking what a concern may mean for somebody else, and what is done about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.lib.states import STATES
from hearth.safety import protection_queries as queries
from hearth.safety import protection_rules as rules
from hearth.safety import services
from hearth.safety.incident_words import within
from hearth.safety.protection_forms import DangersForm, KeptSafeForm, SettleForm, ToldForm
from hearth.safety.protection_models import ProtectiveDuty
from hearth.safety.protection_words import NEVER, RULES, numbers
from hearth.safety.queries import SEE_CONCERNS, access_concern


@require_POST
@signed_in(*services.TAKERS)
def mark(request: Request, pk: UUID) -> HttpResponse:
    """Somebody else may be in danger: mark how, at a concern, and go on to what to do first."""
    row = access_concern(viewer=request.user, pk=pk, at=request.now)
    form = DangersForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what it may be about."))
        return redirect("safety:concern", pk)
    dangers, now = form.cleaned_data["dangers"], request.now
    try:
        found = services.mark_dangers(concern=row, dangers=dangers, learned_at=now, by=request.user, at=now)
    except services.ConcernClosed:
        messages.error(request, _("This concern is closed. Raise a new one, and mark it there."))
        return redirect("safety:concern", pk)
    messages.success(request, _("Marked. Here is what to do first."))
    return redirect("safety:danger", found[0].pk) if len(found) == 1 else redirect("safety:concern", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*SEE_CONCERNS)
def danger(request: Request, pk: UUID) -> HttpResponse:
    """What to do first, whom to tell until when, what may be said; and what was done. A post writes down one thing.

    `step` in the post says which: somebody was told, was kept safe in another way, or it is settled.
    """
    duty = queries.access_duty(viewer=request.user, pk=pk, at=request.now)
    step = request.POST.get("step", "")
    forms = _forms(request, duty, step)
    sent = forms.get(step)
    if sent is not None and sent.is_valid():
        try:
            DEEDS[step](request, duty, sent.cleaned_data)
        except services.CannotSettle as refused:
            sent.add_error(None, LACKS[refused.lacks])
        except services.DangerSettled:
            messages.error(request, _("A colleague was faster. Look at what they wrote."))
            return redirect("safety:danger", pk)
        else:
            messages.success(request, _("Written down. Thank you."))
            return redirect("safety:danger", pk)
    status = 422 if sent is not None else 200
    return render(request, "safety/danger.html", _known(request, duty) | {"forms": forms}, status=status)


LACKS = {
    rules.Lacks.ACT: _lazy("Write down first whom you told, or what else was done."),
    rules.Lacks.REASON: _lazy("Say why it does not apply."),
    rules.Lacks.LICENCE: _lazy("A clinician with a license in force signs this."),
}


def _forms(request: Request, duty: ProtectiveDuty, step: str) -> dict[str, Form]:
    def data(name: str) -> Any:
        return request.POST if step == name else None

    when = {"now": timezone.localtime(request.now)}
    return {
        "told": ToldForm(data("told"), prefix="told", **when),
        "kept_safe": KeptSafeForm(data("kept_safe"), prefix="kept", **when),
        "settle": SettleForm(data("settle"), prefix="settle"),
    }


def _told(request: Request, duty: ProtectiveDuty, said: dict[str, Any]) -> None:
    told_at = said.pop("at_moment")
    services.record_danger_told(duty=duty, told_at=told_at, by=request.user, at=request.now, **said)


def _kept_safe(request: Request, duty: ProtectiveDuty, said: dict[str, Any]) -> None:
    services.record_kept_safe(
        duty=duty, words=said["words"], done_at=said["at_moment"], by=request.user, at=request.now
    )


def _settle(request: Request, duty: ProtectiveDuty, said: dict[str, Any]) -> None:
    services.settle_danger(duty=duty, by=request.user, at=request.now, **said)


DEEDS: dict[str, Callable[[Request, ProtectiveDuty, dict[str, Any]], None]] = {
    "told": _told,
    "kept_safe": _kept_safe,
    "settle": _settle,
}


def _known(request: Request, duty: ProtectiveDuty) -> dict[str, object]:
    today = request.now.astimezone(request.user.zone).date()
    holding = rules.rules_of(duty.danger, state=duty.state, on=duty.marked_at.astimezone(request.user.zone).date())
    return {
        "duty": duty,
        "patient": duty.concern.patient,
        "standing": duty.standing(at=request.now),
        "steps": queries.steps_of_duty(duty),
        "rules": [(one, RULES[one.id], "" if one.within is None else within(one.within, one.unit)) for one in holding],
        "has_state_rule": any(one.states for one in holding),
        "state": dict(STATES).get(duty.state, duty.state),
        "numbers": numbers(duty.danger, duty.state, at=request.now),
        "at_risk": rules.at_risk_in(duty.state) if duty.danger == "at_risk_adult" else None,
        "never": NEVER,
        "may_write": request.user.has_any(services.TAKERS),
        "anyone_decides": rules.book().dangers[duty.danger].decides is rules.Decides.ANYONE,
        "licence": services.licence_on(request.user, today),
    }
