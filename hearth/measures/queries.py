"""Reads of measures. Callers have passed the chart's door."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from hearth.lib.charts import Band
from hearth.measures import asking, rules, wording
from hearth.measures import instrument as instruments
from hearth.measures.instrument import Instrument
from hearth.measures.models import GuardianResponse, Response, Rule
from hearth.measures.wording import band_words, kind_band_words
from hearth.measures.words import with_words
from hearth.people.models import Patient
from hearth.program.pack import DueRule

TONES = {
    2: ("pine", "gold"),
    3: ("pine", "dusk", "gold"),
    4: ("pine", "dusk", "gold", "ember"),
    5: ("pine", "dusk", "gold", "ember", "alarm"),
}


@dataclass(frozen=True, slots=True)
class DueMeasure:
    """A measure a person may answer now: since when it is due, and why (admission, repeat, completion, after)."""

    instrument: Instrument
    on: date
    why: str

    @property
    def minutes(self) -> int:
        return self.instrument.minutes


@dataclass(frozen=True, slots=True)
class Point:
    """One total on one day."""

    date: date
    value: int


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A measure over time, ready for the chart. `change` goes from the first total to the latest."""

    instrument: Instrument
    points: tuple[Point, ...]
    bands: tuple[Band, ...]
    change: rules.Change | None

    @property
    def moved(self) -> str:
        """How far it moved and whether that counts, in words; "" where that cannot be said."""
        criteria = self.instrument.change
        return wording.moved(self.change.points, least=criteria.reliable) if self.change and criteria else ""


def due_measures(patient: Patient, today: date) -> list[DueMeasure]:
    """What `patient` is asked today, the longest due first. Those whose words do not ship are left to staff."""
    return due_by_patient([patient], today)[patient.pk]


def due_by_patient(patients: Iterable[Patient], today: date) -> dict[UUID, list[DueMeasure]]:
    """What each of `patients` is asked today, within the minutes a week that they were promised.

    In three queries, and one more if a measure needs its holder's permission. Only the rules of the newest stay count.
    """
    ids = [patient.pk for patient in patients]
    stays = rules_of_newest_stay(ids)
    last_on, answered = _last_full_answers(ids), _answered_lately(ids, today)
    known = with_words({rule.instrument for rows in stays.values() for rule in rows})
    found: dict[UUID, list[DueMeasure]] = {pk: [] for pk in ids}
    for pk, rows in stays.items():
        own = [rule for rule in rows if not known[rule.instrument].is_of_guardians]
        asked = (due_by_rule(rule, known[rule.instrument], last_on.get((pk, rule.instrument)), today) for rule in own)
        most = min(rule.minutes_a_week for rule in rows)
        found[pk] = asking.within(
            (one for one in asked if one), minutes_a_week=most, answered=answered.get(pk, ()), today=today
        )
    return found


def rules_of_newest_stay(ids: Collection[UUID]) -> dict[UUID, list[Rule]]:
    """What these patients, those who live, and their guardians are asked by rule in their newest stay. One query."""
    stays: dict[UUID, list[Rule]] = {}
    for rule in Rule.objects.filter(patient__in=ids, patient__has_died=False).order_by("-started_on", "instrument"):
        rows = stays.setdefault(rule.patient_id, [])
        if not rows or rows[0].started_on == rule.started_on:
            rows.append(rule)
    return stays


def due_by_rule(rule: Rule, instrument: Instrument, last_on: date | None, today: date) -> DueMeasure | None:
    """What this rule asks for today after a full answer `last_on`; None if nothing is due or its words do not ship.

    What a clinician paused is asked no more before completion; what they added or resumed, not before that day.
    """
    if not instrument.forms or (rule.is_paused and rule.completed_on is None):
        return None
    due = asking.due(
        DueRule(
            rule.instrument,
            rule.at_admission,
            rule.every_days,
            rule.at_completion,
            tuple(rule.days_after),
            rule.before_individual,
        ),
        started_on=rule.started_on,
        last_on=last_on,
        today=today,
        completed_on=rule.completed_on,
        individual_on=rule.individual_on,
    )
    return DueMeasure(instrument, max(due.on, rule.asked_from or due.on), due.why) if due else None


def _answered_lately(ids: Collection[UUID], today: date) -> dict[UUID, list[tuple[date, int]]]:
    """The day and the minutes of everything answered in the last days, by patient."""
    since = datetime.combine(today - asking.WEEK, time.min, tzinfo=UTC)
    rows = Response.objects.filter(patient__in=ids, answered_at__gte=since).values_list(
        "patient_id", "instrument", "answered_at", "organisation__time_zone"
    )
    found: dict[UUID, list[tuple[date, int]]] = {}
    for pk, instrument_id, at, zone in rows:
        day = timezone.localdate(at, ZoneInfo(zone))
        found.setdefault(pk, []).append((day, instruments.get(instrument_id).minutes))
    return found


