"""The public pages that explain the program: read by anyone and by search engines, written by staff."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import public, signed_in
from hearth.accounts.requests import Request
from hearth.skills.lesson_text import sections
from hearth.web.free_places import MOST_TO_PICK_FROM, free_places
from hearth.web.models import SiteText
from hearth.web.site import store
from hearth.web.site.reading import LANGUAGES, SLUGS, Text


class TextForm(forms.Form):
    """A public page as staff write it."""

    title = forms.CharField(label=_("Title"), max_length=120)
    description = forms.CharField(
        label=_("In one sentence"), max_length=300, help_text=_("Search engines show it below the title.")
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "Markdown. On lines of their own, [[groups]] draws the groups with their free places, [[check]] the way"
            " to the check, [[talk]] the way to you and [[refer]] that of professionals who send somebody."
        ),
    )


@require_safe
@public
def about(request: Request, slug: str) -> HttpResponse:
    """To the page in the reader's language."""
    return redirect("web:site-page", (translation.get_language() or "en").split("-")[0], _known(slug))


@require_safe
@public
def page(request: Request, language: str, slug: str) -> HttpResponse:
    """One public page. Its address says the language, so that search engines find both."""
    if language not in LANGUAGES:
        raise Http404
    with translation.override(language):
        everything = store.texts(language)
        context = _drawn(request, everything[_known(slug)]) | {
            "others": [one for one in everything.values() if one.slug != slug],
            "addresses": [(each, _absolute(request, each, slug)) for each in LANGUAGES],
            "here": _absolute(request, language, slug),
            "language_next": reverse("web:about", args=[slug]),
        }
        response = render(request, "web/site/page.html", context)
    response["Content-Language"] = language
    return response


def _drawn(request: Request, text: Text) -> dict[str, Any]:
    parts = [(kind, sections(body) if kind == "text" else ()) for kind, body in text.parts()]
    context: dict[str, Any] = {"text": text, "parts": parts}
    if any(kind == "groups" for kind, _sections in parts):
        on = timezone.localdate(request.now)
        context["free"] = free_places(organisation=request.organisation, on=on, most=MOST_TO_PICK_FROM)
    return context


def _known(slug: str) -> str:
    if slug not in SLUGS:
        raise Http404
    return slug


def _absolute(request: Request, language: str, slug: str) -> str:
    return request.build_absolute_uri(reverse("web:site-page", args=[language, slug]))


@require_safe
@public
def sitemap(request: Request) -> HttpResponse:
    """Where the public pages are, each with its other language."""
    pages = [[(language, _absolute(request, language, slug)) for language in LANGUAGES] for slug in SLUGS]
    plain = [request.build_absolute_uri(reverse(name)) for name in ("web:front", "inquiry:self-check", "inquiry:talk")]
    return render(request, "web/site/sitemap.xml", {"pages": pages, "plain": plain}, content_type="application/xml")


@require_safe
@public
def robots(request: Request) -> HttpResponse:
    """Search engines may read what anyone may, and learn where it is."""
    where = request.build_absolute_uri(reverse("web:sitemap"))
    return HttpResponse(f"User-agent: *\nAllow: /\nSitemap: {where}\n", content_type="text/plain")


@require_safe
@signed_in(*store.EDITORS)
def site(request: Request) -> HttpResponse:
    """Every public page in both languages, to look at or to change."""
    both = {language: store.texts(language) for language in LANGUAGES}
    rows = [(slug, [both[language][slug] for language in LANGUAGES]) for slug in SLUGS]
    return render(request, "web/site/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@signed_in(*store.EDITORS)
def edit(request: Request, language: str, slug: str) -> HttpResponse:
    """Change one public page. A preview saves nothing; every saving stays in its history."""
    if language not in LANGUAGES:
        raise Http404
    now = store.text_of(_known(slug), language)
    form = TextForm(
        request.POST or None, initial={"title": now.title, "description": now.description, "body": now.body}
    )
    context: dict[str, Any] = {"form": form, "language": language, "slug": slug, "now": now}
    if form.is_valid():
        text = replace(now, **form.cleaned_data)
        if "save" in request.POST:
            store.save(text, by=request.user, at=request.now)
            messages.success(request, _t("Saved. This is what visitors see now."))
            return redirect("web:site-edit", language, slug)
        with translation.override(language):
            context["preview"] = _drawn(request, text)
    context["versions"] = store.versions(slug, language, viewer=request.user)[:50]
    return render(request, "web/site/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*store.EDITORS)
def version(request: Request, version: UUID) -> HttpResponse:
    """An earlier version as it was; a post brings it back as the newest."""
    row = get_object_or_404(SiteText, pk=version)
    if request.method == "POST":
        store.save(store.as_text(row), by=request.user, at=request.now)
        messages.success(request, _t("This version is back."))
        return redirect("web:site-edit", row.language, row.slug)
    with translation.override(row.language):
        preview = _drawn(request, store.as_text(row))
    return render(request, "web/site/version.html", {"row": row, "preview": preview})
