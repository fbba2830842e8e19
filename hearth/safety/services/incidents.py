"""Reporting incidents and near misses, looking into them, and recording what was told because of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_noop, override

from hearth.accounts.models import Site, User
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.safety.incident_models import Incident, IncidentDuty, IncidentPerson, IncidentStep, ReportingRule
from hearth.safety.incident_queries import READERS, access_incident, may_review_it
from hearth.safety.incident_rules import Event, Unit, book, deadline, duties_of
from hearth.safety.incident_words import DEATH, KINDS
from hearth.safety.services.raising import raise_concern

REPORTED = gettext_noop("Reported as an incident:")


class Involved(Exception):
    """Nobody decides anything about an incident that they were in themselves, nor looks into it."""


class AlreadySettled(Exception):
    """Somebody has recorded already what became of this."""

    def __init__(self, duty: IncidentDuty) -> None:
        super().__init__(str(duty.pk))
        self.duty = duty


class AlreadyClosed(Exception):
    """The review is signed; it must be opened again first."""


class NotClosed(Exception):
    """A review that is not signed yet needs no opening again."""


@transaction.atomic
def report_incident(
    *,
    kind: str,
    happened_at: datetime,
    learned_at: datetime,
    place: str,
    site: Site | None,
    what_happened: str,
    done_at_once: str,
    students: Sequence[UUID],
    staff: Sequence[User],
    others: str,
    is_near_miss: bool,
    harm: str,
    by: User,
    at: datetime,
    token: UUID | None = None,
) -> Incident:
    """Store what happened, what must be told because of it, and a concern for each student where the kind asks for it.

    The same `token` stores once. Raises PermissionDenied, also for a student whose chart is not open to `by`.
    """
    if not by.is_staff:
        raise PermissionDenied
    patients = [access_chart(viewer=by, pk=pk, purpose="HOPERAT", at=at, what="incident") for pk in students]
    said = {
        "kind": kind,
        "happened_at": happened_at,
        "learned_at": learned_at,
        "place": place,
        "site": site,
        "state": (site.state if site else "") or by.organisation.state,
        "what_happened": what_happened.strip(),
        "done_at_once": done_at_once.strip(),
        "others": others.strip(),
        "is_near_miss": is_near_miss,
        "harm": harm,
        "reported_at": at,
    }
    row, is_new = _once(Incident, token, reported_by=by, defaults=said)
    if is_new:
        _write_down_who(row, patients, staff, by, at)
        _ask_for(row, involves_staff=bool(staff))
    return row


def _once[Row: Model](
    model: type[Row], token: UUID | None, *, defaults: dict[str, Any], **key: object
) -> tuple[Row, bool]:
    """A new row, or the one that this writer's form made before: of two sent at once the database lets one in."""
    if token is None:
        return model._default_manager.create(**key, **defaults), True
    return model._default_manager.get_or_create(**key, form_token=token, defaults=defaults)


def _write_down_who(row: Incident, patients: list[Patient], staff: Sequence[User], by: User, at: datetime) -> None:
    """Who was in it, with a concern about each student where what happened asks for one."""
    for patient in patients:
        person = IncidentPerson.objects.create(incident=row, patient=patient)
        _worry(row, patient, person, by, at)
    for member in staff:
        IncidentPerson.objects.create(incident=row, staff=member)
    about: list[UUID | None] = [one.pk for one in patients] or [None]
    for pk in about:
        audit.record("safety.incident_reported", by=by, about=row, patient_id=pk, at=at, kind=row.kind)


def _worry(row: Incident, patient: Patient, person: IncidentPerson, by: User, at: datetime) -> None:
    """Raise a concern about a student where what happened, or nearly did, is itself a risk."""
    severity = book().kinds[row.kind].concern
    if severity:
        with override("en"):
            kind = str(KINDS[row.kind])  # said in the reader's language when it is shown
        raise_concern(
            patient=patient,
            source_kind="safety.incident",
            source_id=person.pk,
            severity=severity,
            summary=f"{REPORTED}\n{kind}",
            by=by,
            at=at,
        )


