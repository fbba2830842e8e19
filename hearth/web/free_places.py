"""Free places as visitors see them: the coming week of groups, and what fits the answers of the self-check."""

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.utils.translation import get_language

from hearth.accounts.models import Organisation
from hearth.inquiry.selfcheck.filled import Filled
from hearth.people.models import Modality, Population
from hearth.program import pack
from hearth.program.models import Program
from hearth.timetable.asking import next_start, places_for_visitor
from hearth.timetable.newcomer_needs import Needs, hours_at, track_for
from hearth.timetable.one_change import What
from hearth.timetable.openings import Opening, openings
from hearth.timetable.places_words import NOBODY, ChangeLines, PlaceLines, change_lines, place_lines

OWN_CHANGES = (What.HOURS, What.MODALITY, What.LANGUAGE)
"""What a visitor can change; opening groups and moving rooms is ours to see."""
MOST_SHOWN = 3
MOST_GROUPS = 8
MOST_TO_PICK_FROM = 40  # rows among which the self-check finds what fits
SECONDS = 60  # how old the front page's free places may be; nobody books by them


@dataclass(frozen=True, slots=True)
class Fitting:
    """What one program has for somebody, in words that name nobody."""

    program: str
    population: str
    first: date
    place: PlaceLines | None
    changes: tuple[ChangeLines, ...]

    @property
    def people(self) -> str:
        """Adults or adolescents, in words."""
        return str(Population(self.population).label)

    @property
    def is_full(self) -> bool:
        """Whether a whole week is free for them."""
        return self.place is not None and self.place.is_full


@dataclass(frozen=True, slots=True)
class FreePlaces:
    """Groups with free places first, as many as were asked for, and how many `more` there are."""

    groups: list[Opening]
    more: int


def free_places(*, organisation: Organisation, on: date, most: int = MOST_GROUPS) -> FreePlaces:
    """What could be joined from the coming Monday on, at most a minute old; nobody is named."""
    key = f"free-places-{organisation.pk}-{get_language()}-{on.isoformat()}"
    everything: list[Opening] | None = cache.get(key)
    if everything is None:
        everything = openings(on=on)
        cache.set(key, everything, SECONDS)
    return FreePlaces(everything[:most], max(0, len(everything) - most))


def fitting_places(*, organisation: Organisation, answers: Filled, language: str, on: date) -> list[Fitting]:
    """What each open program has for these answers, whole weeks first; programs with nothing are left out.

    Adults see the weeks of adults, adolescents theirs; where the age was not told, each week says for whom it is.
    """
    if answers.is_about_a_child:
        return []
    asked_for = [answers.population] if answers.population else Population.values
    programs = list(Program.objects.filter(is_open=True, population__in=asked_for).order_by("name"))
    asked = [
        Needs(
            pack=program.pack,
            track=track_for(pack.get(program.pack), answers.all("what")),
            languages=(language,),
            modality=answers.one("how") or Modality.EITHER,
            state=answers.one("state"),
            available=hours_at(answers.all("times")),
            family=hours_at(answers.all("times")),
        )
        for program in programs
    ]
    found = []
    for program, (_needs, answer) in zip(
        programs, places_for_visitor(organisation=organisation, asked=asked, on=on), strict=True
    ):
        place = place_lines(answer.places[0], NOBODY) if answer.places else None
        own = [change for change in answer.one_change_away if change.what in OWN_CHANGES and change.place.is_full]
        changes = tuple(change_lines(change, NOBODY) for change in own[:MOST_SHOWN])
        if (place and place.is_full) or changes:
            found.append(Fitting(program.name, program.population, next_start(on), place, changes))
    return sorted(found, key=lambda one: not one.is_full)
