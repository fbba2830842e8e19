"""The week as it stands: what the timetable's engine makes of everyone's hours.

Each site is filled by itself, on the days its staff are there. What meets on the demo's own day is pinned, so that
today is never empty. Those who completed sat with the others of their cohort.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from hearth.program import pack
from hearth.timetable.board import Board, Group, Individual, Patient, Room, Solution, Span, Staff
from hearth.timetable.board_json import parse_dose
from hearth.web.demo.cast import STAFF, Colleague
from hearth.web.demo.cohorts import MEET_EVERY_DAY, Cohort
from hearth.web.demo.lives import Life

TOPICS = {"mental-health": "mental_health", "substance-use": "substance_use", "co-occurring": "substance_use"}
WORKDAYS = range(5)
CAPACITY, LEAST, SEATS = 12, 2, 14
MOST_MINUTES = 1920  # that somebody leads in a week
WORK_A_PERSON = 0.008  # of the engine's deterministic seconds: everyone has a place well before
FAMILY_AT = (17 * 60, 20 * 60)

HOURS: Mapping[str, tuple[int, int]] = {
    "Dana Kim": (10, 21), "Lucía Ferrer": (10, 21), "Noor Haddad": (10, 21), "Theo Brandt": (8, 19),
    "Ruth Okafor": (8, 20), "Helen Cho": (8, 18), "Andre Dupont": (10, 20), "Bev Lindqvist": (9, 20),
    "Sam Whitehorse": (11, 21),
}  # fmt: skip
"""When those who lead are at work, in whole hours of each weekday."""

IN_AURORA: Mapping[str, tuple[int, ...]] = {
    "Helen Cho": (0, 1, 2, 3, 4), "Andre Dupont": (0, 1, 2, 3, 4), "Ruth Okafor": (1, 3), "Bev Lindqvist": (0, 2),
    "Sam Whitehorse": (1, 3),
}  # fmt: skip
"""On which weekdays who is there; on the others they are in Denver, as everyone else is."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something weekly: `lives` who comes; `cohort` is that of most of them; who works in it and its room by name."""

    kind: str
    name: str
    cohort: Cohort
    topic: str
    language: str
    modality: str
    day: int
    starts: int
    minutes: int
    leader: str
    room: str | None
    lives: tuple[Life, ...]
    second: str | None = None
    interpreter: str | None = None


class NoHour(Exception):
    """The demo's people do not fit into one week; the cast or the cohorts were changed."""


def week_of(
    cohorts: Sequence[Cohort], lives: Sequence[Life], rooms: Mapping[str, Sequence[str]], *, weekday: int
) -> list[Meeting]:
    """Every weekly meeting of one house on a `weekday`. `rooms`: the names of each site's rooms."""
    from hearth.timetable.solver import solve  # OR-Tools takes a second to load, and only the demo's weeks need it here

    meetings: list[Meeting] = []
    for site, names in rooms.items():
        here = [life for life in lives if life.cohort.site == site and life.ended_on is None]
        if here:
            board = _board(site, here, names, weekday)
            pinned = Solution(tuple(_todays_groups(cohorts, here, names, weekday)))
            solution = solve(board, work=WORK_A_PERSON * len(here), workers=1, pinned=pinned)
            meetings += _meetings(solution, {life.key: life for life in here})
    return _with_those_who_completed(meetings, [life for life in lives if life.ended_on is not None])


def _board(site: str, lives: Sequence[Life], rooms: Sequence[str], weekday: int) -> Board:
    return Board(
        capacity=CAPACITY,
        minimum=LEAST,
        rooms=tuple(Room(name, SEATS) for name in rooms),
        staff=tuple(_staff(each, site, weekday) for each in STAFF if each.leads),
        patients=tuple(_patient(life, weekday) for life in lives),
    )


def _staff(colleague: Colleague, site: str, weekday: int) -> Staff:
    there = IN_AURORA.get(colleague.name, ())
    first, last = HOURS[colleague.name]
    days = {day for day in WORKDAYS if (day in there) == (site == "Aurora")}
    if weekday not in WORKDAYS and bool(there) == (site == "Aurora"):
        days.add(weekday)
    return Staff(
        id=colleague.name,
        populations=colleague.populations,
        topics=tuple(sorted(set(TOPICS.values()))) if colleague.leads == "groups" else (),
        languages=colleague.languages,
        states=colleague.states or ("CO",),
        hours=tuple(Span(day, first * 60, last * 60) for day in sorted(days)),
        max_minutes_week=MOST_MINUTES,
        max_minutes_run=300,
    )


