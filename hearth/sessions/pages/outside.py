"""Where the house meets by video: Hearth's room or an outside service, for administrators and directors."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.sessions import services
from hearth.sessions.forms import VideoForm
from hearth.sessions.outside import CHOOSERS, is_outside, links_kept, sections_by_video


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(CHOOSERS))
def video(request: Request) -> HttpResponse:
    """Choose for the house, and write down the link at which each section by video meets."""
    sections = list(sections_by_video(viewer=request.user))
    initial = {"where": "outside" if is_outside() else "here"}
    form = VideoForm(request.POST or None, sections=sections, links=links_kept(), initial=initial)
    if form.is_valid():
        goes_out = form.cleaned_data["where"] == "outside"
        services.choose_video(is_outside=goes_out, links=form.links(), by=request.user, at=request.now)
        messages.success(request, _("Kept."))
        return redirect("sessions:video-choice")
    context = {"form": form, "keeps_servers": request.user.has_role(Role.ADMINISTRATOR)}
    return render(request, "sessions/video_choice.html", context, status=422 if form.is_bound else 200)
