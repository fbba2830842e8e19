"""How often one student is asked what: added, changed or paused by a clinician, with a reason, within the promise."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.measures import asking
from hearth.measures import instrument as instruments
from hearth.measures import words as wordings
from hearth.measures.instrument import Instrument, UnknownInstrument
from hearth.measures.models import Rule, RuleChange
from hearth.measures.queries import rules_of_newest_stay
from hearth.people.models import Patient

What = RuleChange.What

RHYTHMS: dict[str, tuple[int | None, bool]] = {
    "weekly": (7, False),
    "two_weeks": (14, False),
    "four_weeks": (28, False),
    "individual": (None, True),
}
"""What a clinician chooses from: days from one time to the next, or before each talk alone."""

A_TALK_EVERY = 7  # days, for the minutes that questions before each talk alone take


class SameRhythm(Exception):
    """It is asked like that already."""


class NoStay(Exception):
    """Nothing is asked by rule: no stay is running."""


class AskedAlready(Exception):
    """It is asked in this stay: its rhythm is changed instead."""


class TooMuch(Exception):
    """It would be more in a week than they were promised: `minutes`, on average, of `most`."""

    def __init__(self, minutes: float, most: int) -> None:
        super().__init__(f"{minutes} of {most}")
        self.minutes, self.most = minutes, most


@dataclass(frozen=True, slots=True)
class Line:
    """One questionnaire of a stay, with what a clinician changed, the newest first."""

    instrument: Instrument
    rule: Rule
    changes: tuple[RuleChange, ...]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What one student is asked by rule in the stay that runs; `minutes` a week on average, `most` as promised."""

    lines: tuple[Line, ...]
    could_be_added: tuple[Instrument, ...]
    minutes: float
    most: int


def rhythm_of(patient: Patient) -> Rhythm:
    """What they are asked, and what could be added. Three queries, or four. The caller has passed the chart's door."""
    rules = _open_rules(patient)
    known = wordings.with_words(instruments.ids())
    changes: dict[UUID, list[RuleChange]] = {}
    for one in RuleChange.objects.filter(rule__in=rules).select_related("by").order_by("-at", "-pk"):
        changes.setdefault(one.rule_id, []).append(one)
    lines = [Line(known[rule.instrument], rule, tuple(changes.get(rule.pk, ()))) for rule in rules]
    asked = {rule.instrument for rule in rules}
    free = [one for one in known.values() if one.forms and not one.is_of_guardians and one.id not in asked]
    return Rhythm(
        lines=tuple(sorted(lines, key=lambda one: one.instrument.name)),
        could_be_added=tuple(sorted(free, key=lambda one: one.name)) if rules else (),
        minutes=_minutes(rules),
        most=min((rule.minutes_a_week for rule in rules), default=0),
    )


@transaction.atomic
def add(*, patient_pk: UUID, instrument_id: str, rhythm: str, reason: str, by: User, at: datetime) -> Rule:
    """Ask this student something that their program does not ask, from today on.

    Raises PermissionDenied, NoStay, AskedAlready, TooMuch, UnknownInstrument.
    """
    patient, rules = _held(patient_pk, by=by, at=at)
    if any(rule.instrument == instrument_id for rule in rules):
        raise AskedAlready
    instrument = wordings.get(instrument_id)
    if not instrument.forms or instrument.is_of_guardians:
        raise UnknownInstrument(instrument_id)
    every_days, before_individual = RHYTHMS[rhythm]
    row = Rule(
        patient=patient,
        instrument=instrument_id,
        at_admission=True,
        every_days=every_days,
        before_individual=before_individual,
        at_completion=True,
        minutes_a_week=min(rule.minutes_a_week for rule in rules),
        started_on=rules[0].started_on,
        asked_from=at.astimezone(patient.organisation.zone).date(),
        rests=rules[0].rests,
    )
    _must_fit(before=_minutes(rules), after=[*rules, row])
    row.save()
    return _written(row, What.ADDED, reason, by=by, at=at)


@transaction.atomic
def change(*, patient_pk: UUID, instrument_id: str, rhythm: str, reason: str, by: User, at: datetime) -> Rule:
    """Ask it more or less often. Raises PermissionDenied, NoStay, SameRhythm, TooMuch, UnknownInstrument."""
    _patient, rules = _held(patient_pk, by=by, at=at)
    row = _of(rules, instrument_id)
    before = _minutes(rules)
    if (row.every_days, row.before_individual) == RHYTHMS[rhythm]:
        raise SameRhythm
    row.every_days, row.before_individual = RHYTHMS[rhythm]
    _must_fit(before=before, after=rules)
    row.save(update_fields=["every_days", "before_individual"])
    return _written(row, What.CHANGED, reason, by=by, at=at)


@transaction.atomic
def pause(*, patient_pk: UUID, instrument_id: str, is_paused: bool, reason: str, by: User, at: datetime) -> Rule:
    """Ask it no more until somebody goes on with it; at completion it is asked all the same.

    Raises PermissionDenied, NoStay, TooMuch, UnknownInstrument.
    """
    patient, rules = _held(patient_pk, by=by, at=at)
    row = _of(rules, instrument_id)
    if row.is_paused == is_paused:
        return row
    before, row.is_paused = _minutes(rules), is_paused
    if not is_paused:
        _must_fit(before=before, after=rules)
        row.asked_from = at.astimezone(patient.organisation.zone).date()
    row.save(update_fields=["is_paused", "asked_from"])
    return _written(row, What.PAUSED if is_paused else What.RESUMED, reason, by=by, at=at)


def _open_rules(patient: Patient) -> list[Rule]:
    rules = rules_of_newest_stay([patient.pk]).get(patient.pk, [])
    return [rule for rule in rules if rule.completed_on is None]


def _held(pk: UUID, *, by: User, at: datetime) -> tuple[Patient, list[Rule]]:
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=pk, purpose="TREAT", at=at, to="change", lock=True, what="measures")
    rules = _open_rules(patient)
    if not rules:
        raise NoStay
    return patient, rules


def _of(rules: Iterable[Rule], instrument_id: str) -> Rule:
    row = next((rule for rule in rules if rule.instrument == instrument_id), None)
    if row is None:
        raise UnknownInstrument(instrument_id)
    return row


def _minutes(rules: Iterable[Rule]) -> float:
    """What these take of the student in a week; what guardians are asked is not theirs."""
    found = []
    for rule in rules:
        days = rule.every_days or (A_TALK_EVERY if rule.before_individual else None)
        instrument = instruments.get(rule.instrument)
        if days and not rule.is_paused and not instrument.is_of_guardians:
            found.append((instrument.minutes, days))
    return asking.minutes_a_week(found)


def _must_fit(*, before: float, after: Collection[Rule]) -> None:
    """No more than was promised, unless it is no more than `before`. Raises TooMuch."""
    minutes, most = _minutes(after), min(rule.minutes_a_week for rule in after)
    if minutes > max(most, before):
        raise TooMuch(minutes, most)


def _written(row: Rule, what: str, reason: str, *, by: User, at: datetime) -> Rule:
    RuleChange.objects.create(
        rule=row, what=what, every_days=row.every_days, before_individual=row.before_individual,
        reason=reason.strip(), by=by, at=at,
    )  # fmt: skip
    audit.record(f"measures.rule_{what}", by=by, about=row, at=at, instrument=row.instrument)
    return row
