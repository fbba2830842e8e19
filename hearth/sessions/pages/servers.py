"""The video servers for administrators: which answer, who is there, and taking one out for maintenance."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.sessions.video.maintenance import may_drain, say_whether_it_drains, servers_now


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.ADMINISTRATOR)
def servers(request: Request) -> HttpResponse:
    """The pool as it stands; a press takes a server out of it or back."""
    if request.method == "POST":
        name, drains = request.POST.get("server", ""), request.POST.get("deed") == "drain"
        say_whether_it_drains(server=name, drains=drains, by=request.user, at=request.now)
        messages.success(request, _("New rooms go elsewhere now.") if drains else _("Rooms are placed there again."))
        return redirect("sessions:video-servers")
    found = servers_now(viewer=request.user)
    context = {
        "servers": found,
        "may_drain": may_drain(request.user),
        "none_left": bool(found) and all(each.people is None or each.drains_since for each in found),
    }
    return render(request, "sessions/servers.html", context)
