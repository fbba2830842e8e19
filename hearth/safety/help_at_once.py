"""Help on the screen of whoever has just written words of danger, whichever page took them.

A service offers it while it stores the words; the next page that is shown to them has it first.
"""

from collections.abc import Callable
from contextvars import ContextVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

TAG = "help"  # of the message; web/base.html shows the help lines in its place

_offered: ContextVar[list[bool] | None] = ContextVar("help_offered", default=None)


def offer() -> None:
    """Whoever sent the request that is being answered is to see help; nothing where nobody did (a job)."""
    found = _offered.get()
    if found is not None:
        found.append(True)


def is_offered() -> bool:
    """Whether help was offered to whoever sent this request: for answers that are no page and show it themselves."""
    return bool(_offered.get())


def show(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that puts help on the screen. After Django's messages, which keep it until a page is shown."""

    def answer(request: HttpRequest) -> HttpResponse:
        offered: list[bool] = []
        token = _offered.set(offered)
        try:
            response = get_response(request)
        finally:
            _offered.reset(token)
        if offered and response.status_code < 500:  # a transaction that failed stored nothing
            messages.warning(request, _("Help at once"), extra_tags=TAG)
        return response

    return answer
