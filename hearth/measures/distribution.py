"""Where a group stands: how many of it last answered in which band of each instrument they share. Names nobody."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hearth.measures import instrument as instruments
from hearth.measures.instrument import Instrument
from hearth.measures.models import Response, Rule
from hearth.measures.queries import bands_of
from hearth.measures.wording import Words, band_words
from hearth.people.models import Patient

OLD = timedelta(days=35)  # product default: a monthly answer that is late by a few days still says how somebody is
SHARED = 2  # so many of a group make an instrument theirs


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the group last answered in one band; `tone` is its colour word."""

    name: Words
    tone: str
    count: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """One instrument in one group of `people`: those with a recent answer by band, the others by what they lack."""

    instrument: Instrument
    people: int
    shares: tuple[Share, ...]
    old: int
    none: int

    @property
    def recent(self) -> int:
        """How many the bands speak of."""
        return sum(share.count for share in self.shares)


def distributions(patients: Collection[Patient], *, at: datetime) -> list[Distribution]:
    """The picture of these patients for each instrument that two or more of them are asked or have answered, by name.

    Two queries, however many. The caller has passed the door of every chart.
    """
    ids = [patient.pk for patient in patients]
    latest: dict[str, dict[UUID, tuple[str, datetime]]] = {}
    rows = (
        Response.objects.filter(patient__in=ids)
        .exclude(band="")
        .order_by("patient_id", "instrument", "-answered_at")
        .distinct("patient_id", "instrument")
    )
    for row in rows.values_list("patient_id", "instrument", "band", "answered_at"):
        latest.setdefault(row[1], {})[row[0]] = row[2:]
    concerned: dict[str, set[UUID]] = {name: set(known) for name, known in latest.items()}
    for pk, name in Rule.objects.filter(patient__in=ids, completed_on=None).values_list("patient_id", "instrument"):
        concerned.setdefault(name, set()).add(pk)
    shared = [instruments.get(name) for name, people in concerned.items() if len(people) >= SHARED and name in latest]
    return [
        distribution(one, latest[one.id], people=len(ids), at=at) for one in sorted(shared, key=lambda one: one.name)
    ]


def distribution(
    instrument: Instrument, latest: Mapping[UUID, tuple[str, datetime]], *, people: int, at: datetime
) -> Distribution:
    """Count these latest bands, each with when it was answered; what is older than `OLD` says nothing of today."""
    recent = Counter(band for band, answered_at in latest.values() if at - answered_at <= OLD)
    shares = tuple(Share(name, tone, recent[band]) for band, name, tone in _bands(instrument, recent))
    return Distribution(instrument, people, shares, old=len(latest) - recent.total(), none=people - len(latest))


def _bands(instrument: Instrument, found: Collection[str]) -> list[tuple[str, Words, str]]:
    """Every band with its words and tone, from one end to the other; of a screen, "negative" and what was found."""
    if instrument.bands:
        drawn = bands_of(instrument)
        return [(one.name, band_words(one.name), each.tone) for one, each in zip(instrument.bands, drawn, strict=True)]
    graver = (*(one.name for one in instrument.item_bands), "non-acute-positive", "positive", "acute-positive")
    tones = {"negative": "pine", "acute-positive": "alarm"}
    names = ("negative", *(name for name in graver if name in found))
    return [(name, band_words(name), tones.get(name, "gold")) for name in names]
