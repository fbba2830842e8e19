"""What answers raise: one concern for each severity of a source, in the transaction that stores the answer."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.measures import instrument as instruments
from hearth.measures.instrument import Instrument
from hearth.measures.kiosk_rules import sources_of
from hearth.measures.models import Response, Rule
from hearth.measures.rules import Alert
from hearth.measures.warning import worsening
from hearth.people.models import Patient
from hearth.safety import services as safety
from hearth.safety.models import Concern, Severity

SOURCE, WORSENING = "measures.response", "measures.worsening"
FOLLOW_UP = "asq"
"""The screen that says how grave it is, where answers to another instrument tell of danger (phq-9/scoring.toml)."""
RIGHT_NOW = gettext_noop("The follow-up screen (ASQ) says: thoughts of suicide right now.")
WORSE = gettext_noop("Suddenly worse than before: ask how the person is.")


def raise_concerns(
    patient: Patient,
    source_id: UUID,
    heading: Iterable[str],
    alerts: Iterable[Alert],
    by: User | None,
    at: datetime,
) -> None:
    """One concern for each severity, with every reason of it: a source raises each severity once."""
    reasons: dict[str, list[str]] = {}
    for alert in alerts:
        reasons.setdefault(alert.severity, []).append(alert.reason)
    for severity, told in reasons.items():
        safety.raise_concern(
            patient=patient,
            source_kind=SOURCE,
            source_id=source_id,
            severity=severity,
            summary="\n".join([*heading, *dict.fromkeys(told)])[:300],
            by=by,
            at=at,
        )


def follow_up(patient: Patient, instrument: Instrument, row: UUID, alerts: Iterable[Alert], at: datetime) -> None:
    """Thoughts right now on the follow-up screen make what other answers raised an emergency; nothing makes it less.

    `row` is the screen's own, answered whole or so far, in whose transaction this is; what it raised rings by itself.
    """
    if instrument.id != FOLLOW_UP or not any(one.severity == "emergency" for one in alerts):
        return
    rows = Concern.objects.open().filter(patient=patient, source_kind=SOURCE, severity=Severity.URGENT)
    for concern in rows.exclude(source_id__in=sources_of(instrument, row)):
        safety.grade_up(concern=concern, reason=RIGHT_NOW, at=at)


def asks_follow_up(patient: Patient, *, since: datetime) -> bool:
    """Whether the follow-up screen was not answered `since` then."""
    return not Response.objects.filter(patient=patient, instrument=FOLLOW_UP, answered_at__gte=since).exists()


def raise_worsening(response: Response, heading: Iterable[str], by: User | None, at: datetime) -> None:
    """A concern to watch where these answers are suddenly worse than those before, with the limit and its source.

    Not where they raised one of their own, nor while an earlier one on this instrument is open, nor where they came so
    late that newer ones are known.
    """
    instrument = instruments.get(response.instrument)
    if response.total is None or response.alerts:
        return
    worse = worsening(instrument, _totals_of_stay(response))
    if worse is None or _is_watched(response):
        return
    moved = f"{instrument.name}: {worse.before} → {worse.latest} ({worse.limit})"
    safety.raise_concern(
        patient=response.patient,
        source_kind=WORSENING,
        source_id=response.pk,
        severity=Severity.WATCH,
        summary="\n".join([moved, *heading, WORSE, worse.source])[:300],
        by=by,
        at=at,
    )


def _totals_of_stay(response: Response) -> list[int]:
    """Totals on this instrument, oldest first, since their stay began; nothing where these are not the latest."""
    rows = Response.objects.filter(patient=response.patient, instrument=response.instrument, total__isnull=False)
    began = Rule.objects.filter(patient=response.patient).aggregate(on=Max("started_on"))["on"]
    if began is not None:
        start = datetime.combine(began, time.min, response.organisation.zone)
        rows = rows.filter(answered_at__gte=start)
    known = list(rows.order_by("answered_at", "pk").values_list("pk", "total"))
    is_latest = bool(known) and known[-1][0] == response.pk
    return [total for _pk, total in known if total is not None] if is_latest else []


def _is_watched(response: Response) -> bool:
    """Whether a worsening on this instrument waits already; not one of which they were spoken with: this is another."""
    waiting = Concern.objects.open().filter(patient=response.patient, source_kind=WORSENING, reached_at=None)
    return Response.objects.filter(pk__in=waiting.values("source_id"), instrument=response.instrument).exists()


def raised_by(response: Response, concerns: Iterable[Concern]) -> list[Concern]:
    """Those of a student's concerns that these answers raised, one by one or together."""
    sources = sources_of(instruments.get(response.instrument), response.pk)
    return [one for one in concerns if one.source_kind == SOURCE and one.source_id in sources]
