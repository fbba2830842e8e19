"""Letters for students and for guardians of minors: asking, the exact words, the signed paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.letters import future, queries, services
from hearth.letters.forms import AskForm, days_shown, left_out_of
from hearth.letters.models import Letter
from hearth.letters.paper import as_pdf
from hearth.letters.rules import State
from hearth.letters.terms import release_terms, written_for
from hearth.people.models import Patient
from hearth.people.queries import own_patient

ASKERS = (*queries.STUDENTS, Role.FAMILY)


@require_safe
@signed_in(*queries.STUDENTS)
def mine(request: Request) -> HttpResponse:
    """The student's letters: what to ask for, what was asked, and letters to themself."""
    context = {
        "patient": own_patient(viewer=request.user),
        "kinds": Letter.Kind.choices,
        "letters": queries.own_letters(viewer=request.user),
        "future": future.own(viewer=request.user, today=queries.today_of(request.user, at=request.now)),
    }
    return render(request, "letters/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*ASKERS)
def ask(request: Request, patient: UUID, letter_kind: str) -> HttpResponse:
    """What for is chosen; the rest is filled in, and the letter stands below word for word."""
    if letter_kind not in Letter.Kind.values:
        raise Http404
    person = services.may_ask_about(patient, by=request.user, at=request.now)
    form = _ask_form(request, person, letter_kind)
    if form.is_bound and not form.is_valid():
        return _asking(request, person, form, None, status=422)
    left_out = left_out_of(request.POST)
    draft = services.draft_of(person, form.wanted(left_out))
    wants = request.method == "POST" and request.POST.get("step") == "ask"
    if wants and _asked(request, person, form, left_out):
        messages.success(request, _("Asked. Your team signs it, or says why not."))
        return redirect("letters:mine" if person.user_id == request.user.pk else "letters:family")
    return _asking(request, person, form, draft, status=422 if form.errors else 200)


def _ask_form(request: Request, person: Patient, kind: str) -> AskForm:
    legal = f"{person.legal_given} {person.family_name}" if person.legal_given else ""
    data = request.POST if request.method == "POST" else None
    return AskForm(
        data,
        kind=kind,
        today=queries.today_of(request.user, at=request.now),
        names=(person.name, legal),
        may_send=services.may_send_for(person, by=request.user, at=request.now),
    )


def _asked(request: Request, person: Patient, form: AskForm, left_out: Sequence[date]) -> bool:
    """Whether it was asked for; what stood in the way is told beside the form."""
    data = form.cleaned_data
    try:
        services.ask(
            patient=person.pk,
            wanted=form.wanted(left_out),
            shown=data["shown"],
            token=data["token"] or uuid4(),
            by=request.user,
            at=request.now,
        )
    except services.NoDays:
        form.add_error(None, _("There is no day to tell of between these two. Choose others."))
    except services.TextChanged:
        form.add_error(None, _("The letter reads otherwise now. Read it once more, then ask for it."))
    else:
        return True
    return False


def _asking(
    request: Request, person: Patient, form: AskForm, draft: services.Draft | None, *, status: int
) -> HttpResponse:
    is_own = person.user_id == request.user.pk
    context = {
        "patient": person,
        "form": form,
        "title": Letter.Kind(form.kind).label,
        "draft": draft,
        # With a mistake in a field there is no draft; what was left out before it stays left out.
        "days": [(day.on, day in draft.days) for day in draft.all_days] if draft else days_shown(request.POST),
        "is_own": is_own,
        "back": "letters:mine" if is_own else "letters:family",
    }
    return render(request, "letters/ask.html", context, status=status)


@require_safe
@signed_in(*queries.STUDENTS)
def own(request: Request, letter: UUID) -> HttpResponse:
    """One letter about the student, word for word, with where it stands and what they can do."""
    found = queries.own_letter(viewer=request.user, pk=letter)
    return render(request, "letters/own.html", _seen(request, found) | {"mark": services.mark(found.body)})


def _seen(request: Request, letter: Letter) -> dict[str, Any]:
    """A letter as its student or their guardian reads it, with the release they may sign for it."""
    goes_on = letter.to_reader and letter.state in (State.UNSEEN, State.ASKED, State.SIGNED)
    naming = written_for(letter, queries.releases_naming(letter, at=request.now)) if goes_on else []
    mine = any(row.signer_id == request.user.pk for row in naming)
    ready = bool(naming) and any(row in naming for row in queries.releases_for(letter, at=request.now))
    today = queries.today_of(request.user, at=request.now)
    return {
        "letter": letter,
        "has_paper": letter.state in services.PAPER,
        "terms": release_terms(letter, naming, today=today) if goes_on and not mine else None,
        "waits_for_other": goes_on and mine and not ready,
    }


@require_POST
@signed_in(*queries.STUDENTS)
def say(request: Request, letter: UUID) -> HttpResponse:
    """Yes to these words, or no, thank you."""
    try:
        if request.POST.get("say") == "yes":
            services.agree(pk=letter, shown=request.POST.get("shown", ""), by=request.user, at=request.now)
            messages.success(request, _("Thank you. Your team signs it, or says why not."))
        else:
            services.take_back(pk=letter, by=request.user, at=request.now)
            messages.success(request, _("Taken back. Nobody is given it."))
    except services.TextChanged:
        messages.error(request, _("The words have changed meanwhile. Read them once more."))
    except services.NotNow:
        messages.error(request, _("That is not possible any more: see where the letter stands now."))
    return redirect("letters:own", letter)


@require_safe
@signed_in(*ASKERS)
def paper(request: Request, letter: UUID) -> HttpResponse:
    """The signed letter as a PDF, for its student, or for the guardian who asked for it."""
    if Letter.objects.filter(pk=letter, patient__user=request.user).exists():
        try:
            found = services.open_own(pk=letter, by=request.user, at=request.now)
        except services.NotNow:
            raise PermissionDenied from None
    else:
        found = queries.asked_letter(viewer=request.user, pk=letter, at=request.now)
        if found.state not in services.PAPER:
            raise PermissionDenied
    return as_pdf(found)


@require_safe
@signed_in(Role.FAMILY)
def family(request: Request) -> HttpResponse:
    """A guardian asks for letters about a minor, as far as law and the young person let them."""
    wards = queries.wards_of(request.user, at=request.now)
    letters = queries.asked_letters(viewer=request.user, of=wards)
    context = {"wards": wards, "kinds": Letter.Kind.choices, "letters": letters}
    return render(request, "letters/family.html", context)


@require_safe
@signed_in(Role.FAMILY)
def asked(request: Request, letter: UUID) -> HttpResponse:
    """A letter that a guardian asked for."""
    found = queries.asked_letter(viewer=request.user, pk=letter, at=request.now)
    return render(request, "letters/asked.html", _seen(request, found))
