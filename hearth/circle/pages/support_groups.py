"""The list of support groups, for students and alumni to look through and for staff to keep."""

from uuid import UUID

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.circle import services, support_groups
from hearth.circle.group_forms import FindForm, SupportGroupForm
from hearth.circle.pages.student import STUDENTS


@require_safe
@signed_in(*STUDENTS)
def mine(request: Request) -> HttpResponse:
    """The groups that are for the reader, by day; of one day or way, if asked."""
    form = FindForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("day", "")
    found = support_groups.groups_for(
        viewer=request.user, at=request.now, weekday=int(day) if day else None, way=asked.get("way", "")
    )
    context = {"days": found, "form": form, "is_filtered": any(asked.values())}
    return render(request, "circle/my_support_groups.html", context)


@require_safe
@signed_in(*sorted(support_groups.KEEPERS))
def of_staff(request: Request) -> HttpResponse:
    """The whole list, and what should be checked again."""
    today = timezone.localdate(request.now)
    found = support_groups.kept_groups(viewer=request.user)
    context = {"groups": [(one, support_groups.is_old(one, today=today)) for one in found]}
    return render(request, "circle/support_groups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(support_groups.KEEPERS))
def new(request: Request) -> HttpResponse:
    """Put a group on the list."""
    today = timezone.localdate(request.now)
    form = SupportGroupForm(request.POST if request.method == "POST" else None, initial={"checked_on": today})
    return _kept(request, form) or _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(support_groups.KEEPERS))
def change(request: Request, group: UUID) -> HttpResponse:
    """Change a group on the list. A post with `end` takes it off."""
    found = support_groups.access_group(viewer=request.user, pk=group)
    if "end" in request.POST:
        services.end_group(group=found.pk, by=request.user, at=request.now)
        messages.success(request, _("It is off the list."))
        return redirect("circle:support-groups")
    form = SupportGroupForm(request.POST if request.method == "POST" else None, initial=model_to_dict(found))
    return _kept(request, form, found.pk) or _form(request, form, found.name)


def _kept(request: Request, form: SupportGroupForm, group: UUID | None = None) -> HttpResponse | None:
    if not form.is_valid():
        return None
    services.keep_group(group=group, by=request.user, at=request.now, **form.cleaned_data)
    messages.success(request, _("Kept. Students and alumni find it on their list."))
    return redirect("circle:support-groups")


def _form(request: Request, form: SupportGroupForm, name: str = "") -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "circle/support_group.html", {"form": form, "name": name}, status=status)
