"""Thanking after a session, and what waits for whoever led it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.circle import logs, services, thanking
from hearth.circle.forms import ThankForm
from hearth.circle.pages.student import STUDENTS
from hearth.safety import danger


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def thank(request: Request, session: UUID) -> HttpResponse:
    """Thank the group or whoever led a session that is over."""
    place = thanking.place_to_thank(viewer=request.user, session=session, at=request.now)
    form = ThankForm(request.POST if request.method == "POST" else None, has_group=place.session.is_group)
    if form.is_valid():
        row = services.thank(session=session, **form.cleaned_data, by=request.user, at=request.now)
        if danger.severity_in(row.text):
            return render(request, "circle/thanked.html")
        messages.success(request, _("Thank you. Whoever led the session reads it first."))
        return redirect("sessions:mine", session)
    context = {"session": place.session, "form": form}
    return render(request, "circle/thank.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in(*sorted(CARE))
def waiting(request: Request) -> HttpResponse:
    """The thank-yous that wait for whoever led the session."""
    language = get_language() or "en"
    found = thanking.read_waiting(viewer=request.user, at=request.now)
    lines = [(one, logs.reasons_in_words(one.reasons, language=language)) for one in found]
    return render(request, "circle/thanks.html", {"lines": lines})


@require_POST
@signed_in(*sorted(CARE))
def decide(request: Request, thanks: UUID) -> HttpResponse:
    """Let one be read, or say kindly why not."""
    try:
        services.decide_thanks(
            thanks=thanks,
            release=request.POST.get("say") == "yes",
            words=request.POST.get("words", "")[:400],
            by=request.user,
            at=request.now,
        )
    except services.WordsMissing:
        messages.error(request, _("Say why, kindly: the writer reads it."))
    else:
        messages.success(request, _("Done."))
    return redirect("circle:thanks")
