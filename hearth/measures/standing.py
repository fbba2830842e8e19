"""Where somebody stands on each measure: one glance for the counselor."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.utils import timezone

from hearth.lib import tenancy
from hearth.measures import course, rules, wording
from hearth.measures import instrument as instruments
from hearth.measures.instrument import Instrument
from hearth.measures.models import Response, Rule
from hearth.measures.queries import DueMeasure
from hearth.people.models import Patient

LATE = 7  # days after which what is due is overdue (product default)
KEPT = 6 * 60 * 60  # seconds for which an expected course may be old


@dataclass(frozen=True, slots=True)
class Glance:
    """One measure of one person: its totals since the stay began, its band, change, course, and what is overdue.

    What is overdue without a total in this stay has no totals, band or course.
    """

    instrument: Instrument
    totals: tuple[tuple[date, int], ...]
    band: str
    change: rules.Change | None
    standing: course.Standing
    expected: float | None
    overdue_since: date | None

    @property
    def latest(self) -> int | None:
        return self.totals[-1][1] if self.totals else None

    @property
    def words(self) -> wording.Words:
        """The band in words; "" where there is none."""
        return wording.band_words(self.band) if self.band else ""

    @property
    def moved(self) -> str:
        """How far it moved and whether that counts; "" where that cannot be said."""
        criteria = self.instrument.change
        return wording.moved(self.change.points, least=criteria.reliable) if self.change and criteria else ""

    @property
    def values(self) -> list[int]:
        """The totals alone, oldest first, for a small picture."""
        return [total for _day, total in self.totals]


def standings(
    patient: Patient, today: date, *, responses: Iterable[Response], due: Collection[DueMeasure]
) -> list[Glance]:
    """Where `patient` stands on every measure with a total and on what is overdue, those off track first, then by name.

    `responses` is everything they answered, newest first, and `due` what they are asked today: who shows a standing
    shows those, too.
    """
    began = Rule.objects.filter(patient=patient).order_by("-started_on").values_list("started_on", flat=True).first()
    overdue = overdue_of(due, today)
    rows: dict[str, list[tuple[date, int]]] = {name: [] for name in overdue}
    for row in responses:
        day = timezone.localdate(row.answered_at)
        if row.total is not None and (began is None or day >= began):
            rows.setdefault(row.instrument, []).insert(0, (day, row.total))
    courses = courses_of([name for name, totals in rows.items() if totals])
    found = [_glance(name, totals, courses.get(name), overdue.get(name)) for name, totals in rows.items()]
    return sorted(found, key=lambda one: (one.standing != "off", bool(one.totals), one.instrument.name))


def overdue_of(due: Collection[DueMeasure], today: date) -> dict[str, date]:
    """Since when each measure is due that should have been answered a week ago."""
    return {one.instrument.id: one.on for one in due if (today - one.on).days > LATE}


def _glance(name: str, totals: list[tuple[date, int]], known: course.Course | None, overdue: date | None) -> Glance:
    instrument = instruments.get(name)
    if known is None or not totals:
        return Glance(instrument, (), "", None, "unknown", None, overdue)
    (begun, first), (day, latest) = totals[0], totals[-1]
    expects = instrument.change is not None and len(totals) > 1
    return Glance(
        instrument=instrument,
        totals=tuple(totals),
        band=rules.band_of(instrument, latest).name if instrument.bands else "",
        change=rules.change(instrument, first, latest) if len(totals) > 1 else None,
        standing=course.standing(instrument, totals, known),
        expected=course.expected(instrument, first=first, days=(day - begun).days, course=known) if expects else None,
        overdue_since=overdue,
    )


def courses_of(names: Collection[str]) -> Mapping[str, course.Course]:
    """The course to be expected on each of these measures, from everybody here and the published share.

    It may be some hours old.
    """
    keys = {f"course-{tenancy.current()}-{name}": name for name in names}
    kept: dict[str, course.Course] = cache.get_many(keys)
    wanted = [name for key, name in keys.items() if key not in kept]
    if wanted:
        fresh = {f"course-{tenancy.current()}-{name}": found for name, found in _fit(wanted).items()}
        cache.set_many(fresh, KEPT)
        kept |= fresh
    return {name: kept[key] for key, name in keys.items()}


def _fit(names: Collection[str]) -> dict[str, course.Course]:
    stays: dict[str, dict[UUID, list[tuple[date, int]]]] = {name: {} for name in names}
    rows = Response.objects.filter(instrument__in=names, total__isnull=False).values_list(
        "instrument", "patient_id", "answered_at", "total", "organisation__time_zone"
    )
    for name, patient, at, total, zone in rows:
        if total is not None:
            stays[name].setdefault(patient, []).append((timezone.localdate(at, ZoneInfo(zone)), total))
    return {name: course.fit(instruments.get(name), people.values()) for name, people in stays.items()}
