"""What the pages share that ask a questionnaire: its form, its questions, keeping its answers and what they say."""

from collections.abc import Iterable

from django.http import Http404
from django.utils.translation import get_language

from hearth.accounts.models import User
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.measures import begun, queries, services, wording
from hearth.measures import instrument as instruments
from hearth.measures import words as wordings
from hearth.measures.concerns import FOLLOW_UP, asks_follow_up, raised_by
from hearth.measures.forms import AnswersForm
from hearth.measures.instrument import Instrument
from hearth.measures.models import How, Response
from hearth.people.models import Patient
from hearth.people.queries import primary_counselor_of
from hearth.safety.models import Severity
from hearth.safety.queries import concerns_of

READERS = CARE | {Role.COORDINATOR, Role.DIRECTOR}


def form_of(
    request: Request,
    instrument_id: str,
    *,
    language: str = "",
    read_out: bool = False,
    of_guardian: bool = False,
    begun_by: Patient | None = None,
) -> tuple[Instrument, AnswersForm]:
    """The form with what was sent, in the language asked for, else `language`, else the reader's. Raises Http404.

    It goes on from what `begun_by` has begun on any device.
    """
    try:
        found = wordings.get(instrument_id)
        questionnaire = found.form(request.GET.get("language") or language or get_language() or "en")
    except (instruments.UnknownInstrument, instruments.WordsNotShipped) as error:
        raise Http404(str(error)) from error
    if found.is_of_guardians != of_guardian:
        raise Http404
    data = request.POST if request.method == "POST" else None
    half = begun.lately(begun_by, found, at=request.now) if begun_by else None
    return found, AnswersForm(data, instrument=found, questionnaire=questionnaire, read_out=read_out, begun=half)


def questions_of(found: Instrument, form: AnswersForm) -> dict[str, object]:
    """What `measures/_questions.html` needs, but for the name under which its draft is kept."""
    return {
        "instrument": found,
        "title": wording.title_of(found.id, found.name),
        "questionnaire": form.questionnaire,
        "form": form,
        "count": len(form.questionnaire.questions),
        "other_languages": [one for one in found.languages if one != form.questionnaire.language],
    }


def said_of(patient: Patient, found: Response) -> dict[str, object]:
    """What `measures/_said.html` says of these answers to the student."""
    trajectory = queries.trajectory(patient, found.instrument, kind=True)
    return {
        "response": found,
        "title": wording.title_of(found.instrument, trajectory.instrument.name),
        "words": wording.kind_words(found.instrument, found.band),
        "trajectory": trajectory,
        "moved": wording.MOVED[trajectory.change.direction] if trajectory.change else "",
        "counselor": primary_counselor_of(patient),
        "taken_by": _who_has_it(patient, found),
        "follow_up": follow_up_of(patient, [found]),
    }


def follow_up_of(patient: Patient, newest_first: Iterable[Response]) -> str:
    """The screen offered after the newest of these that tells of danger; empty without one, or once it is answered."""
    others = (row for row in newest_first if row.instrument != FOLLOW_UP)
    grave = (row for row in others if any(alert["severity"] != Severity.WATCH for alert in row.alerts))
    newest = next(grave, None)
    return FOLLOW_UP if newest and asks_follow_up(patient, since=newest.answered_at) else ""


def store(request: Request, patient: Patient, found: Instrument, form: AnswersForm, *, how: str = How.SELF) -> Response:
    """Keep what a valid form holds."""
    return services.store_answers(
        patient=patient,
        instrument_id=found.id,
        answers=form.answers(),
        language=form.questionnaire.language,
        by=request.user,
        at=request.now,
        token=form.cleaned_data["token"],
        how=how,
        declined=form.declined(),
    )


def _who_has_it(patient: Patient, response: Response) -> User | None:
    if not response.alerts:
        return None
    raised = raised_by(response, concerns_of(patient))
    return next((one.taken_by for one in raised if one.taken_by), None)
