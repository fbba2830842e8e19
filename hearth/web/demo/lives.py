"""Who the students are: plain data, drawn from one seeded source of chance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from random import Random

from hearth.program import pack
from hearth.web.demo import wording
from hearth.web.demo.cast import ALUMNA, STUDENTS, Course, Named
from hearth.web.demo.cohorts import Cohort
from hearth.web.demo.names import Names

IN_CARE = 90  # students of one house
NEWCOMERS = 6  # of those: admitted last week, and without a place in any group yet
COMPLETED = 12
COURSES: tuple[Course, ...] = ("shining", "steady", "slow", "struggling")
ODDS = (25, 42, 20, 13)
GAIN = {"shining": (10, 14), "steady": (5, 9), "slow": (0, 3), "struggling": (-5, -1)}
"""Points by which PHQ-9 has fallen by the last week."""


@dataclass(frozen=True, slots=True)
class Life:
    """One student's way so far. `phq` at admission and at the end of the last answered week; `ended_on`: completed."""

    chosen: str
    family: str
    pronouns: str
    born_on: date
    sex: str
    languages: tuple[str, ...]
    state: str
    cohort: Cohort
    primary: str
    starts_on: date
    weeks: int
    course: Course
    goals: tuple[tuple[str, str, int], ...]
    phq: tuple[int, int]
    ended_on: date | None = None

    @property
    def key(self) -> str:
        """Unique among all students."""
        return f"{self.chosen} {self.family}"

    @property
    def planned_end_on(self) -> date:
        return self.starts_on + timedelta(weeks=self.weeks)

    @property
    def is_adolescent(self) -> bool:
        return self.cohort.key.startswith("teen")

    def lasts_until(self) -> date:
        """The first day on which nothing of this stay takes place."""
        return self.ended_on or self.planned_end_on


def lives_of(
    cohorts: Sequence[Cohort], *, named: Sequence[Named], students: int, today: date, names: Names, random: Random
) -> list[Life]:
    """`students` people in care, the named ones first, and those who completed before them."""
    monday = today - timedelta(days=today.weekday())
    room_left = {each.key: each.pattern.size for each in cohorts}
    by_key = {each.key: each for each in cohorts}
    lives = list[Life]()
    for one in named:
        room_left[one.cohort] -= 1
        cohort = by_key[one.cohort]
        lives.append(_named(one, cohort, cohort.primaries[0], monday, random))
    turn = {each.key: 0 for each in cohorts}
    places = _places(cohorts, room_left)
    for place in islice(places, max(0, students - len(lives))):
        turn[place.key] += 1
        lives.append(_anybody(place, turn[place.key], monday, names, random))
    for number in range(max(1, students * COMPLETED // IN_CARE)):
        cohort = cohorts[number * 4 % len(cohorts)]
        life = _completed(cohort, number, monday, names, random)
        lives.append(_as_alumna(life) if named and number == 0 else life)
    return lives


def newcomers_of(cohorts: Sequence[Cohort], *, today: date, names: Names, random: Random) -> list[Life]:
    """Those who were admitted last week and wait for a place: most speak Spanish and can come in the evening."""
    monday = today - timedelta(days=today.weekday())
    by_key = {each.key: each for each in cohorts}
    keys = ("evening-3",) * (NEWCOMERS - 2) + ("day-1",) * 2
    lives = (_anybody(by_key[key], turn, monday, names, random) for turn, key in enumerate(keys))
    return [replace(life, starts_on=monday) for life in lives]


def _places(cohorts: Sequence[Cohort], room_left: dict[str, int]) -> Iterator[Cohort]:
    while any(left > 0 for left in room_left.values()):
        for cohort in cohorts:
            if room_left[cohort.key] > 0:
                room_left[cohort.key] -= 1
                yield cohort


def _named(one: Named, cohort: Cohort, primary: str, monday: date, random: Random) -> Life:
    born = _birthday(monday, one.age, random)
    starts_on = monday - timedelta(weeks=one.week - 1)
    return Life(
        one.chosen, one.family, one.pronouns, born, one.sex, one.languages, "CO", cohort, primary,
        starts_on, one.weeks, one.course, one.goals, one.phq,
    )  # fmt: skip


def _anybody(cohort: Cohort, turn: int, monday: date, names: Names, random: Random, weeks_ago: int = 0) -> Life:
    length = pack.get(cohort.pattern.pack).length
    weeks = random.choice((length.default, length.default, length.least, length.most))
    week = weeks + weeks_ago if weeks_ago else random.randint(1, weeks)
    course = random.choices(COURSES, ODDS)[0]
    chosen, family, pronouns = names.next(cohort.language)
    age = random.randint(14, 17) if cohort.key.startswith("teen") else random.randint(19, 66)
    first = random.randint(11, 21)
    last = max(1, min(26, first - random.randint(*GAIN[course])))
    states = ("CO", "CO", "CO", "UT", "NM") if cohort.is_virtual else ("CO",)
    languages = ("es", "en") if cohort.language == "es" else ("en",)
    return Life(
        chosen, family, pronouns, _birthday(monday, age, random), wording.sex_of(pronouns), languages,
        random.choice(states), cohort, cohort.primaries[turn % len(cohort.primaries)],
        monday - timedelta(weeks=week - 1), weeks, course, _goals(cohort, random, week / weeks), (first, last),
    )  # fmt: skip


def _completed(cohort: Cohort, number: int, monday: date, names: Names, random: Random) -> Life:
    life = _anybody(cohort, number, monday, names, random, weeks_ago=1 + number)
    first = life.phq[0]
    return replace(life, course="shining", phq=(first, max(2, first - 11)), ended_on=life.planned_end_on)


def _as_alumna(life: Life) -> Life:
    chosen, family, pronouns = ALUMNA
    return replace(life, chosen=chosen, family=family, pronouns=pronouns, sex=wording.sex_of(pronouns))


def _goals(cohort: Cohort, random: Random, share: float) -> tuple[tuple[str, str, int], ...]:
    pool = wording.GOALS["teen" if cohort.key.startswith("teen") else cohort.language]
    chosen = random.sample(pool, k=2)
    return tuple((words, step, min(10, round(8 * share * random.uniform(0.4, 1.2)))) for words, step in chosen)


def _birthday(monday: date, age: int, random: Random) -> date:
    return monday - timedelta(days=round(age * 365.25) + random.randint(30, 330))


NAMED = {(one.chosen, one.family) for one in STUDENTS}
