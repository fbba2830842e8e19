"""Pages of the intake board: the board, one deed on a card, and what became of the ways in of a quarter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.admission.queries import active_episode_of
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.inquiry import interviews, services, ways_out
from hearth.inquiry.facts import WAYS_IN
from hearth.inquiry.forms import CloseForm, ContactForm, FollowForm, HandOverForm, TimeForm
from hearth.inquiry.models import Inquiry, WayOut
from hearth.inquiry.queries import INTAKE, access_inquiry
from hearth.inquiry.referral_queries import access_referral
from hearth.inquiry.referral_services import AlreadyDecided, take_referral
from hearth.inquiry.referral_store import read_label
from hearth.lib import live
from hearth.lib.written_dates import written
from hearth.measures.small_numbers import FEWEST
from hearth.people.models import Patient
from hearth.web.intake.board import board as board_of
from hearth.web.intake.figures import DAYS, figures
from hearth.web.intake.rules import Column
from hearth.web.intake.shown import shown
from hearth.web.intake.wording import COLUMNS, DEEDS, SOURCES

MOST_TIMES = 40


@require_safe
@signed_in(*INTAKE)
def board(request: Request) -> HttpResponse:
    """Everyone on the way in, in the column where they stand; stale cards first."""
    owner = request.GET.get("owner", "")
    columns, owners = board_of(viewer=request.user, at=request.now, owner=owner)
    audit.record_read(
        "inquiry.board_read", by=request.user, about=request.organisation, purpose="TREAT", at=request.now
    )
    context = {
        "columns": shown(columns, at=request.now),
        "owners": owners,
        "owner": owner,
        "leads": request.user.has_role(Role.DIRECTOR, Role.SUPERVISOR),
        "now": request.now,
    }
    return render(request, "web/intake/board.html", context)


@require_GET
@signed_in(*INTAKE)
def ear(request: Request) -> HttpResponseBase:
    """Tells of whatever may have moved a card, so that the board looks again."""
    return live.stream(request, WAYS_IN)


@require_safe
@signed_in(Role.DIRECTOR, Role.SUPERVISOR)
def quarter(request: Request) -> HttpResponse:
    """Where the ways in of the last ninety days came from, and how far they came."""
    rows = figures(viewer=request.user, at=request.now)
    columns = [COLUMNS[column] for column in Column]
    context = {
        "rows": [
            (SOURCES.get(row.source, _("Everyone")), row, list(zip(columns, row.counts, strict=True))) for row in rows
        ],
        "columns": columns,
        "days": DAYS,
        "fewest": FEWEST,
    }
    return render(request, "web/intake/figures.html", context)


@require_POST
@signed_in(*INTAKE)
def take(request: Request, kind: str, pk: UUID) -> HttpResponse:
    """“I take this”, from the board: of an inquiry or a referral."""
    try:
        if kind == "referral":
            sent = access_referral(viewer=request.user, pk=pk, at=request.now)
            take_referral(referral=sent, by=request.user, at=request.now)
        else:
            asked = access_inquiry(viewer=request.user, pk=pk)
            services.take_inquiry(inquiry=asked, by=request.user, at=request.now)
    except (services.NotWaiting, AlreadyDecided):
        messages.error(request, _("A colleague has closed this one already."))
    else:
        messages.success(request, _("This is yours now."))
    return _back(request)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a move asks for, what it does, and what is said once it is done."""

    form: forms.Form
    do: Callable[..., object]
    done: str


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def move(request: Request, kind: str, pk: UUID, to: str) -> HttpResponse:
    """Move one card by the deed that moves it: log a contact, book, hand over, close."""
    who, name = _subject(request, kind, pk)
    if isinstance(who, Patient) and active_episode_of(who):
        messages.error(request, _("They are admitted: this way in has ended, and their stay ends on its own page."))
        return _back(request)
    deed = _deed(request, who, to)
    if deed.form.is_valid():
        trouble = _done(request, deed)
        if trouble is None:
            return _back(request)
        deed = _deed(request, who, to)  # with the times that are free now
        if deed.form.is_valid():  # a time that is gone says so itself
            deed.form.add_error(None, trouble)
    context = {"name": name, "form": deed.form, "title": DEEDS[Column(to)], "back": _address(request)}
    context["has_times"] = to != Column.BOOKED or bool(deed.form.fields["starts"].choices)  # type: ignore[attr-defined]
    return render(request, "web/intake/move.html", context, status=422 if deed.form.is_bound else 200)


