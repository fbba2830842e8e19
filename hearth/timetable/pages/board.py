"""The planner's board: the week with its draft, what a carried session may do, and every deed on the draft."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.lib import live
from hearth.timetable import away, drafts, queries, services
from hearth.timetable.board import Group
from hearth.timetable.board_forms import WAYS, OpenForm, Unreadable, move_of, spot_of_query
from hearth.timetable.board_panel import panel_of
from hearth.timetable.board_view import VIEWS, board_view
from hearth.timetable.board_words import step_words, trouble_words
from hearth.timetable.broken import later_week_said
from hearth.timetable.facts import Refused
from hearth.timetable.moving import Targets, seat_targets, spot_of, targets
from hearth.timetable.verdicts import verdicts

WEEKS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a deed was not done, in sentences, and the answer's status."""

    sentences: list[str]
    status: int = 409


@require_GET
@signed_in(*queries.PLANNERS)
def coming(request: Request) -> HttpResponse:
    """The board of the next week."""
    return _to_board(request.GET.get("by", ""), _next_monday(request))


@require_safe
@signed_in(*queries.PLANNERS)
def board(request: Request, monday: str) -> HttpResponse:
    """The board of one week, in one of its views; `pick`, `student` and `new` open the form beside it."""
    return _board_page(request, week_in(request, monday))


