"""What hosts see: what waits, one circle with its hours and hosts, and one post with everything that happened to it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.circle import logs, queries, rules, services
from hearth.circle.forms import DecideForm, HostForm, HoursForm, PaceForm, WordsForm
from hearth.circle.models import Circle, Post
from hearth.circle.photos import photo_of
from hearth.circle.slowing import slow_modes

A_PAGE = 40


@require_safe
@signed_in(*sorted(queries.DECIDERS))
def waiting(request: Request) -> HttpResponse:
    """What waits for a host, the longest first, and the circles one hosts."""
    language = get_language() or "en"
    found = queries.queue(viewer=request.user, at=request.now)
    context = {
        "lines": [(one, logs.reasons_in_words(one.reasons, language=language)) for one in found],
        "circles": list(queries.hosted(request.user)),
        "now": request.now,
    }
    return render(request, "circle/waiting.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(queries.HOSTS))
def circle(request: Request, circle: UUID) -> HttpResponse:
    """Everything written in one circle, to read; for supervisors its hours. A post keeps those."""
    found = queries.access_circle(viewer=request.user, pk=circle)
    form = HoursForm(request.POST if request.method == "POST" else None, circle=found)
    if form.is_valid():
        data = form.cleaned_data
        services.keep_hours(
            circle=found, hours=data["hours"], reads_first=data["reads_first"], by=request.user, at=request.now
        )
        messages.success(request, _("Kept. Students read these hours wherever they write."))
        return redirect("circle:of-staff", found.pk)
    return _circle(request, found, form, before=request.GET.get("before", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(queries.HOSTS))
def search(request: Request, circle: UUID) -> HttpResponse:
    """What was written in one circle with these words. Words and names are posted: no address may hold them.

    Whoever comes back by the address alone, as after signing in again, reads the circle.
    """
    found = queries.access_circle(viewer=request.user, pk=circle)
    if request.method != "POST":
        return redirect("circle:of-staff", found.pk)
    words, before = request.POST.get("q", "").strip(), request.POST.get("before", "")
    return _circle(request, found, HoursForm(circle=found), words=words, before=before)


def _circle(request: Request, circle: Circle, form: HoursForm, *, words: str = "", before: str = "") -> HttpResponse:
    leads = request.user.has_any(services.LEADERS)
    posts, earlier = queries.posts_of_circle(
        viewer=request.user, circle=circle, at=request.now, words=words, before=_uuid(before)
    )
    staff = list(queries.possible_hosts(circle)) if leads else []
    slow = slow_modes(circle)
    context = {
        "circle": circle,
        "posts": posts,
        "earlier": earlier,
        "words": words,
        "leads": leads,
        "hosts": queries.hosts_of(circle),
        "host_form": HostForm(staff=staff) if staff else None,
        "form": form,
        "slow_modes": slow,
        "pace_form": PaceForm(minutes=slow[0].minutes if slow else 0),
    }
    return render(request, "circle/of_staff.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in(*sorted(queries.HOSTS))
def people(request: Request, circle: UUID) -> HttpResponse:
    """Who is in one circle. Whom alumni would like to be in touch with is theirs alone, and nowhere here."""
    found = queries.access_circle(viewer=request.user, pk=circle)
    everybody = queries.people_in(viewer=request.user, circle=found, at=request.now)
    page = Paginator(everybody, A_PAGE).get_page(request.GET.get("page"))
    queries.note_people_read(page.object_list, viewer=request.user, at=request.now)
    return render(request, "circle/people.html", {"circle": found, "page": page})


@require_POST
@signed_in(*sorted(queries.HOSTS))
def pace(request: Request, circle: UUID) -> HttpResponse:
    """Say how slowly a circle goes."""
    found = queries.access_circle(viewer=request.user, pk=circle)
    form = PaceForm(request.POST, minutes=0)
    if form.is_valid():
        services.keep_pace(circle=found, minutes=form.cleaned_data["minutes"], by=request.user, at=request.now)
        messages.success(request, _("Kept. Members read it beside the form."))
    return redirect("circle:of-staff", found.pk)


@require_POST
@signed_in(*sorted(services.LEADERS))
def hosts(request: Request, circle: UUID) -> HttpResponse:
    """Name a host, or end one."""
    found = queries.access_circle(viewer=request.user, pk=circle)
    if "end" in request.POST:
        ends = _uuid(request.POST["end"])
        if ends is not None:
            services.end_host(circle=found, host=ends, by=request.user, at=request.now)
        return redirect("circle:of-staff", found.pk)
    form = HostForm(request.POST, staff=queries.possible_hosts(found))
    if form.is_valid():
        services.name_host(circle=found, member=UUID(form.cleaned_data["member"]), by=request.user, at=request.now)
    return redirect("circle:of-staff", found.pk)


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(queries.DECIDERS))
def post(request: Request, post: UUID) -> HttpResponse:
    """One post with everything that happened to it. A post of the form decides, or answers a question."""
    found = queries.access_post(viewer=request.user, pk=post, at=request.now)
    log = logs.log_of(found, language=get_language() or "en")
    data = request.POST if request.method == "POST" else None
    form = _form(found, log, data)
    if form is not None and form.is_valid() and _carry_out(request, found, form):
        return redirect("circle:waiting")
    context = {
        "post": found,
        "photo": photo_of(found),
        "log": log,
        "form": form,
        "strikes_read_first": rules.STRIKES_READ_FIRST,
    }
    return render(request, "circle/post.html", context, status=422 if data is not None else 200)


def _form(post: Post, log: logs.Log, data: QueryDict | None) -> DecideForm | WordsForm | None:
    if post.is_question:
        return None if post.answered_at else WordsForm(data)
    choices = rules.choices(
        post.state,
        is_appealed=log.open_appeal is not None,
        is_struck=log.is_struck,
        is_reported=log.is_reported,
    )
    return DecideForm(data, choices=choices)


def _carry_out(request: Request, post: Post, form: DecideForm | WordsForm) -> bool:
    """Whether it was done; what stood in the way is told beside the form."""
    try:
        if isinstance(form, WordsForm):
            services.answer(post=post, words=form.cleaned_data["words"], by=request.user, at=request.now)
            messages.success(request, _("Answered. The one who asked reads it."))
            return True
        services.decide(post=post, **form.cleaned_data, by=request.user, at=request.now)
    except services.NotPossible:
        form.add_error(None, _("Somebody has decided this meanwhile. Look at the post as it stands now."))
        return False
    except services.NeedsAnother:
        form.add_error(None, _("The writer asked for somebody else: a colleague decides this one."))
        return False
    messages.success(request, _("Done. The writer can read what you said."))
    return True


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
