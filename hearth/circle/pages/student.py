"""A student's circle: today's question, what was written, writing, and what became of one's own posts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.circle import logs, places, queries, rules, services
from hearth.circle.challenging import Together, challenges_for
from hearth.circle.forms import AgainForm, ReportForm, WordsForm, WriteForm
from hearth.circle.gathering import coming_for
from hearth.circle.models import Decision, Encouragement, Membership, Post, Report
from hearth.circle.photos import photo_of
from hearth.circle.slowing import pace_of
from hearth.safety import danger

STUDENTS = (Role.STUDENT, Role.ALUMNUS)
NEXT = 3  # events beside the posts; all of them have a page


@require_safe
@signed_in(*STUDENTS)
def home(request: Request) -> HttpResponse:
    """Today's question and one page of posts; before it the rule, if it was not read; after a stay the alumni's."""
    membership = places.own_membership(viewer=request.user, at=request.now)
    if membership is None and places.stay_for_alumni(viewer=request.user, at=request.now):
        return redirect("circle:alumni")
    if membership is None or membership.agreed_at is None:
        stay = places.own_stay(viewer=request.user)
        return render(request, "circle/rule.html", {"stay": stay, "agreed": False, "looked_for": looked_for()})
    context = _writing(request, membership) | {
        "membership": membership,
        "pace": pace_of(membership, at=request.now),
        "pages": queries.posts_for(
            membership=membership, at=request.now, zone=request.user.zone, before=_before(request)
        ),
        "is_earlier": "before" in request.GET,
        "own": [] if "before" in request.GET else _not_plain(queries.own_posts(membership)),
        "encouragements": Encouragement.Word.choices,
        "today": timezone.localdate(request.now),
        "challenges": [] if "before" in request.GET else _challenges(request, membership),
        "coming": [] if "before" in request.GET else coming_for(membership, at=request.now, most=NEXT),
    }
    return render(request, "circle/home.html", context)


@require_safe
@signed_in(*STUDENTS)
def rule(request: Request) -> HttpResponse:
    """The rule on contact outside and why it is there, to read again."""
    membership = places.own_membership(viewer=request.user, at=request.now)
    if membership is not None and membership.circle.is_alumni:
        return redirect("circle:alumni")
    context = {
        "stay": places.own_stay(viewer=request.user),
        "agreed": bool(membership and membership.agreed_at),
        "looked_for": looked_for(),
    }
    return render(request, "circle/rule.html", context)


@require_POST
@signed_in(*STUDENTS)
def agree(request: Request) -> HttpResponse:
    """The student has read the rule."""
    services.agree(by=request.user, at=request.now)
    return redirect("circle:home")


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def write(request: Request) -> HttpResponse:
    """Write to the circle, or ask staff alone."""
    membership = own_place(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WriteForm(*sent, kind=request.GET.get("kind", ""))
    writing = _writing(request, membership)
    post = _written(request, form, prompt=writing["prompt"].lesson) if form.is_valid() else None
    if post is not None:
        if post.state == Post.State.SHOWN and not rules.is_quiet(request.now, zone=membership.circle.organisation.zone):
            messages.success(request, _("Your circle can read it."))
            return redirect("circle:home")
        return redirect("circle:own-post", post.pk)
    context = writing | {"form": form, "pace": pace_of(membership, at=request.now), "waits": form.is_valid()}
    return render(request, "circle/write.html", context, status=422 if form.is_bound else 200)


def _written(request: Request, form: WriteForm, *, prompt: str) -> Post | None:
    """What was written; None where it has to wait."""
    try:
        return services.write(**form.cleaned_data, prompt=prompt, by=request.user, at=request.now)
    except services.TooSoon:
        return None


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def own_post(request: Request, post: UUID) -> HttpResponse:
    """One's own post: where it stands and why, what hosts said, and writing it again. A post of the form does that."""
    found = queries.access_own_post(viewer=request.user, pk=post, at=request.now)
    has_photo = photo_of(found) is not None
    form = AgainForm(request.POST if request.method == "POST" else None, post=found, has_photo=has_photo)
    if form.is_valid():
        services.write_again(post=found, **form.cleaned_data, by=request.user, at=request.now)
        return redirect("circle:own-post", found.pk)
    return _own_post(request, found, again=form)


@require_POST
@signed_in(*STUDENTS)
def appeal(request: Request, post: UUID) -> HttpResponse:
    """Ask for somebody else to look again."""
    found = queries.access_own_post(viewer=request.user, pk=post, at=request.now)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _own_post(request, found, appeal=form)
    services.appeal(post=found, words=form.cleaned_data["words"], by=request.user, at=request.now)
    messages.success(request, _("Somebody else looks at it again."))
    return redirect("circle:own-post", found.pk)


