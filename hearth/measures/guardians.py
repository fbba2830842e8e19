"""How guardians of minors see it: asked by rule while consent lets them know of the student, kept as their own series.

Nothing is switched off at a birthday or when custody ends: who may be asked is looked up each time (`family_grounds`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_noop

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.consent.queries import family_grounds
from hearth.consent.rules import Ground
from hearth.measures import instrument as instruments
from hearth.measures import rules, services, wording
from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Question
from hearth.measures.models import GuardianResponse, Rule
from hearth.measures.queries import DueMeasure, Trajectory, due_by_rule, rules_of_newest_stay, trajectory_of
from hearth.people.models import Patient, Relationship
from hearth.safety import services as safety

SOURCE = "measures.guardian"
WORRIED = gettext_noop("Somebody close to them answered in a way that worries us. Read it under Measures.")
CALL = gettext_noop("Somebody close to them would like a call. Read it under Measures.")
"""They repeat no answer and name nobody: the student may read the record."""
COLUMNS = 5  # how many of the latest answers staff see one by one


@dataclass(frozen=True, slots=True)
class Ask:
    """A questionnaire that a guardian may answer, about whom, and in which words."""

    tie: Relationship
    instrument: Instrument
    title: Promise | str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One guardian's series on one instrument, with the latest answers item by item."""

    person: User
    relation: str
    trajectory: Trajectory
    responses: tuple[GuardianResponse, ...]
    items: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def values(self) -> list[int]:
        """The totals alone, oldest first, for a small picture."""
        return [point.value for point in self.trajectory.points]


def asked_of(*, viewer: User, at: datetime) -> list[Ask]:
    """What `viewer` is asked today of those whose guardian they are. A fixed number of queries."""
    ties = _open_ties(Relationship.objects.filter(person=viewer), at=at)
    due = _due(ties, at=at)
    return [_ask(tie, one.instrument) for tie in ties for one in due[tie.pk]]


def asked_about(patient: Patient, *, at: datetime) -> list[Ask]:
    """Who else is asked by rule how they see this student, for the student to know, with the questions."""
    ties = _open_ties(Relationship.objects.filter(patient=patient), at=at)
    if not ties:
        return []
    asked = _guardians_rules(rules_of_newest_stay([patient.pk]).get(patient.pk, ()))
    language = get_language() or "en"
    words = {one.id: tuple(each.text for each in one.form(language).questions) for one, _rule in asked}
    return [_ask(tie, one, words[one.id]) for tie in ties for one, rule in asked if rule.completed_on is None]


def ties_with_something_due(*, at: datetime) -> list[Relationship]:
    """Every guardian who is asked something today and can be written to."""
    names = [one.id for one in instruments.all_instruments() if one.is_of_guardians]
    asked = Rule.objects.filter(instrument__in=names, rests=False).values("patient")
    rows = Relationship.objects.filter(patient__in=asked, person__is_active=True)
    ties = [tie for tie in _open_ties(rows, at=at) if tie.person.email or tie.person.phone]
    due = _due(ties, at=at)
    return [tie for tie in ties if due[tie.pk]]


def access_tie(*, viewer: User, pk: UUID, at: datetime) -> Relationship:
    """The tie by which `viewer`, a guardian, may say how they see this student now. Raises PermissionDenied."""
    ties = _open_ties(Relationship.objects.filter(pk=pk, person=viewer), at=at)
    if not ties or not viewer.has_role(Role.FAMILY):
        raise PermissionDenied
    return ties[0]


def _open_ties(rows: QuerySet[Relationship], *, at: datetime) -> list[Relationship]:
    """Those of living students whom this guardian may know of: a minor's, with the student's own word."""
    wanted = rows.filter(is_guardian=True, may_see_schedule=True, patient__has_died=False)
    ties = list(wanted.select_related("person", "patient__organisation").order_by("patient__chosen_name", "pk"))
    grounds = family_grounds(ties, at=at) if ties else {}
    return [tie for tie in ties if grounds[tie.pk] is Ground.GUARDIAN]


def _guardians_rules(rows: Iterable[Rule]) -> list[tuple[Instrument, Rule]]:
    known = [(instruments.get(rule.instrument), rule) for rule in rows if not rule.rests]
    return [(one, rule) for one, rule in known if one.is_of_guardians]


