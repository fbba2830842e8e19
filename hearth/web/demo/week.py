"""The week as it stands: groups, life skills and talks alone, each with a leader, a room and an hour of its own.

A plain first-fit: the demo's week was accepted long ago. New weeks are the solver's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from hearth.web.demo.cast import STAFF, Colleague
from hearth.web.demo.cohorts import Cohort
from hearth.web.demo.lives import Life

TOPICS = {"mental-health": "mental_health", "substance-use": "substance_use", "co-occurring": "substance_use"}


TRAVEL = 30  # minutes between the two sites
LONGEST_RUN = 300  # minutes somebody leads without a break


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something weekly: `leader` and `room` by name, `lives` who comes."""

    kind: str
    name: str
    cohort: Cohort
    topic: str
    day: int
    starts: int
    minutes: int
    leader: str
    room: str | None
    lives: tuple[Life, ...]


@dataclass
class Hours:
    """Who and what is taken when, by weekday."""

    taken: dict[tuple[str, int], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    at: dict[tuple[str, int], list[tuple[int, int, str]]] = field(default_factory=lambda: defaultdict(list))

    def are_free(self, who: Iterable[str], day: int, starts: int, minutes: int) -> bool:
        end = starts + minutes
        return all(end <= s or e <= starts for each in who for s, e in self.taken[each, day])

    def can_travel(self, who: str, day: int, starts: int, minutes: int, site: str) -> bool:
        """Whether `who` has time to come from and go to whatever they lead at another site that day."""
        end = starts + minutes + TRAVEL
        others = (each for each in self.at[who, day] if site and each[2] != site)
        return all(end <= s or e + TRAVEL <= starts for s, e, _ in others)

    def go(self, who: str, day: int, starts: int, minutes: int, site: str) -> None:
        """Note where `who` leads something in person."""
        if site:
            self.at[who, day].append((starts, starts + minutes, site))

    def would_run(self, who: str, day: int, starts: int, minutes: int) -> int:
        """Minutes without a break that `who` would lead on this day around this hour."""
        first, last = starts, starts + minutes
        for s, e in sorted(self.taken[who, day]):
            last = e if s == last else last
        for s, e in sorted(self.taken[who, day], reverse=True):
            first = s if e == first else first
        return last - first

    def take(self, who: Iterable[str], day: int, starts: int, minutes: int) -> None:
        for each in who:
            self.taken[each, day].append((starts, starts + minutes))


class NoHour(Exception):
    """The demo's people do not fit into one week; the cast or the cohorts were changed."""


def week_of(cohorts: Iterable[Cohort], lives: list[Life], rooms: dict[str, list[str]]) -> list[Meeting]:
    """Every weekly meeting of one house. `rooms`: the names of each site's rooms. Raises NoHour."""
    hours, meetings = Hours(), list[Meeting]()
    members = {each.key: tuple(life for life in lives if life.cohort.key == each.key) for each in cohorts}
    for cohort in cohorts:
        if members[cohort.key]:
            meetings += _groups(cohort, members[cohort.key], rooms[cohort.site], hours)
    for cohort in cohorts:
        if members[cohort.key]:
            meetings.append(_skills(cohort, members[cohort.key], rooms[cohort.site], hours))
    for life in sorted(lives, key=lambda life: -len(life.cohort.pattern.family_at)):
        meetings.append(_alone(life, "individual", life.cohort.pattern.alone_at, hours))
        if life.cohort.pattern.family_at:
            meetings.append(_alone(life, "family", life.cohort.pattern.family_at, hours))
    return meetings


def _groups(cohort: Cohort, lives: tuple[Life, ...], rooms: list[str], hours: Hours) -> Iterator[Meeting]:
    pattern = cohort.pattern
    for day, leader in zip(cohort.days, cycle(cohort.leaders)):
        where = _room(cohort, rooms, day, pattern.starts, pattern.minutes, hours)
        free = hours.are_free([leader], day, pattern.starts, pattern.minutes)
        if not free or not hours.can_travel(leader, day, pattern.starts, pattern.minutes, _site(cohort)):
            leader = _anyone(cohort, "groups", day, pattern.starts, pattern.minutes, hours)
        hours.take(filter(None, [leader, where]), day, pattern.starts, pattern.minutes)
        hours.go(leader, day, pattern.starts, pattern.minutes, _site(cohort))
        for life in lives:
            hours.take([life.key], day, pattern.starts, pattern.minutes)
        topic = TOPICS[cohort.track]
        yield Meeting("group", cohort.name, cohort, topic, day, pattern.starts, pattern.minutes, leader, where, lives)


def _skills(cohort: Cohort, lives: tuple[Life, ...], rooms: list[str], hours: Hours) -> Meeting:
    at, minutes = cohort.pattern.skills_at, cohort.pattern.skills_minutes
    for day in cohort.days:
        try:
            leader = _anyone(cohort, "skills", day, at, minutes, hours)
            where = _room(cohort, rooms, day, at, minutes, hours)
        except NoHour:
            continue
        hours.take(filter(None, [leader, where]), day, at, minutes)
        hours.go(leader, day, at, minutes, _site(cohort))
        for life in lives:
            hours.take([life.key], day, at, minutes)
        name = "Habilidades para la vida" if cohort.language == "es" else "Life skills"
        return Meeting("skills", name, cohort, "", day, at, minutes, leader, where, lives)
    raise NoHour(f"life skills of {cohort.key}")


def _alone(life: Life, kind: str, hours_tried: tuple[int, ...], hours: Hours) -> Meeting:
    cohort = life.cohort
    others = [day for day in range(5) if day not in cohort.days]
    for starts in hours_tried:
        for day in (*cohort.days, *others):
            if not hours.are_free([life.key, life.primary], day, starts, 60):
                continue
            if hours.would_run(life.primary, day, starts, 60) > LONGEST_RUN:
                continue
            hours.take([life.key, life.primary], day, starts, 60)
            name = {"individual": "Individual session", "family": "Family session"}[kind]
            return Meeting(kind, name, cohort, "", day, starts, 60, life.primary, None, (life,))
    raise NoHour(f"{kind} hour of {life.chosen} {life.family} with {life.primary}")


def _anyone(cohort: Cohort, what: str, day: int, starts: int, minutes: int, hours: Hours) -> str:
    for colleague in STAFF:
        fits = colleague.leads == what and _may_lead(colleague, cohort)
        can_come = hours.can_travel(colleague.name, day, starts, minutes, _site(cohort))
        if fits and can_come and hours.are_free([colleague.name], day, starts, minutes):
            return colleague.name
    raise NoHour(f"a leader for {cohort.key} on day {day}")


def _site(cohort: Cohort) -> str:
    return "" if cohort.is_virtual else cohort.site


def _may_lead(colleague: Colleague, cohort: Cohort) -> bool:
    population = "adolescent" if cohort.key.startswith("teen") else "adult"
    licensed = not cohort.is_virtual or {"UT", "NM"} <= set(colleague.states)
    return licensed and cohort.language in colleague.languages and population in colleague.populations


def _room(cohort: Cohort, rooms: list[str], day: int, starts: int, minutes: int, hours: Hours) -> str | None:
    if cohort.is_virtual:
        return None
    for room in rooms:
        if hours.are_free([room], day, starts, minutes):
            return room
    raise NoHour(f"a room for {cohort.key} on day {day}")