def _patient(life: Life, weekday: int) -> Patient:
    pattern = life.cohort.pattern
    days = sorted({*WORKDAYS, weekday}) if life.cohort.key in MEET_EVERY_DAY else list(WORKDAYS)
    return Patient(
        id=life.key,
        population="adolescent" if life.is_adolescent else "adult",
        topics=(TOPICS[life.cohort.track],),
        languages=(life.cohort.language,),  # the one at home, where there is a group in it
        modality=life.cohort.modality,
        state=life.state,
        available=tuple(Span(day, *pattern.free) for day in days),
        family_available=tuple(Span(day, *FAMILY_AT) for day in WORKDAYS) if life.is_adolescent else (),
        primary=life.primary,
        dose=parse_dose(pack.get(pattern.pack).dose.as_board()),
    )


def _todays_groups(
    cohorts: Sequence[Cohort], lives: Sequence[Life], rooms: Sequence[str], weekday: int
) -> Iterator[Group]:
    """The first cohort of each program, together with its own leader on the demo's own day."""
    for cohort in (each for each in cohorts if each.key in MEET_EVERY_DAY):
        people = tuple(life.key for life in lives if life.cohort.key == cohort.key)[:CAPACITY]
        if len(people) >= LEAST:
            yield Group(
                kind="group",
                population="adolescent" if cohort.key.startswith("teen") else "adult",
                topic=TOPICS[cohort.track],
                language=cohort.language,
                modality=cohort.modality,
                day=weekday,
                start=cohort.pattern.starts,
                minutes=cohort.pattern.minutes,
                staff=cohort.leaders[0],
                room=rooms[0],
                patients=people,
            )


def _meetings(solution: Solution, lives: Mapping[str, Life]) -> Iterator[Meeting]:
    sessions: tuple[Group | Individual, ...] = (*solution.groups, *solution.individual)
    for session in sessions:
        who = session.patients if isinstance(session, Group) else (session.patient,)
        own = tuple(lives[each] for each in who)
        cohort = _cohort_of(session, own)
        yield Meeting(
            kind=session.kind,
            name=_name(session, cohort),
            cohort=cohort,
            topic=(session.topic or "") if isinstance(session, Group) and session.kind == "group" else "",
            language=session.language if isinstance(session, Group) else cohort.language,
            modality=session.modality,
            day=session.day,
            starts=session.start,
            minutes=session.minutes,
            leader=session.staff,
            room=session.room if isinstance(session, Group) else None,
            lives=own,
        )


def _cohort_of(session: Group | Individual, lives: Sequence[Life]) -> Cohort:
    """That of most of these people; of those who speak the group's language at home where there are any."""
    language = session.language if isinstance(session, Group) else ""
    own = [life.cohort for life in lives if life.cohort.language == language] or [life.cohort for life in lives]
    return Counter(own).most_common(1)[0][0]


def _name(session: Group | Individual, cohort: Cohort) -> str:
    if session.kind == "group":
        return cohort.name
    if isinstance(session, Group):
        return "Habilidades para la vida" if session.language == "es" else "Life skills"
    return {"individual": "Individual session", "family": "Family session"}[session.kind]


def _with_those_who_completed(meetings: Iterable[Meeting], lives: Sequence[Life]) -> list[Meeting]:
    """The same meetings with those who sat where a peer of their cohort sits now, and the hours alone they had."""
    found = list(meetings)
    for life in lives:
        everyone = (one for each in found for one in each.lives)
        peer = next((one for one in everyone if one.cohort == life.cohort and one.ended_on is None), None)
        own = [each for each in found if peer in each.lives]
        for each in (each for each in own if each.kind in ("group", "skills")):
            found[found.index(each)] = replace(each, lives=(*each.lives, life))
        for each in (each for each in own if each.kind in ("individual", "family")):
            found.append(_elsewhere(each, life, found))
    return found


def _elsewhere(each: Meeting, life: Life, meetings: Sequence[Meeting]) -> Meeting:
    """The like of this hour alone for another life, when neither they nor their counselor meet anybody.

    In the cohort's own hours where there is room, else whenever their counselor is at work.
    """
    busy = [one for one in meetings if one.leader == life.primary or life in one.lives]
    opens, closes = HOURS[life.primary]
    for first, last in (life.cohort.pattern.free, (opens * 60, closes * 60)):
        for day, starts in product(WORKDAYS, range(first, last - each.minutes + 1, 30)):
            ends = starts + each.minutes
            if all(one.day != day or ends <= one.starts or one.starts + one.minutes <= starts for one in busy):
                return replace(each, leader=life.primary, day=day, starts=starts, lives=(life,))
    raise NoHour(f"an hour of {life.key} with {life.primary}")
