"""The student's way so far: a page, the same on paper, and the certificate of a completed stay."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.lib.pdf import pdf_response
from hearth.web import my_way_paper
from hearth.web.my_way import MyWay, completion_of, my_way


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def way(request: Request) -> HttpResponse:
    """The student's way so far, from their own rows."""
    found = _way(request)
    context = {
        "way": found,
        "attended": my_way_paper.attended(found.came.came, found.came.minutes),
        "habit_days": my_way_paper.habit_days(found.habit_days),
        "lessons": [(card, my_way_paper.eased(card)) for card in found.lessons],
        "helped": [(card, my_way_paper.eased(card)) for card in found.helped],
    }
    return render(request, "web/my_way.html", context)


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def way_paper(request: Request) -> HttpResponse:
    """The same as a PDF."""
    on = request.now.astimezone(request.user.zone).date()
    return _pdf("my_way.typ", my_way_paper.way_paper(_way(request), on=on), "my-way.pdf")


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def certificate(request: Request) -> HttpResponse:
    """The certificate, once a stay was completed."""
    completion = completion_of(viewer=request.user, at=request.now)
    if completion is None:
        raise Http404("no stay was completed")
    return _pdf("certificate.typ", my_way_paper.certificate_paper(completion), "certificate.pdf")


def _way(request: Request) -> MyWay:
    return my_way(viewer=request.user, language=get_language() or "en", at=request.now)


def _pdf(template: str, paper: dict[str, Any], name: str) -> HttpResponse:
    return pdf_response(my_way_paper.pdf_of(template, paper), name)