def _due(ties: Collection[Relationship], *, at: datetime) -> dict[UUID, list[DueMeasure]]:
    """What each of these guardians is asked today; each guardian of a student by their own answers."""
    if not ties:
        return {}
    stays = rules_of_newest_stay({tie.patient_id for tie in ties})
    last_on, today = _last_answers({tie.patient_id for tie in ties}), timezone.localdate(at)
    found: dict[UUID, list[DueMeasure]] = {}
    for tie in ties:
        asked = _guardians_rules(stays.get(tie.patient_id, ()))
        last = {one.id: last_on.get((tie.patient_id, tie.person_id, one.id)) for one, _rule in asked}
        all_due = (due_by_rule(rule, one, last[one.id], today) for one, rule in asked)
        found[tie.pk] = [due for due in all_due if due]
    return found


def _last_answers(patients: Collection[UUID]) -> dict[tuple[UUID, UUID, str], date]:
    """On which day each guardian answered last. A question left out is their answer too: they are not asked anew."""
    rows = GuardianResponse.objects.filter(patient__in=patients)
    latest = rows.values_list("patient_id", "answered_by_id", "instrument").annotate(last=Max("answered_at"))
    return {(patient, by, name): timezone.localdate(last) for patient, by, name, last in latest}


def _ask(tie: Relationship, instrument: Instrument, questions: tuple[str, ...] = ()) -> Ask:
    return Ask(tie, instrument, wording.title_of(instrument.id, instrument.name), questions)


@transaction.atomic
def store(
    *, tie: UUID, instrument_id: str, answers: rules.Answers, language: str, token: UUID, by: User, at: datetime
) -> GuardianResponse:
    """Keep how a guardian sees it, and raise a concern for every severity of alert, all or nothing. Twice stores once.

    Raises PermissionDenied, UnknownInstrument, UnusableAnswers.
    """
    held = access_tie(viewer=by, pk=tie, at=at)
    instrument = services.instrument_for(instrument_id, guardians=True)
    given = rules.read_answers(instrument, answers)
    score = rules.score(instrument, given)
    facts = services.kept_of(instrument, given, score) | {
        "patient": held.patient,
        "answered_by": by,
        "relation": held.kind,
        "language": language,
        "answered_at": at,
    }
    response, is_new = GuardianResponse.objects.get_or_create(form_token=token, defaults=facts)
    if (response.patient_id, response.answered_by_id) != (held.patient_id, by.pk):
        raise PermissionDenied
    if is_new:
        _tell(response, score.alerts, by, at)
    return response


def _tell(response: GuardianResponse, alerts: Iterable[rules.Alert], by: User, at: datetime) -> None:
    """The log of the answers, and staff of what worries in them."""
    audit.record("measures.guardian_answered", by=by, about=response, at=at, instrument=response.instrument)
    for severity in dict.fromkeys(alert.severity for alert in alerts):
        safety.raise_concern(
            patient=response.patient,
            source_kind=SOURCE,
            source_id=response.pk,
            severity=severity,
            summary=CALL if severity == "watch" else WORRIED,
            by=None,
            at=at,
        )


def own_response(*, viewer: User, pk: UUID) -> GuardianResponse:
    """What `viewer` answered themselves. Raises PermissionDenied."""
    row = GuardianResponse.objects.filter(pk=pk, answered_by=viewer).first()
    if row is None:
        raise PermissionDenied
    return row


def response_about(patient: Patient, pk: UUID) -> GuardianResponse:
    """What a guardian answered about this student. For a door above. Raises PermissionDenied."""
    row = GuardianResponse.objects.filter(pk=pk, patient=patient).first()
    if row is None:
        raise PermissionDenied
    return row


def views_of(patient: Patient) -> list[View]:
    """Each guardian's series, newest answer first, beside the student's own and never in it. For a door above."""
    rows = GuardianResponse.objects.filter(patient=patient).select_related("answered_by").order_by("-answered_at")
    series: dict[tuple[UUID, str], list[GuardianResponse]] = {}
    for row in rows:
        series.setdefault((row.answered_by_id, row.instrument), []).append(row)
    return [_view(instruments.get(name), found) for (_by, name), found in series.items()]


def _view(instrument: Instrument, rows: list[GuardianResponse]) -> View:
    latest = tuple(rows[:COLUMNS])
    items = tuple(
        (question.text, tuple(_words(question, row.answers.get(question.link_id)) for row in latest))
        for question in instrument.form(get_language() or "en").questions
    )
    relation = latest[0].get_relation_display()
    return View(latest[0].answered_by, relation, trajectory_of(instrument.id, rows), latest, items)


def _words(question: Question, value: int | None) -> str:
    return next((answer.text for answer in question.answers if answer.value == value), "–")