def _board_page(
    request: Request, monday: date, trouble: Trouble | None = None, opening: OpenForm | None = None
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    by = asked.get("by", "")
    by = by if by in VIEWS else VIEWS[0]
    found = drafts.draft_of_week(viewer=request.user, week_of=monday)
    names, next_monday = found.week.names, _next_monday(request)
    unmet, dose = found.unmet(), max(1, found.dose())
    week = timedelta(weeks=1)
    published = drafts.published_of_week(monday)
    cover = away.cover_of_week(found.week, monday, by=request.user, at=request.now)
    to_call = published.proposal.deeds.get("to_call", ()) if published and published.proposal else ()
    context = {
        "monday": monday,
        "last_day": monday + 6 * timedelta(days=1),
        "before": monday - week if monday > next_monday else None,
        "after": monday + week if monday < next_monday + (WEEKS_AHEAD - 1) * week else None,
        "found": found,
        "version": found.version,
        "shown": drafts.version_of_week(viewer=request.user, week_of=monday),
        "view": board_view(found, by),
        "views": _views(),
        "panel": panel_of(found, asked, opening),
        "steps": [(step, step_words(step, names, found.sessions, monday)) for step in found.steps],
        "can_undo": any(not step.row.is_undone for step in found.steps),
        "can_redo": any(step.row.is_undone for step in found.steps),
        "broken": verdicts(found.broken, names),
        "affected": sorted(names.get(who, "") for who in found.affected),
        "unmet": unmet,
        "coverage": [f"{(1 - minutes / dose) * 100:.1f}" for minutes in unmet],
        "published": published,
        "to_call": sorted(names[who] for who in to_call if who in names),
        "away": away.away_said(cover, names),
        "uncovered": away.uncovered(found.week, cover),
        "trouble": trouble,
    }
    return render(request, "timetable/board.html", context, status=trouble.status if trouble else 200)


def _views() -> list[tuple[str, str]]:
    return [
        ("day", _("Hour")),
        ("staff", _("Staff")),
        ("room", _("Room")),
        ("group", _("Group")),
        ("student", _("Student")),
    ]


@require_GET
@signed_in(*queries.PLANNERS)
def judged(request: Request, monday: str) -> HttpResponse:
    """What a picked-up session or student would newly break at every target at once, by name, as JSON."""
    week_of = week_in(request, monday)
    found = drafts.draft_of_week(viewer=request.user, week_of=week_of)
    names = found.week.names
    student, key = request.GET.get("student", ""), request.GET.get("session", "")
    out_of = found.sessions.get(request.GET.get("out_of", ""))
    if student in found.week.episodes:
        key = request.GET.get("out_of", "") if isinstance(out_of, Group) and student in out_of.patients else ""
        seats = seat_targets(found.week.board, found.sessions, student, key or None)
        answer = {"into": {into: [str(one) for one in verdicts(broken, names)] for into, broken in seats.items()}}
        return JsonResponse(answer | {"version": found.version})
    session = found.sessions.get(key)
    if session is None:
        return JsonResponse({"gone": True, "version": found.version}, status=404)
    try:
        at = spot_of_query(request.GET, session, found.week.board)
    except Unreadable:
        at = spot_of(session)
    all_ = targets(found.week.board, found.sessions, key, at)
    parts = ("staff", "rooms", "ways", "seconds", "interpreters")
    judged_ = {
        part: {key: [str(one) for one in verdicts(broken, names)] for key, broken in getattr(all_, part).items()}
        for part in parts
    }
    times = {
        f"{day}-{start}": [str(one) for one in verdicts(broken, names)] for (day, start), broken in all_.times.items()
    }
    return JsonResponse(judged_ | {"times": times, "names": _names_of(found, all_), "version": found.version})


def _names_of(found: drafts.Drafted, judged: Targets) -> dict[str, str]:
    """The names of everyone and everything that can be chosen, for the verdict's words."""
    chosen = {*judged.staff, *judged.rooms, *judged.seconds, *judged.interpreters}
    known = {key: name for key, name in found.week.names.items() if key in chosen}
    return known | {key: str(words) for key, words in WAYS}


@require_GET
@signed_in(*queries.PLANNERS)
def version(request: Request, monday: str) -> HttpResponse:
    """The board's version alone, for pages that look whether another planner changed it."""
    week_of = week_in(request, monday)
    return JsonResponse({"version": drafts.version_of_week(viewer=request.user, week_of=week_of)})


@require_GET
@signed_in(*queries.PLANNERS)
def live_board(request: Request, monday: str) -> HttpResponseBase:
    """Tells of every change of this week's draft and of every decision, so that the board looks again."""
    return live.stream(request, *drafts.channels_of_week(week_in(request, monday)))


@require_POST
@signed_in(*queries.PLANNERS)
def move(request: Request, monday: str) -> HttpResponse:
    """Put one move into the draft, if no rule is newly broken by it."""
    week_of = week_in(request, monday)
    found = drafts.draft_of_week(viewer=request.user, week_of=week_of)
    opening = OpenForm(request.POST, drafted=found) if request.POST.get("do") == "open" else None
    if opening is not None and not opening.is_valid():
        return _board_page(request, week_of, Trouble([], 422), opening)
    try:
        wanted = opening.move() if opening is not None else move_of(request.POST, found)
        made = services.make_move(
            week_of=week_of, move=wanted, version=request.POST.get("version", ""), by=request.user, at=request.now
        )
    except Unreadable:
        return _board_page(request, week_of, Trouble([_("Choose what to move and where to.")], 422), opening)
    except services.CannotMove as trouble:
        return _board_page(request, week_of, _cannot(trouble), opening)
    if made.after_others:
        messages.info(request, _("Someone else changed the draft meanwhile. Your change still fits and is in it."))
    return _to_board(request.POST.get("by", ""), week_of)


def _cannot(trouble: services.CannotMove) -> Trouble:
    names = trouble.week.names
    if trouble.trouble is not None:
        return Trouble([trouble_words(trouble.trouble, names)])
    return Trouble([str(one) for one in verdicts(trouble.broken, names)])


@require_POST
@signed_in(*queries.PLANNERS)
def draft(request: Request, monday: str) -> HttpResponse:
    """Undo, redo or let go of the draft, publish it, or take back what was published."""
    week_of = week_in(request, monday)
    try:
        _do(request, week_of, request.POST.get("do", ""))
    except services.Stale as trouble:
        return _board_page(request, week_of, Trouble([_stale(trouble)]))
    except services.CannotMove as trouble:
        return _board_page(request, week_of, _cannot(trouble))
    except services.NoLongerHolds as trouble:
        return _board_page(request, week_of, Trouble(trouble.sentences))
    except Refused as trouble:
        return _board_page(request, week_of, Trouble([str(trouble)]))
    except (services.NothingToUndo, services.NothingChosen, services.NotReady):
        return _board_page(request, week_of, Trouble([_("There is nothing to do: the week is as it stands.")]))
    except services.CannotTakeBack as trouble:
        words = _("That week has begun.") if trouble.begun else _("The week was changed again since.")
        return _board_page(request, week_of, Trouble([words]))
    except services.LaterWeekStands as trouble:
        words = later_week_said(trouble.week_of, is_cover=trouble.is_cover)
        return _board_page(request, week_of, Trouble([words]))
    return _to_board(request.POST.get("by", ""), week_of)


def _do(request: Request, week_of: date, wanted: str) -> None:
    deeds: dict[str, Callable[..., object]] = {
        "undo": services.undo_move,
        "redo": services.redo_move,
        "drop": services.drop_draft,
        "publish": services.publish_draft,
    }
    if wanted == "take_back":
        _take_back(request, week_of)
    elif wanted in deeds:
        deeds[wanted](week_of=week_of, version=request.POST.get("version", ""), by=request.user, at=request.now)
        if wanted == "publish":
            messages.success(request, _("The new week is published. Those whose week changes are told."))


def _stale(trouble: services.Stale) -> str:
    if trouble.by is None:
        return _("Somebody decided on the draft meanwhile. Nothing was done; this is the week now.")
    words = {"name": trouble.by.name}
    return _("%(name)s changed the draft meanwhile. Nothing was done; this is the week now.") % words


def _take_back(request: Request, week_of: date) -> None:
    published = drafts.published_of_week(week_of)
    if published is None or published.proposal is None:
        raise services.NothingChosen
    services.take_back_proposal(proposal=published.proposal, by=request.user, at=request.now)
    messages.success(request, _("The week before stands again. Those whose week changes are told."))


def _to_board(by: str, week_of: date) -> HttpResponse:
    address = reverse("timetable:board", args=[week_of.isoformat()])
    return redirect(f"{address}?by={by}" if by in VIEWS else address)


def _next_monday(request: Request) -> date:
    return queries.monday_of(timezone.localdate(request.now, request.user.organisation.zone)) + timedelta(weeks=1)


def week_in(request: Request, monday: str) -> date:
    """The Monday of the address: one of the weeks to come."""
    try:
        day = date.fromisoformat(monday)
    except ValueError:
        raise Http404 from None
    first = _next_monday(request)
    if day.weekday() or not first <= day < first + timedelta(weeks=WEEKS_AHEAD):
        raise Http404
    return day
