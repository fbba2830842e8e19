"""Free places of the weeks to come, for pages that anyone may see: what meets when, and how many more could come."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q
from django.utils.dates import WEEKDAYS_ABBR

from hearth.people.models import Modality, Population
from hearth.program import pack
from hearth.timetable.accepting import part_of_day
from hearth.timetable.board import clock
from hearth.timetable.models import Kind, PlaceOffer, Section
from hearth.timetable.newcomer_needs import WEEKEND
from hearth.timetable.wording import language_words, topic_words

MOST_DAYS = 5


@dataclass(frozen=True, slots=True)
class Opening:
    """Groups of one program that meet alike.

    `places`: how many people could begin on `first` with all of their weekly groups among these, if they take part in
    whichever way each of the groups meets.
    """

    program: str
    population: str
    part: str
    topic: str
    modalities: tuple[str, ...]
    language: str
    days: tuple[int, ...]
    starts: str
    ends: str
    places: int
    first: date

    @property
    def day_names(self) -> tuple[str, ...]:
        """The weekdays, short."""
        return tuple(str(WEEKDAYS_ABBR[day]) for day in self.days)

    @property
    def ways(self) -> tuple[str, ...]:
        """In person, by video, or both, in words."""
        return tuple(str(Modality(one).label) for one in self.modalities)

    @property
    def people(self) -> str:
        """Adults or adolescents, in words."""
        return str(Population(self.population).label)

    @property
    def is_at_weekends(self) -> bool:
        return any(day in WEEKEND for day in self.days)

    @property
    def language_name(self) -> str:
        """The language, in words."""
        return language_words(self.language)


def openings(*, on: date) -> list[Opening]:
    """What could be joined from the Monday after `on`, what has places first. Two queries; nobody is named."""
    monday = on - timedelta(days=on.weekday()) + timedelta(weeks=1)
    held = Q(seats__during__contains=monday + timedelta(days=6))
    rows = (
        Section.objects.standing_on(monday)
        .filter(kind=Kind.GROUP, program__is_open=True)
        .select_related("program", "room")
        .annotate(taken=Count("seats", filter=held))
        .order_by(F("weekday"), F("starts"), "pk")
    )
    promised = PlaceOffer.objects.holding().seats()
    alike: dict[tuple[object, ...], list[tuple[Section, int]]] = defaultdict(list)
    for row in rows:
        kept = promised[row.weekday, row.start_minute, str(row.facilitator_id)]
        free = row.seats_in_all() - row.taken - kept  # type: ignore[attr-defined]  # annotated above
        key = row.program_id, part_of_day(row.start_minute), row.language, row.topic
        alike[key].append((row, max(0, free)))
    found = [_opening(sections, monday) for sections in alike.values()]
    return sorted(found, key=lambda one: (not one.places, one.population, one.starts, one.program))


def _opening(sections: list[tuple[Section, int]], monday: date) -> Opening:
    first = sections[0][0]
    free: dict[int, int] = defaultdict(int)
    for section, seats in sections:
        free[section.weekday] += seats
    dose = pack.get(first.program.pack).dose if first.program else None
    days = min(-(-dose.groups.count // max(1, dose.per_day)), MOST_DAYS) if dose else 1
    most = sorted(free.values(), reverse=True)
    return Opening(
        program=first.program.name if first.program else "",
        population=first.population,
        part=part_of_day(first.start_minute),
        topic=topic_words(first.topic),
        modalities=tuple(sorted({section.modality for section, _ in sections})),
        language=first.language,
        days=tuple(sorted(free)),
        starts=clock(min(section.start_minute for section, _ in sections)),
        ends=clock(max(section.start_minute + section.minutes for section, _ in sections)),
        places=most[days - 1] if len(most) >= days else 0,
        first=monday,
    )
