"""The times of day at which a student is reminded."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.models import User
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.medical import reminding
from hearth.medical.models import MedicationReminder
from hearth.outbox import quiet
from hearth.outbox.models import PushDevice
from hearth.outbox.queries import push_devices_of

STUDENTS = (Role.STUDENT, Role.ALUMNUS)


class ReminderForm(forms.Form):
    """A time of day."""

    at_time = forms.TimeField(
        label=gettext_lazy("At what time, every day?"),
        widget=forms.TimeInput(attrs={"type": "time", "class": "short"}, format="%H:%M"),
    )


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def reminders(request: Request) -> HttpResponse:
    """The student's own times. A post sets one more."""
    rows = list(reminding.reminders_of(request.user))
    form = ReminderForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reminding.set_reminder(at_time=form.cleaned_data["at_time"], by=request.user, at=request.now)
        except reminding.Full:
            form.add_error(None, _("Six times a day are the most. Take one away, and there is room for another."))
        else:
            messages.success(request, _("Set. We remind you every day, without a word of what."))
            return redirect("medical:reminders")
    device = push_devices_of(request.user.pk).first()
    context = {
        "rows": [(row, _is_quiet(row, device, request.now)) for row in rows],
        "form": form,
        "device": device,
        "way": _way(request.user),
    }
    return render(request, "medical/reminders.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def drop(request: Request, reminder: UUID) -> HttpResponse:
    """Remind no longer at this time."""
    reminding.drop_reminder(pk=reminder, by=request.user, at=request.now)
    messages.success(request, _("Taken away. We remind you at this time no longer."))
    return redirect("medical:reminders")


def _way(user: User) -> str:
    """How a reminder reaches them, beside their devices."""
    if user.email:
        return "mail"
    return "phone" if user.phone else ""


def _is_quiet(row: MedicationReminder, device: PushDevice | None, now: datetime) -> bool:
    """Whether it falls into the hours in which their devices show nothing."""
    if device is None:
        return False
    today, zone = now.astimezone(ZoneInfo(row.zone)).date(), ZoneInfo(device.zone)
    moment = datetime.combine(today, row.time, ZoneInfo(row.zone))
    return quiet.over_at(moment, start=device.quiet_from, end=device.quiet_until, zone=zone) is not None