def _ask_for(row: Incident, *, involves_staff: bool) -> None:
    """Write down what the rules of today, and the house's own, want told because of it."""
    zone = row.reported_by.organisation.zone
    on = row.learned_at.astimezone(zone).date()
    event = Event(row.kind, row.harm, row.state, row.is_near_miss, involves_staff, on)
    for duty in duties_of(event, book().duties):
        due_at = deadline(duty.within, duty.unit, learned_at=row.learned_at, zone=zone)
        IncidentDuty.objects.create(
            incident=row, rule=duty.id, source=duty.source, is_checked=duty.is_checked, due_at=due_at
        )
    if row.is_near_miss:
        return
    kinds = {row.kind, DEATH} if row.harm == Incident.Harm.DEATH else {row.kind}
    own = ReportingRule.objects.filter(kind__in=kinds, state__in=["", row.state], effective_on__lte=on, ended_at=None)
    for rule in own.order_by("pk"):
        due_at = deadline(rule.within, Unit(rule.unit), learned_at=row.learned_at, zone=zone)
        IncidentDuty.objects.create(
            incident=row, to=rule.to, what=rule.what, source=rule.source, is_checked=True, due_at=due_at
        )


@transaction.atomic
def name_reviewer(*, incident: Incident, person: User, by: User, at: datetime) -> Incident:
    """`person` answers for looking into it from now on. Raises PermissionDenied, Involved, AlreadyClosed."""
    row = _held(incident, by, at)
    if row.closed_at:
        raise AlreadyClosed
    if person.organisation_id != by.organisation_id or not person.has_any(READERS):
        raise PermissionDenied
    if not may_review_it(person, row):
        raise Involved
    if row.reviewer_id != person.pk:
        row.reviewer = person
        row.save(update_fields=["reviewer"])
        _step(row, IncidentStep.Kind.NAMED, by, at, person=person)
        audit.record("safety.incident_reviewer_named", by=by, about=row, at=at, person=str(person.pk))
    return row


@transaction.atomic
def add_words(*, incident: Incident, words: str, by: User, at: datetime) -> IncidentStep:
    """Add what became known later, for whoever may read the report. What stands there is never changed."""
    row = access_incident(viewer=by, pk=incident.pk, at=at, lock=True)
    step = _step(row, IncidentStep.Kind.ADDED, by, at, words=words.strip())
    audit.record("safety.incident_added_to", by=by, about=row, at=at)
    return step


@transaction.atomic
def close_review(*, incident: Incident, led_to: str, changed: str, by: User, at: datetime) -> Incident:
    """Sign what led to it and what is changed. Only who was named does.

    Raises PermissionDenied, Involved, AlreadyClosed.
    """
    row = _held(incident, by, at)
    if row.closed_at:
        raise AlreadyClosed
    if row.reviewer_id != by.pk:
        raise PermissionDenied
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    _step(row, IncidentStep.Kind.CLOSED, by, at, led_to=led_to.strip(), changed=changed.strip())
    audit.record("safety.incident_closed", by=by, about=row, at=at)
    return row


@transaction.atomic
def reopen_review(*, incident: Incident, words: str, by: User, at: datetime) -> Incident:
    """Open a signed review again; what was signed stays. Raises PermissionDenied, Involved, NotClosed."""
    row = _held(incident, by, at)
    if row.closed_at is None:
        raise NotClosed
    row.closed_at = None
    row.save(update_fields=["closed_at"])
    _step(row, IncidentStep.Kind.REOPENED, by, at, words=words.strip())
    audit.record("safety.incident_reopened", by=by, about=row, at=at)
    return row


