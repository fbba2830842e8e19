"""Check-ins: answered by students on a phone, seen and entered by staff beside the chart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.consent.queries import access_chart
from hearth.lib import kept
from hearth.measures import begun, guardians, queries, questionnaires, queueing, services, wording
from hearth.measures import instrument as instruments
from hearth.measures import words as wordings
from hearth.measures.concerns import SOURCE
from hearth.measures.instrument import Instrument
from hearth.measures.kiosk import HANDERS
from hearth.measures.models import Begun, How, Response
from hearth.measures.rules import UnusableAnswers
from hearth.measures.standing import standings
from hearth.people.models import Patient
from hearth.people.queries import own_patient, primary_counselor_of
from hearth.safety.queries import concerns_of

OFFERED = timedelta(days=1)  # for so long the follow-up screen is offered among the check-ins
COLUMNS = 5  # how many of the latest responses staff see answer by answer


@dataclass(frozen=True, slots=True)
class Ask:
    """A due measure as the student's list shows it."""

    instrument: Instrument
    title: Promise | str
    why: Promise | str
    asked: int
    begun: int  # how many of them were answered before, on this device or another


@dataclass(frozen=True, slots=True)
class Past:
    """A result as the student's list shows it."""

    response: Response
    title: Promise | str
    words: Promise | str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question and what was answered each time, newest first."""

    text: str
    values: tuple[str, ...]
    alert: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One instrument on the staff page."""

    trajectory: queries.Trajectory
    latest: Response
    band: Promise | str
    responses: tuple[Response, ...]
    items: tuple[ItemRow, ...]


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def mine(request: Request) -> HttpResponse:
    """What is due, and what was answered before."""
    patient = own_patient(viewer=request.user)
    due = queries.due_measures(patient, timezone.localdate(request.now))
    rows = list(queries.responses_of(patient)[:50])
    past = [
        Past(row, wording.title_of(row.instrument, row.instrument), wording.kind_words(row.instrument, row.band))
        for row in rows
    ]
    lately = [row for row in rows if row.answered_at > request.now - OFFERED]
    halves = begun.of(patient, at=request.now)
    asks = [_ask(one, halves.get(one.instrument.id)) for one in due]
    asked_too = guardians.asked_about(patient, at=request.now)
    context = {"asks": asks, "past": past, "asked_too": asked_too}
    context |= {"follow_up": questionnaires.follow_up_of(patient, lately)}
    return render(request, "measures/mine.html", context)


def _ask(due: queries.DueMeasure, half: Begun | None) -> Ask:
    found = due.instrument
    title = wording.title_of(found.id, found.name)
    questions = len(found.form(get_language() or "en").questions)
    answered = len(half.answers) if half and half.version == found.version else 0
    return Ask(found, title, wording.WHY[due.why], questions, answered)


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT, Role.ALUMNUS)
def answer(request: Request, instrument: str) -> HttpResponse:
    """One questionnaire for its student; without scripts one long form."""
    patient = own_patient(viewer=request.user)
    found, form = questionnaires.form_of(request, instrument, begun_by=patient)
    is_kept = "kept" in request.GET  # the smaller page that a phone keeps for when there is no connection
    if form.is_valid():
        response = questionnaires.store(request, patient, found, form)
        return redirect("measures:result", response.pk)
    if form.is_bound and form.chosen() and "token" in form.cleaned_data:
        _keep(request, patient, found, form.chosen(), form.cleaned_data["token"])
    half = begun.lately(patient, found, at=request.now)
    context = questionnaires.questions_of(found, form) | {
        "kept": f"measure-{found.id}",
        "rings": begun.rings(found, half),
        "version": _moment(half.changed_at if half else None),
        "round": _moment(begun.last_sent(patient, found)),
        "counselor": None if is_kept else primary_counselor_of(patient),
        "is_kept": is_kept,
    }
    return render(request, "measures/answer.html", context, status=422 if form.is_bound else 200)


def _moment(at: datetime | None) -> int:
    """As scripts compare it: milliseconds, 0 for never."""
    return int(at.timestamp() * 1000) if at else 0


def _keep(
    request: Request, patient: Patient, found: Instrument, answers: dict[str, int], token: UUID
) -> tuple[Begun, datetime | None] | None:
    return begun.keep_own(
        patient=patient, instrument=found, answers=answers, token=token, by=request.user, at=request.now
    )


