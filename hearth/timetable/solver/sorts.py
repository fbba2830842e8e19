"""Which groups could be opened at all: the *sorts* between which the solver decides.

A sort is a group without leader, room and people. One that another sort of the same time serves at least as
well, in people and in staff, is left out: whoever would sit in it can sit in the other.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from hearth.timetable.board import CLOSE, MODALITIES, OPEN, SLOT, Group, Solution
from hearth.timetable.tables import SLOTS_A_DAY, Tables, bits, bits_where
from hearth.timetable.week import Session, follows, helpers_of, people_in


@dataclass(frozen=True, slots=True)
class Sort:
    """`staff` could lead it and `people` could sit in it (places in the tables); it begins in slot `first`."""

    group: Group  # without leader, room and people, unless it is pinned
    first: int
    slots: int
    staff: tuple[int, ...]
    people: tuple[int, ...]
    pinned: bool = False  # stands as it is, with all its people
    site: str = ""  # in whose rooms it meets, where there are several


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be decided: new sessions in these hours (masks by place), and all that is in `stands`.

    `wants` are the (person, kind) for which new sessions are looked for; None: all. `at_two_sites` are the (person or
    member of staff, day) on which someone is at two sites in the week from which the search starts.
    """

    free: dict[int, int]
    shift: dict[int, int]
    stands: Solution = field(default_factory=Solution)
    pinned: Solution = field(default_factory=Solution)
    wants: frozenset[tuple[int, str]] | None = None
    at_two_sites: frozenset[tuple[str, int]] = frozenset()


def at_two_sites(tables: Tables, week: Solution) -> frozenset[tuple[str, int]]:
    """Who is at two sites on which day of this week."""
    if not tables.ways:
        return frozenset()
    at: dict[tuple[str, int], set[str]] = defaultdict(set)
    sessions: tuple[Session, ...] = (*week.groups, *week.individual)
    for session in sessions:
        if site := tables.site_of(session):
            for who in (*people_in(session), *helpers_of(session)):
                at[who, session.day].add(site)
    return frozenset(key for key, sites in at.items() if len(sites) > 1)


def whole(tables: Tables, pinned: Solution | None = None, start: Solution | None = None) -> Scope:
    """Everything may be decided, going on from `start`."""
    return Scope(
        free={index: tables.available[who] for index, who in enumerate(tables.people)},
        shift={index: tables.shift[who] for index, who in enumerate(tables.staff)},
        pinned=pinned or Solution(),
        at_two_sites=at_two_sites(tables, start or Solution()),
    )


def starts(free: int, slots: int) -> Iterator[int]:
    """The slots of the week at which so many free ones begin, within opening hours."""
    run = free
    for step in range(1, slots):
        run &= free >> step
    for day in range(7):
        for minute in range(OPEN, CLOSE - slots * SLOT + 1, SLOT):
            slot = day * SLOTS_A_DAY + minute // SLOT
            if run >> slot & 1:
                yield slot