@require_POST
@signed_in(*STUDENTS)
def take_back(request: Request, post: UUID) -> HttpResponse:
    """Take one's own post back."""
    found = queries.access_own_post(viewer=request.user, pk=post, at=request.now)
    services.take_back(post=found, by=request.user, at=request.now)
    messages.success(request, _("It is taken back. Nobody in the circle reads it any more."))
    return redirect("circle:home")


@require_POST
@signed_in(*STUDENTS)
def encourage(request: Request, post: UUID) -> HttpResponse:
    """Say one kind word to somebody else's post."""
    services.encourage(post=post, word=request.POST.get("word", ""), by=request.user, at=request.now)
    return redirect(f"{reverse('circle:home')}{_same_page(request)}#post-{post}")


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def report(request: Request, post: UUID) -> HttpResponse:
    """Ask a host to look at somebody else's post."""
    membership, found = queries.access_to_report(viewer=request.user, pk=post, at=request.now)
    if found.patient_id == membership.patient_id:
        raise PermissionDenied
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        row = services.report(post=post, **form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, _("Thank you. A host looks at it, and nobody learns that it was you."))
        return redirect("circle:told", row.pk)
    context = _writing(request, membership) | {"post": found, "form": form}
    return render(request, "circle/report.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in(*STUDENTS)
def told(request: Request, report: UUID) -> HttpResponse:
    """After a report: help at once where its words show danger, else back to the circle."""
    found = queries.access_own_report(viewer=request.user, pk=report)
    read = rules.read_report(found.words, is_worried=found.why == Report.Why.WORRIED)
    if not (read.writer or read.reporter):
        return redirect("circle:home")
    return render(request, "circle/told.html", {"read": read})


def _own_post(
    request: Request, post: Post, *, again: AgainForm | None = None, appeal: WordsForm | None = None
) -> HttpResponse:
    newest, steps = logs.newest_wording(post), logs.steps_for_writer(post)
    own_words = [step.words for step in steps if step.what == Decision.What.APPEAL]
    photo = photo_of(post)
    context = _writing(request, post.membership) | {
        "post": post,
        "photo": photo,
        "waits_for_morning": post.state == Post.State.SHOWN and post.appears_at > request.now,
        "reasons": logs.reasons_in_words(newest.reasons if newest else [], language=get_language() or "en"),
        "shows_danger": bool(newest and newest.severity) or any(danger.severity_in(words) for words in own_words),
        "steps": steps,
        "again": again or AgainForm(post=post, has_photo=photo is not None),
        "may_appeal": logs.may_appeal(post),
        "appeal": appeal or WordsForm(),
    }
    is_wrong = any(form is not None and form.is_bound for form in (again, appeal))
    return render(request, "circle/own_post.html", context, status=422 if is_wrong else 200)


def looked_for() -> list[str]:
    """What the rules of the circle look for, in the reader's language."""
    return logs.reasons_in_words(rules.every_rule(), language=get_language() or "en")


def _challenges(request: Request, membership: Membership) -> list[Together]:
    today = timezone.localdate(request.now)
    return challenges_for(membership, today=today, language=get_language() or "en")


def own_place(request: Request) -> Membership:
    """The reader's place, whose rule they have read. Raises PermissionDenied for everybody else."""
    membership = places.own_membership(viewer=request.user, at=request.now)
    if membership is None or membership.agreed_at is None:
        raise PermissionDenied
    return membership


def _writing(request: Request, membership: Membership) -> dict[str, Any]:
    """What stands beside each place to write: today's question, and when a person reads."""
    circle = membership.circle
    day = timezone.localdate(request.now)
    reads_at = queries.next_reading(circle, at=request.now)
    return {
        "prompt": queries.prompt_on(circle, day, language=get_language() or "en"),
        "reads_at": reads_at,
        "reads_now": reads_at == request.now,
        "is_quiet": rules.is_quiet(request.now, zone=circle.organisation.zone),
    }


def _not_plain(posts: list[Post]) -> list[Post]:
    """Those of which their writer should know something."""
    return [post for post in posts if post.state != Post.State.SHOWN]


def _before(request: Request) -> UUID | None:
    try:
        return UUID(request.GET.get("before", "") or request.POST.get("before", ""))
    except ValueError:
        return None


def _same_page(request: Request) -> str:
    before = _before(request)
    return f"?before={before}" if before else ""
