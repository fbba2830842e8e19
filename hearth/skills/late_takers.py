"""What was written in lessons, on sheets and in thought records without a connection, taken when it comes.

Each takes it as `own_pages.TAKERS` says, with the key of its writing as `token`.
"""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hearth.accounts.requests import Request
from hearth.people.queries import own_patient
from hearth.skills import queries, services, sheet_queries, sheet_services, thought_services
from hearth.skills.forms import PracticeForm, ThoughtRecordForm
from hearth.skills.own_forms import OwnForm
from hearth.skills.queueing import Data, Times
from hearth.skills.sheet_forms import SheetForm
from hearth.skills.sheet_kinds import Kind, kinds

GONE = "gone"  # why words are refused whose row was taken away: their phone offers to begin a new one


def take_practice(request: Request, lesson: str, data: Data, times: Times) -> PracticeForm:
    """“I practised” with its note."""
    form = PracticeForm(data)
    if form.is_valid():
        patient = own_patient(viewer=request.user)
        try:
            services.practise(patient=patient, lesson_id=lesson, by=request.user, **times, **form.cleaned_data)
        except services.UnknownLesson:
            form.add_error(None, _("Your program has this lesson no more. Copy what you wrote, if you need it."))
    return form


def take_sheet(request: Request, which: str, data: Data, times: Times) -> SheetForm | None:
    """A sheet that was begun."""
    kind = kinds().get(which)
    return _keep_sheet(request, None, kind, data, times) if kind else None


def take_sheet_on(request: Request, which: str, data: Data, times: Times) -> OwnForm | None:
    """A sheet that was gone on with."""
    pk = _pk(which)
    if pk is None:
        return None
    try:
        row = sheet_queries.own_sheet(viewer=request.user, pk=pk)
    except PermissionDenied:
        return _gone(data)
    return _keep_sheet(request, pk, kinds()[row.kind], data, times)


def take_thought(request: Request, _which: str, data: Data, times: Times) -> ThoughtRecordForm:
    """A thought record that was begun."""
    return _keep_thought(request, None, data, times)


def take_thought_on(request: Request, which: str, data: Data, times: Times) -> ThoughtRecordForm | OwnForm | None:
    """A thought record that was gone on with."""
    pk = _pk(which)
    if pk is None:
        return None
    try:
        queries.own_thought_record(viewer=request.user, pk=pk)
    except PermissionDenied:
        return _gone(data)
    return _keep_thought(request, pk, data, times)


def _keep_sheet(request: Request, pk: UUID | None, kind: Kind, data: Data, times: Times) -> SheetForm:
    form = SheetForm(data, kind=kind, language=(get_language() or "en")[:2])
    if form.is_valid():
        sent = {name: form.cleaned_data[name] for name in ("token", "over", "version")}
        sheet_services.take(pk=pk, kind=kind, answers=form.answers(), by=request.user, **times, **sent)
    return form


def _keep_thought(request: Request, pk: UUID | None, data: Data, times: Times) -> ThoughtRecordForm:
    form = ThoughtRecordForm(data)
    if form.is_valid():
        sent = {name: form.cleaned_data[name] for name in ("token", "over")}
        version = form.cleaned_data["version"] or 0
        patient = own_patient(viewer=request.user)
        thought_services.take(pk=pk, patient=patient, version=version, by=request.user, **times, **sent, **form.said())
    return form


def _gone(data: Data) -> OwnForm:
    form = OwnForm(data)
    words = _("You deleted this in between. Go on with it as a new one, or leave it out.")
    form.add_error(None, ValidationError(words, code=GONE))
    return form


def _pk(which: str) -> UUID | None:
    try:
        return UUID(which)
    except ValueError:
        return None