def slots_of(minutes: int) -> int:
    """How many slots a session of this length takes."""
    return -(-minutes // SLOT)


def first_slot(day: int, start: int) -> int:
    """The slot of the week that begins at this minute of this day."""
    return day * SLOTS_A_DAY + start // SLOT


class Finder:
    """Finds the sort that a group belongs to."""

    def __init__(self, tables: Tables, sorts: list[Sort]) -> None:
        self.staff = {who: index for index, who in enumerate(tables.staff)}
        self.people = {who: index for index, who in enumerate(tables.people)}
        self.tables, self.sorts = tables, sorts
        self.at: dict[tuple[str, str, int, str, int, int], list[int]] = defaultdict(list)
        for index, sort in enumerate(sorts):
            self.at[_time_of(sort.group)].append(index)

    def sort_of(self, group: Group) -> int | None:
        """The place of a sort that has this group's leader and people; None if there is none."""
        leader, people = self.staff.get(group.staff), {self.people[who] for who in group.patients}
        for index in reversed(self.at[_time_of(group)]):  # pinned ones come last and are looked at first
            sort = self.sorts[index]
            if not sort.pinned and (group.co_staff or group.interpreter or sort.site != self.tables.site_of(group)):
                continue
            if leader in sort.staff and (people == set(sort.people) if sort.pinned else people <= set(sort.people)):
                return index
        return None


def _time_of(group: Group) -> tuple[str, str, int, str, int, int]:
    return group.kind, group.population, group.minutes, group.modality, group.day, group.start


def sorts_of(tables: Tables, scope: Scope) -> list[Sort]:
    """All sorts of groups that enough people of the scope could attend and someone could lead."""
    found: list[Sort] = []
    people = tables.board.patients
    for kind in ("group", "skills"):
        shapes = {(p.population, p.dose.part(kind).minutes) for p in people if p.dose.part(kind).count}
        for population, minutes in sorted(shape for shape in shapes if shape[1]):
            found += _Shape(tables, scope, kind, population, minutes).sorts()
    return found + _pinned(tables, scope.pinned)


def _pinned(tables: Tables, pinned: Solution) -> list[Sort]:
    staff = {who: index for index, who in enumerate(tables.staff)}
    people = {who: index for index, who in enumerate(tables.people)}
    return [
        Sort(
            group,
            first_slot(group.day, group.start),
            slots_of(group.minutes),
            (staff[group.staff],),
            tuple(people[who] for who in group.patients),
            pinned=True,
        )
        for group in pinned.groups
    ]


class _Shape:
    """Groups of one kind, population and length. People and staff are bits by their place, so `&` is fast."""

    def __init__(self, tables: Tables, scope: Scope, kind: str, population: str, minutes: int) -> None:
        self.tables, self.kind, self.population, self.minutes = tables, kind, population, minutes
        self.minimum, self.slots = tables.board.minimum, slots_of(minutes)
        self.people, self.staff = list(tables.people.values()), list(tables.staff.values())
        in_shape = [
            index
            for index, one in enumerate(self.people)
            if one.population == population and one.dose.part(kind).count and one.dose.part(kind).minutes == minutes
        ]
        team = [
            index
            for index, one in enumerate(self.staff)
            if population in one.populations and tables.may_lead_together(one.id, None)
        ]
        self.sites = sorted({room.site for room in tables.board.rooms}) or [""]
        self.can: dict[int, int] = defaultdict(int)  # slot: people
        self.lead: dict[int, int] = defaultdict(int)  # slot: staff
        for index in in_shape:
            if index in scope.free and (scope.wants is None or (index, kind) in scope.wants):
                for slot in starts(scope.free[index], self.slots):
                    self.can[slot] |= 1 << index
        for index in team:
            longest = min(self.staff[index].max_minutes_run, self.staff[index].max_minutes_week)
            if index in scope.shift and minutes <= longest:
                for slot in starts(scope.shift[index], self.slots):
                    self.lead[slot] |= 1 << index
        self._add_standing(scope.stands)
        everyone, team_of = bits_where(in_shape), bits_where(team)
        self.topics = sorted({topic for i in in_shape for topic in self.people[i].topics})
        self.takes = {t: bits_where(i for i in in_shape if t in self.people[i].topics) for t in self.topics}
        self.teaches = {t: bits_where(i for i in team if t in self.staff[i].topics) for t in self.topics}
        if kind == "skills":
            self.topics, self.takes, self.teaches = ["skills"], {"skills": everyone}, {"skills": team_of}
        self.languages = sorted({language for i in in_shape for language in self.people[i].languages})
        self.knows = {t: bits_where(i for i in in_shape if follows(self.people[i], t, ())) for t in self.languages}
        self.speaks = {t: bits_where(i for i in team if t in self.staff[i].languages) for t in self.languages}
        self.comes = {
            m: bits_where(i for i in in_shape if self.people[i].modality in ("either", m)) for m in MODALITIES
        }
        states = {self.people[i].state for i in in_shape}
        self.lives = {s: bits_where(i for i in in_shape if self.people[i].state == s) for s in sorted(states)}
        self.licensed = {s: bits_where(i for i in team if s in self.staff[i].states) for s in self.lives}

    def _add_standing(self, stands: Solution) -> None:
        staff = {who: index for index, who in enumerate(self.tables.staff)}
        people = {who: index for index, who in enumerate(self.tables.people)}
        for group in stands.groups:
            if (group.kind, group.population, group.minutes) == (self.kind, self.population, self.minutes):
                slot = first_slot(group.day, group.start)
                self.can[slot] |= bits_where(people[who] for who in group.patients)
                self.lead[slot] |= 1 << staff[group.staff]

    def sorts(self) -> Iterator[Sort]:
        for slot in sorted(self.can):
            for modality in MODALITIES:
                yield from self._at(slot, modality)

    def _at(self, slot: int, modality: str) -> Iterator[Sort]:
        day, start = slot // SLOTS_A_DAY, slot % SLOTS_A_DAY * SLOT
        here: list[tuple[int, int, Group]] = []
        for topic in self.topics:
            if self.tables.board.need(self.kind, topic).leaders > 1:
                continue  # a second leader is found by greedy alone; its groups are pinned
            for language in self.languages:
                who = self.can[slot] & self.comes[modality] & self.takes[topic] & self.knows[language]
                able = self.lead[slot] & self.teaches[topic] & self.speaks[language]
                if modality == "virtual":
                    who, able = self._licensed(who, able)
                if able and who.bit_count() >= self.minimum:
                    kind, minutes = self.kind, self.minutes
                    group = Group(kind, self.population, topic, language, modality, day, start, minutes, "", None, ())
                    here.append((who, able, group))
        here.sort(key=lambda each: (-each[0].bit_count(), -each[1].bit_count()))
        kept: list[tuple[int, int, Group]] = []
        for who, able, group in here:
            if not any(who & ~other == 0 and able & ~leaders == 0 for other, leaders, _ in kept):
                kept.append((who, able, group))
                for site in self.sites if modality == "in_person" else [""]:
                    yield Sort(group, slot, self.slots, tuple(bits(able)), tuple(bits(who)), site=site)

    def _licensed(self, who: int, able: int) -> tuple[int, int]:
        """Those staff whose licences reach enough of these people, and the people they reach."""
        reach = {
            index: sum((who & self.lives[s]).bit_count() for s in self.lives if self.licensed[s] >> index & 1)
            for index in bits(able)
        }
        able = bits_where(index for index, count in reach.items() if count >= self.minimum)
        return sum(who & self.lives[s] for s in self.lives if able & self.licensed[s]), able