def _subject(request: Request, kind: str, pk: UUID) -> tuple[ways_out.Subject, str]:
    """Whose card it is, through the door of its kind, and by which name."""
    if kind == "inquiry":
        inquiry = access_inquiry(viewer=request.user, pk=pk)
        return inquiry, inquiry.first_name
    if kind == "referral":
        referral = access_referral(viewer=request.user, pk=pk, at=request.now)
        return referral, read_label(referral).name
    if kind == "patient":
        patient = access_chart(viewer=request.user, pk=pk, purpose="TREAT", at=request.now, what="admission")
        return patient, patient.name
    raise Http404


def _deed(request: Request, who: ways_out.Subject, to: str) -> Deed:
    data = request.POST if request.method == "POST" else None
    common: dict[str, Any] = {"by": request.user, "at": request.now}
    if to == Column.ELSEWHERE:
        return Deed(
            HandOverForm(data),
            lambda **said: ways_out.hand_over(who=who, **said, **common),
            _("Handed over. Ask within a week whether they arrived."),
        )
    if to == Column.CLOSED:
        return Deed(CloseForm(data), lambda **said: ways_out.close(who=who, **said, **common), _("Closed."))
    if isinstance(who, Inquiry) and to == Column.CONTACTED:
        return Deed(
            ContactForm(data),
            lambda **said: services.log_contact(inquiry=who, **said, **common),
            _("Written down."),
        )
    if isinstance(who, Inquiry) and to == Column.BOOKED:
        return _booking(request, who)
    raise Http404


def _booking(request: Request, inquiry: Inquiry) -> Deed:
    zone = request.organisation.zone
    free = list(interviews.free_times(at=request.now))[:MOST_TIMES]
    times = [(one.isoformat(), written(one.astimezone(zone), "l j F, H:i")) for one in free]

    def book(starts: str) -> object:
        return interviews.book_interview(
            inquiry_pk=inquiry.pk, starts_at=datetime.fromisoformat(starts), at=request.now, by=request.user
        )

    data = request.POST if request.method == "POST" else None
    return Deed(TimeForm(data, times=times), book, _("Booked. Please tell them the time in the way they asked for."))


def _done(request: Request, deed: Deed) -> str | None:
    """The sentence that says why it was not done; None if it was."""
    try:
        deed.do(**deed.form.cleaned_data)
    except (services.NotWaiting, AlreadyDecided, ways_out.EndedBefore):
        return _("A colleague has ended this way in already.")
    except interviews.SlotTaken:
        return _("This time was just taken. These are still free.")
    except interviews.BookedAlready as booked:
        when = written(booked.interview.starts_at.astimezone(request.organisation.zone), "l j F, H:i")
        return _("They have a conversation to come: %(when)s. Let go of that time on the inquiry first.") % {
            "when": when
        }
    messages.success(request, deed.done)
    return None


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def ended(request: Request, way_out: UUID) -> HttpResponse:
    """How a way in ended; a post writes down what became of a hand-over, or takes the ending back."""
    found = ways_out.access_way_out(viewer=request.user, pk=way_out)
    form = FollowForm(request.POST if "follow" in request.POST else None)
    try:
        if "back" in request.POST:
            ways_out.reopen(way_out=found, by=request.user, at=request.now)
            messages.success(request, _("They are on the way in again."))
            return _back(request)
        if form.is_valid():
            ways_out.follow_through(way_out=found, by=request.user, at=request.now, **form.cleaned_data)
            messages.success(request, _("Written down."))
            return _back(request)
    except ways_out.EndedBefore:
        messages.error(request, _("A colleague was quicker; this is how it stands."))
        return redirect("web:intake-ended", found.pk)
    context = {"way_out": found, "form": form, "name": _read(request, found), "back": _address(request)}
    return render(request, "web/intake/ended.html", context, status=422 if form.errors else 200)


def _read(request: Request, found: WayOut) -> str:
    """Whose ending it is, by name; that it was read is written down by the door of its kind."""
    if found.inquiry is not None:
        audit.record_read("inquiry.read", by=request.user, about=found.inquiry, purpose="TREAT", at=request.now)
        return found.inquiry.first_name
    if found.referral is not None:
        return read_label(access_referral(viewer=request.user, pk=found.referral.pk, at=request.now)).name
    assert found.patient is not None  # the database refuses a way out of nobody
    patient = access_chart(viewer=request.user, pk=found.patient.pk, purpose="TREAT", at=request.now, what="admission")
    return patient.name


def _address(request: Request) -> str:
    owner = request.POST.get("owner") or request.GET.get("owner", "")
    return reverse("web:intake") + (f"?{urlencode({'owner': owner})}" if owner else "")


def _back(request: Request) -> HttpResponse:
    return redirect(_address(request))