@transaction.atomic
def add_duty(
    *,
    incident: Incident,
    to: str,
    what: str,
    source: str,
    due_at: datetime,
    by: User,
    at: datetime,
    token: UUID | None = None,
) -> None:
    """Write down something else that must be told because of it, until when; the same `token` once.

    Raises PermissionDenied, Involved.
    """
    row = _held(incident, by, at)
    said = {"to": to.strip(), "what": what.strip(), "source": source.strip(), "is_checked": True, "due_at": due_at}
    _duty, is_new = _once(IncidentDuty, token, incident=row, defaults=said)
    if is_new:
        audit.record("safety.incident_duty_added", by=by, about=row, at=at)


@transaction.atomic
def record_told(
    *, incident: Incident, duty_pk: UUID, told_by: User, told_at: datetime, words: str, by: User, at: datetime
) -> IncidentDuty:
    """Record that somebody told what had to be told. Raises PermissionDenied, Involved, AlreadySettled."""
    duty = _unsettled(incident, duty_pk, by, at)
    duty.settled, duty.told_by, duty.told_at = IncidentDuty.Settled.TOLD, told_by, told_at
    return _settle(duty, words, by, at)


@transaction.atomic
def record_not_due(*, incident: Incident, duty_pk: UUID, words: str, by: User, at: datetime) -> IncidentDuty:
    """Record why a rule does not apply here. Raises PermissionDenied, Involved, AlreadySettled."""
    duty = _unsettled(incident, duty_pk, by, at)
    duty.settled = IncidentDuty.Settled.NOT_DUE
    return _settle(duty, words, by, at)


def _unsettled(incident: Incident, duty_pk: UUID, by: User, at: datetime) -> IncidentDuty:
    row = _held(incident, by, at)
    duty = row.duties.filter(pk=duty_pk).first()
    if duty is None:
        raise PermissionDenied
    if duty.settled:
        raise AlreadySettled(duty)
    return duty


def _settle(duty: IncidentDuty, words: str, by: User, at: datetime) -> IncidentDuty:
    duty.words, duty.recorded_by, duty.recorded_at = words.strip(), by, at
    duty.save()
    audit.record("safety.incident_told", by=by, about=duty.incident, at=at, rule=duty.rule, outcome=duty.settled)
    return duty


@transaction.atomic
def keep_reporting_rule(
    *,
    kind: str,
    state: str,
    to: str,
    what: str,
    within: int,
    unit: str,
    source: str,
    effective_on: date,
    by: User,
    at: datetime,
    token: UUID | None = None,
) -> ReportingRule:
    """Write down a deadline of the house's own, for incidents reported from now on; the same `token` once.

    Raises PermissionDenied.
    """
    if not by.has_any(READERS):
        raise PermissionDenied
    said = {
        "kind": kind,
        "state": state,
        "to": to.strip(),
        "what": what.strip(),
        "within": within,
        "unit": unit,
        "source": source.strip(),
        "effective_on": effective_on,
        "kept_at": at,
    }
    row, is_new = _once(ReportingRule, token, kept_by=by, defaults=said)
    if is_new:
        audit.record("safety.reporting_rule_kept", by=by, about=row, at=at, kind=kind)
    return row


@transaction.atomic
def end_reporting_rule(*, pk: UUID, by: User, at: datetime) -> None:
    """No longer ask for it; what incidents were asked for stays. Raises PermissionDenied."""
    row = ReportingRule.objects.select_for_update().filter(pk=pk, ended_at=None).first()
    if row is None or not by.has_any(READERS):
        raise PermissionDenied
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("safety.reporting_rule_ended", by=by, about=row, at=at)


def _held(incident: Incident, by: User, at: datetime) -> Incident:
    """The incident's row, held, for those who read every report and were not in it: they decide what becomes of it.

    Raises PermissionDenied, Involved.
    """
    if not by.has_any(READERS):
        raise PermissionDenied
    row = access_incident(viewer=by, pk=incident.pk, at=at, lock=True)
    if not may_review_it(by, row):
        raise Involved
    return row


def _step(row: Incident, kind: str, by: User, at: datetime, **said: object) -> IncidentStep:
    return IncidentStep.objects.create(incident=row, kind=kind, by=by, at=at, **said)
