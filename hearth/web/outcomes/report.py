"""The outcomes page as data: everything that is told, worked out once for the screen and for the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t

from hearth.accounts.models import User
from hearth.aftercare.followed import DAYS, answered_after
from hearth.measures import instrument as instruments
from hearth.measures import rules as scoring
from hearth.measures import wording as measure_words
from hearth.measures.instrument import Instrument
from hearth.measures.outcomes import distribution
from hearth.measures.small_numbers import FEWEST, told_of_all
from hearth.web.leader_today import LEADERS
from hearth.web.outcomes import rows, rules
from hearth.web.outcomes.rules import WEEKS, Family, Period, Table
from hearth.web.outcomes.splits import NOT_KNOWN, SPLITS
from hearth.web.outcomes.wording import ABOUT, Card

CONNECTION = "connection"
PERIODS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One card: figures of one kind, with what they mean and whom they leave out."""

    card: Card
    title: Promise
    about: Sequence[Promise]
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where people's latest totals of one measure lie: bands with the share of people, None where it tells of few."""

    instrument: Instrument
    bands: Sequence[tuple[measure_words.Words, float | None]]


@dataclass(frozen=True, slots=True)
class Report:
    """Of `began` people, or None where they are too few; `underway` of them, None where that tells of few."""

    period: Period
    periods: Sequence[Period]
    split: str
    began: int | None
    underway: int | None
    groups: Sequence[tuple[str, int]]
    small: Sequence[str]
    parts: Sequence[Part]
    standings: Sequence[Standing]


def report(*, viewer: User, at: datetime, by: str, back: int) -> Report:
    """The figures of those who began in one of the periods, `back` before the newest, split `by` one of SPLITS.

    As they stood when the last whole month ended. At most ten queries, however many people. Raises PermissionDenied.
    """
    if not viewer.has_any(LEADERS):
        raise PermissionDenied
    zone = viewer.organisation.zone
    with timezone.override(zone):
        several = rules.periods(timezone.localdate(at), count=PERIODS)
        counted_at = datetime.combine(several[0].until, time(), zone)
        stays = rows.stays_of(several[back], at=counted_at)
        named = SPLITS[by].groups(stays)
        groups, shown = rules.sizes(named)
        order = sorted(shown, key=lambda group: (group == NOT_KNOWN, group))
        measured = _measured()
        totals = rows.totals_of(stays, [one.id for one in (*measured, instruments.get(CONNECTION))], at=counted_at)
        families = _families(stays, measured, totals, at=counted_at)
    parts = [
        Part(card, *ABOUT[card], [table for one in several_families for table in rules.tables(one, groups, order)])
        for card, several_families in families.items()
    ]
    running = sum(stay.ended_at is None for stay in stays)
    told = told_of_all((running, len(stays)))
    return Report(
        period=several[back],
        periods=several,
        split=by,
        began=len(stays) if 1 in told or not stays else None,
        underway=running if 0 in told else None,
        groups=[(group, shown[group]) for group in order],
        small=sorted({*named.values()} - {*shown}, key=lambda group: (group == NOT_KNOWN, group)),
        parts=parts,
        standings=_standings(measured, totals),
    )


def _measured() -> list[Instrument]:
    """Those by which it can be said what is real change."""
    return [one for one in instruments.all_instruments() if one.change and one.bands]


def _families(
    stays: Sequence[rows.Stay], measured: Sequence[Instrument], totals: Mapping[str, rows.Totals], *, at: datetime
) -> dict[Card, list[Family[Any]]]:
    """What the page tells, card by card. One query."""
    weeks = [_t("After %(number)s weeks") % {"number": number} for number in WEEKS]
    answered = answered_after([stay.pk for stay in stays], at=at)
    whose = {stay.pk: stay.patient for stay in stays}
    close = totals[CONNECTION]
    found: dict[Card, list[Family[Any]]] = {
        Card.RETENTION: [rules.of_times(weeks, rows.times_of(stays, at=at))],
        Card.COMPLETION: [rules.of_shares(_t("Completed"), rows.completed(stays, at=at))],
        Card.CHANGE: [family for one in measured for family in _changes(one, totals[one.id])],
        Card.CONNECTION: [
            rules.of_means(_t("Latest total, 0 to 16"), dict(close.latest)),
            rules.of_means(_t("Change since the first answers"), _gained(close)),
        ],
        Card.HIGHER_CARE: [rules.of_shares(_t("Moved to more care"), rows.came_to_higher_care(stays, at=at))],
        Card.FOLLOW_UP: [
            rules.of_shares(
                _t("Answered after %(number)s days") % {"number": day},
                {whose[pk]: was for pk, was in answered[day].items()},
            )
            for day in DAYS
        ],
    }
    return found


def _gained(totals: rows.Totals) -> dict[UUID, float]:
    return {one: totals.latest[one] - first for one, first in totals.first.items()}


def _changes(instrument: Instrument, totals: rows.Totals) -> list[Family[Any]]:
    """Mean change, and the shares whose change is real; nothing of a measure that nobody answered twice."""
    if not totals.first:
        return []
    verdicts = {}
    for one, first in totals.first.items():
        found = scoring.change(instrument, first, totals.latest[one])
        verdicts[one] = {"better": 1, "worse": -1}.get(found.direction, 0) if found else 0
    named = {"measure": instrument.name}
    return [
        rules.of_means(_t("%(measure)s: mean change in points") % named, _gained(totals)),
        rules.of_verdicts(
            _t("%(measure)s: clearly worse") % named, _t("%(measure)s: clearly better") % named, verdicts
        ),
    ]


def _standings(measured: Sequence[Instrument], totals: Mapping[str, rows.Totals]) -> list[Standing]:
    found = []
    for one in measured:
        latest = list(totals[one.id].latest.values())
        if len(latest) >= FEWEST:
            told = distribution(one, latest)
            bands = [
                (measure_words.band_words(name), None if count is None else count / len(latest))
                for name, count in told.items()
            ]
            found.append(Standing(one, bands))
    return found
