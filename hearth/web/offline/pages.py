"""The service worker, and the key under which a browser keeps somebody's things."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hearth.accounts.doors import anyone, signed_in
from hearth.accounts.requests import Request
from hearth.lib import kept

LOOK = (
    "web/favicon.svg",
    "web/css/hearth.css",
    "web/css/tokens.css",
    "web/css/base.css",
    "web/css/layout.css",
    "web/css/navigation.css",
    "web/css/controls.css",
    "web/css/surfaces.css",
    "web/css/pictures.css",
    "web/css/week.css",
    "web/css/utilities.css",
    "web/css/print.css",
    "sessions/sessions.css",
    "sessions/room.css",
    "skills/css/tools.css",
    "notebook/css/notebook.css",
)
SCRIPTS = (
    "web/js/theme.js",
    "web/js/dialogs.js",
    "web/js/drafts.js",
    "web/js/keyboard.js",
    "web/js/live.js",
    "web/js/offline.js",
    "web/offline/database.js",
    "web/offline/store.js",
    "web/offline/notices.js",
    "web/offline/queue.js",
    "web/offline/later.js",
    "accounts/idle.js",
    "sessions/room.js",
    "sessions/kept.js",
    "measures/js/one_at_a_time.js",
    "measures/js/answering.js",
    "measures/js/going_on.js",
    "measures/js/help_at_once.js",
    "skills/js/aloud.js",
    "skills/js/calm.js",
    "skills/js/pacer.js",
    "skills/js/steps.js",
    "skills/js/own.js",
    "skills/js/waits.js",
    "skills/js/wave.js",
    "notebook/js/crypto.js",
    "notebook/js/drafts.js",
    "notebook/js/editor.js",
    "notebook/js/entries.js",
    "notebook/js/errors.js",
    "notebook/js/held.js",
    "notebook/js/keys.js",
    "notebook/js/lesson.js",
    "notebook/js/lock.js",
    "notebook/js/notebook.js",
    "notebook/js/page.js",
    "notebook/js/server.js",
    "notebook/js/share.js",
    "notebook/js/shelf.js",
    "django_htmx/htmx-2.min.js",
)


@require_safe
@cache_control(no_cache=True)
@anyone
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, since a worker only reaches what lies below its own address."""
    files = dict.fromkeys([*map(static, LOOK), *map(static, SCRIPTS), *map(_plain, LOOK + SCRIPTS)])
    version = hashlib.sha256("".join(files).encode()).hexdigest()[:8]
    known = {"files": list(files), "version": version}
    return render(request, "web/offline/service_worker.js", known, content_type="text/javascript")


def _plain(name: str) -> str:
    """An address without the mark of a version: by it scripts import each other, and pages of before are served."""
    return f"{settings.STATIC_URL}{name}"


@require_safe
@signed_in()
def key(request: Request) -> HttpResponse:
    """The reader's own key and the time, for scripts; a shared device gets none and so keeps nothing."""
    if request.shared_device:
        return HttpResponse(status=204)
    pk, now = request.user.pk, int(request.now.timestamp() * 1000)
    return JsonResponse({"owner": kept.owner_of(pk), "key": kept.key_of(pk), "now": now})
