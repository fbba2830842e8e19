"""The lessons for families: the shelf, and one lesson."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.family import lessons
from hearth.skills.lesson_text import sections


@require_safe
@signed_in(Role.FAMILY)
def shelf(request: Request) -> HttpResponse:
    """Every lesson for families, and which of them one has read."""
    found = lessons.shelf_of(viewer=request.user, language=get_language() or "en")
    return render(request, "family/lessons.html", {"shelf": found})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.FAMILY)
def lesson(request: Request, lesson: str) -> HttpResponse:
    """One lesson. A post marks it as read, or no longer."""
    found = lessons.shelf_of(viewer=request.user, language=get_language() or "en")
    page = next((one for one in found.lessons if one.id == lesson), None)
    if page is None:
        raise Http404
    if request.method == "POST":
        lessons.mark(lesson=page.id, is_read=request.POST.get("read") == "yes", by=request.user, at=request.now)
        return redirect("family:lessons")
    context = {"lesson": page, "sections": sections(page.body), "is_read": page.id in found.read}
    return render(request, "family/lesson.html", context)