@require_POST
@signed_in(Role.STUDENT, Role.ALUMNUS)
def keep(request: Request, instrument: str) -> HttpResponse:
    """Keep single answers of a questionnaire while it is filled in; answers with what its page is to know of it."""
    patient = own_patient(viewer=request.user)
    found, _form = questionnaires.form_of(request, instrument)
    try:
        told = json.loads(request.body)
        done = _keep(request, patient, found, dict(told["answers"]), UUID(told["token"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return JsonResponse({"words": str(error)}, status=400)
    if done is None:
        return JsonResponse({})
    row, before = done
    return JsonResponse({"token": str(row.pk), "version": _moment(row.changed_at), "before": _moment(before)})


@require_POST
@signed_in(Role.STUDENT, Role.ALUMNUS)
def queued(request: Request) -> HttpResponse:
    """Answers given without a connection. Each is kept once, and answered: done, or refused with a sentence."""
    patient = own_patient(viewer=request.user)
    try:
        owner, items = queueing.read(request.body)
    except queueing.Unreadable:
        return JsonResponse({"words": _("This could not be read.")}, status=400)
    if owner != kept.owner_of(request.user.pk):
        return JsonResponse({"words": _("Somebody else is signed in on this device now.")}, status=409)
    results = [{"key": str(item.key), **_take(request, patient, item)} for item in items]
    return JsonResponse({"now": int(request.now.timestamp() * 1000), "results": results})


def _take(request: Request, patient: Patient, item: queueing.Item) -> dict[str, object]:
    try:
        services.store_answers(
            patient=patient,
            instrument_id=item.instrument,
            answers=item.answers,
            language=item.language,
            by=request.user,
            at=request.now,
            token=item.key,
            written_at=queueing.written_at(item, at=request.now),
        )
    except (instruments.UnknownInstrument, UnusableAnswers) as error:
        return {"done": False, "words": str(error)}
    return {"done": True, "words": ""}


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def result(request: Request, response: UUID) -> HttpResponse:
    """What the answers say, in kind words; help first where an answer asks for it."""
    patient = own_patient(viewer=request.user)
    found = queries.own_response(patient, response)
    if found is None:
        raise PermissionDenied
    return render(request, "measures/result.html", questionnaires.said_of(patient, found))


@require_safe
@signed_in(*questionnaires.READERS)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """All measures of one student: charts with bands, answers item by item, alerts, and what is due."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="measures")
    today = timezone.localdate(request.now)
    responses, due = list(queries.responses_of(person)), queries.due_measures(person, today)
    rows: dict[str, list[Response]] = {}
    for row in responses:
        rows.setdefault(row.instrument, []).append(row)
    concerns = [one for one in concerns_of(person) if one.source_kind in (SOURCE, guardians.SOURCE)]
    known = wordings.with_words(instruments.ids())
    context = {
        "patient": person,
        "sheets": [_sheet(known[instrument_id], found) for instrument_id, found in rows.items()],
        "concerns": concerns,
        "due": due,
        "strip": standings(person, today, responses=responses, due=due),
        "may_enter": request.user.has_any(CARE),
        "may_hand_over": request.user.has_any(HANDERS),
        "askable": [one for one in known.values() if one.forms and not one.is_of_guardians],
        "views": guardians.views_of(person),
    }
    return render(request, "measures/of_patient.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*CARE)
def enter(request: Request, patient: UUID, instrument: str) -> HttpResponse:
    """Staff write down answers given on paper."""
    person = access_chart(
        viewer=request.user, pk=patient, purpose="TREAT", at=request.now, to="change", what="measures"
    )
    found, form = questionnaires.form_of(request, instrument)
    if form.is_valid():
        questionnaires.store(request, person, found, form, how=How.PAPER)
        return redirect("measures:of-patient", person.pk)
    context = questionnaires.questions_of(found, form) | {"patient": person, "kept": f"measure-{found.id}-{person.pk}"}
    return render(request, "measures/enter.html", context, status=422 if form.is_bound else 200)


def _sheet(found: Instrument, responses: Sequence[Response]) -> Sheet:
    trajectory = queries.trajectory_of(found.id, responses)
    latest = responses[0]
    columns = responses[:COLUMNS]
    items = tuple(
        ItemRow(text, tuple(_said(link_id, row) for row in columns), _rang(link_id, columns))
        for link_id, text in _texts(found)
    )
    return Sheet(trajectory, latest, wording.band_words(latest.band), tuple(columns), items)


def _texts(found: Instrument) -> list[tuple[str, str]]:
    """Each item with its words, or with its number where the words do not ship."""
    if not found.forms:
        return [(item.link_id, item.link_id) for item in found.items]
    return [(question.link_id, question.text) for question in found.form(get_language() or "en").questions]


def _said(link_id: str, row: Response) -> str:
    value = row.answers.get(link_id)
    if value is None:
        return _("declined") if link_id in row.declined else "–"
    return str(value)


def _rang(link_id: str, rows: Sequence[Response]) -> bool:
    return any(alert["item"] == link_id for alert in rows[0].alerts)
