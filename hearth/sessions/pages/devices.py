"""Trying out camera, microphone and line before a session by video, for whoever takes part in one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.lib.devices import with_camera
from hearth.sessions.video.relay import ADDRESS

MOST = 256 * 1024  # bytes of one measurement; the page sends half of it


@require_GET
@with_camera
@signed_in()
def devices(request: Request) -> HttpResponse:
    """See oneself, hear oneself, and measure the line; nobody else does."""
    shell = "web/staff.html" if request.user.is_staff else "web/student.html"
    return render(request, "sessions/devices.html", {"shell": shell, "relay": ADDRESS})


@require_POST
@signed_in()
def line(request: Request) -> HttpResponse:
    """Send back what came, so that a page can measure how fast that was. Nothing of it is kept."""
    if int(request.headers.get("Content-Length") or 0) > MOST:
        return HttpResponse(status=413)
    return HttpResponse(request.body, content_type="application/octet-stream", headers={"Cache-Control": "no-store"})