def _last_full_answers(ids: Collection[UUID]) -> dict[tuple[UUID, str], date]:
    rows = (
        Response.objects.filter(_FULL, patient__in=ids)
        .values("patient_id", "instrument", "organisation__time_zone")
        .annotate(last=Max("answered_at"))
    )
    return {
        (row["patient_id"], row["instrument"]): timezone.localdate(
            row["last"], ZoneInfo(row["organisation__time_zone"])
        )
        for row in rows
    }


_FULL = Q(is_complete=True) | Q(total__isnull=False)
"""Answers that count as given: nothing left out, or no more than the instrument's paper lets be estimated."""


def responses_of(patient: Patient) -> QuerySet[Response]:
    """Everything `patient` answered, newest first, with who wrote it down."""
    return Response.objects.filter(patient=patient).select_related("answered_by").order_by("-answered_at", "pk")


def latest_by_instrument(patients: Iterable[Patient]) -> dict[UUID, dict[str, Response]]:
    """For each of `patients` the newest response to each instrument, in one query."""
    found: dict[UUID, dict[str, Response]] = {patient.pk: {} for patient in patients}
    rows = (
        Response.objects.filter(patient__in=list(found))
        .order_by("patient_id", "instrument", "-answered_at")
        .distinct("patient_id", "instrument")
    )
    for row in rows:
        found[row.patient_id][row.instrument] = row
    return found


def totals_by_instrument(patients: Iterable[Patient], *only: str) -> dict[UUID, dict[str, list[int]]]:
    """For each of `patients` all totals of each instrument (or of these), oldest first, in one query.

    For small pictures.
    """
    found: dict[UUID, dict[str, list[int]]] = {patient.pk: {} for patient in patients}
    rows = Response.objects.filter(patient__in=list(found), total__isnull=False).order_by("answered_at")
    if only:
        rows = rows.filter(instrument__in=only)
    for pk, name, total in rows.values_list("patient", "instrument", "total"):
        if total is not None:
            found[pk].setdefault(name, []).append(total)
    return found


def trajectory(patient: Patient, instrument_id: str, *, kind: bool = False) -> Trajectory:
    """All totals of one instrument over time; `kind` names the bands as students read them.

    Raises UnknownInstrument.
    """
    return trajectory_of(instrument_id, responses_of(patient).filter(instrument=instrument_id), kind=kind)


def trajectory_of(
    instrument_id: str, responses: Iterable[Response | GuardianResponse], *, kind: bool = False
) -> Trajectory:
    """The totals among `responses`, which are all of this instrument, as a trajectory."""
    instrument = instruments.get(instrument_id)
    rows = sorted(responses, key=lambda row: row.answered_at)
    points = tuple(Point(timezone.localdate(row.answered_at), row.total) for row in rows if row.total is not None)
    change = rules.change(instrument, points[0].value, points[-1].value) if len(points) > 1 else None
    return Trajectory(instrument, points, bands_of(instrument, kind=kind), change)


def bands_of(instrument: Instrument, *, kind: bool = False) -> tuple[Band, ...]:
    """The bands as a chart draws them, from good (pine) to grave, whichever end is the good one."""
    if not instrument.bands:  # a screen with a cut-off alone, such as AUDIT-C
        return ()
    words = kind_band_words if kind else band_words
    tones = TONES.get(len(instrument.bands), ("dusk",) * len(instrument.bands))
    if instrument.better == "higher":
        tones = tuple(reversed(tones))
    ends = [band.least - 1 for band in instrument.bands[1:]] + [instrument.highest]
    return tuple(
        Band(str(words(band.name)), band.least, end, tone)
        for band, end, tone in zip(instrument.bands, ends, tones, strict=True)
    )


def completed(patient: Patient, instrument_id: str, *, since: date) -> bool:
    """Whether `patient` gave a full answer to this instrument on or after the day `since`."""
    last = _last_full_answers([patient.pk]).get((patient.pk, instrument_id))
    return last is not None and last >= since


def first_and_last(patient: Patient, instrument_id: str, *, since: date) -> tuple[Response, Response] | None:
    """The first and the latest response with a total from the day `since` on; None with fewer than two."""
    rows = [
        row
        for row in responses_of(patient).filter(instrument=instrument_id, total__isnull=False)
        if timezone.localdate(row.answered_at) >= since
    ]
    return (rows[-1], rows[0]) if len(rows) > 1 else None


def own_response(patient: Patient, pk: UUID) -> Response | None:
    """The response `pk` of this patient; None if there is none."""
    return responses_of(patient).filter(pk=pk).first()
