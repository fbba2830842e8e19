"""Deciding on a proposal: all of it, a part, once more with something pinned, taken back, or let go of."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.timetable import queries, services
from hearth.timetable.broken import later_week_said
from hearth.timetable.compared import Chosen, keys_in
from hearth.timetable.facts import Refused
from hearth.timetable.models import Proposal
from hearth.timetable.pages.proposals import proposal_page


@require_POST
@signed_in(*queries.PLANNERS)
def accept(request: Request, proposal: UUID) -> HttpResponse:
    """From its Monday on, the week is as proposed."""
    row = queries.access_proposal(viewer=request.user, pk=proposal)
    return _accepted(
        request, row, lambda: services.accept_proposal(proposal=row, by=request.user, at=request.now), Chosen()
    )


@require_POST
@signed_in(*queries.PLANNERS)
def decide_part(request: Request, proposal: UUID) -> HttpResponse:
    """What was ticked is accepted alone, or pinned while the rest is worked out again."""
    row = queries.access_proposal(viewer=request.user, pk=proposal)
    chosen = Chosen(
        people=frozenset(request.POST.getlist("person")),
        sections=frozenset(key for value in request.POST.getlist("section") for key in keys_in(value)),
    )
    if not chosen.people and not chosen.sections:
        return proposal_page(request, row, problems=[_("Nothing is chosen yet. Tick people or groups first.")])
    if request.POST.get("do") in ("stay", "hold"):
        return _again(request, row, chosen, as_proposed=request.POST["do"] == "hold")
    return _accepted(
        request,
        row,
        lambda: services.accept_part(
            proposal=row, people=chosen.people, sections=chosen.sections, by=request.user, at=request.now
        ),
        chosen,
    )


def _accepted(request: Request, row: Proposal, deed: Callable[[], Proposal], chosen: Chosen) -> HttpResponse:
    """Carry out the deed and show the week, or say on the proposal's page why it cannot be."""
    try:
        accepted = deed()
    except services.NoLongerHolds as trouble:
        return proposal_page(request, row, problems=trouble.sentences, chosen=chosen)
    except Refused as trouble:
        return proposal_page(request, row, problems=[str(trouble)], chosen=chosen)
    except services.LaterWeekStands as trouble:
        problems = [later_week_said(trouble.week_of, is_cover=trouble.is_cover)]
        return proposal_page(request, row, problems=problems, chosen=chosen)
    except services.NothingChosen:
        problems = [_("What is chosen is already as it stands.")]
        return proposal_page(request, row, problems=problems, chosen=chosen)
    except services.NotReady:
        return proposal_page(request, row, problems=[_("This proposal was decided on before.")])
    if accepted.based_on_id == row.pk:
        messages.success(request, _("The part is accepted, and those it concerns are told. The rest is still open."))
        return redirect("timetable:proposal", row.pk)
    if row.cover:
        messages.success(request, _("The cover is accepted. Those whose week changes are told."))
    else:
        messages.success(request, _("The week is accepted. Everyone's sessions follow it."))
    return redirect(f"{reverse('timetable:week')}?week={row.week_of.isoformat()}")


def _again(request: Request, row: Proposal, chosen: Chosen, *, as_proposed: bool) -> HttpResponse:
    try:
        again = services.propose_again(
            proposal=row,
            people=chosen.people,
            sections=chosen.sections,
            as_proposed=as_proposed,
            by=request.user,
            at=request.now,
        )
    except services.NoLongerHolds as trouble:
        return proposal_page(request, row, problems=trouble.sentences, chosen=chosen)
    except services.NothingToPlace:
        problems = [_("Nobody can be placed that week any more. Look at the timetable first.")]
        return proposal_page(request, row, problems=problems, chosen=chosen)
    except services.NotReady:
        return proposal_page(request, row, problems=[_("This proposal was decided on before.")])
    return redirect("timetable:proposal", again.pk)


@require_POST
@signed_in(*queries.PLANNERS)
def take_back(request: Request, proposal: UUID) -> HttpResponse:
    """The week before an accepted proposal stands again, until its Monday."""
    row = queries.access_proposal(viewer=request.user, pk=proposal)
    try:
        services.take_back_proposal(proposal=row, by=request.user, at=request.now)
    except services.CannotTakeBack as trouble:
        said = (
            _("Its week has begun. Work out a new one to change it.")
            if trouble.begun
            else _("Something was changed since: take that back first, or work out a new week.")
        )
        return proposal_page(request, row, problems=[said])
    except Refused as trouble:
        return proposal_page(request, row, problems=[str(trouble)])
    except services.NotReady:
        return proposal_page(request, row, problems=[_("This proposal was decided on before.")])
    messages.success(request, _("The week before it stands again, and those whose week changes are told."))
    return redirect("timetable:proposal", row.pk)


@require_POST
@signed_in(*queries.PLANNERS)
def drop(request: Request, proposal: UUID) -> HttpResponse:
    """Let go of a proposal, or stop working it out."""
    row = queries.access_proposal(viewer=request.user, pk=proposal)
    try:
        services.drop_proposal(proposal=row, by=request.user, at=request.now)
    except services.NotReady:
        raise PermissionDenied from None
    if row.is_what_if:
        messages.success(request, _("The what-if is put away."))
        return redirect(f"{reverse('timetable:what-if')}?week={row.week_of.isoformat()}")
    messages.success(request, _("The proposal is let go. The week stays as it is."))
    return redirect("timetable:week")
