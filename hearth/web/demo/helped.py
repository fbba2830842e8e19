"""Who else works in a group: a second leader in one of the house, and the interpreter of somebody who needs one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hearth.web.demo.cast import STAFF, STUDENTS, Colleague
from hearth.web.demo.house import ROOMS
from hearth.web.demo.lives import Life
from hearth.web.demo.week import CAPACITY, HOURS, IN_AURORA, MOST_MINUTES, WORKDAYS, Meeting

INTERPRETER = "Ivy Stone"
BREAK = 30  # minutes that a second leader has before and after, so that nobody leads for too long
NAMED = {f"{each.chosen} {each.family}" for each in STUDENTS}
SEATS = {name: seats for several in ROOMS.values() for name, seats in several}


def with_helpers(meetings: Sequence[Meeting], *, interpreted: bool) -> list[Meeting]:
    """The same meetings; one is led by two, and all groups of one student are interpreted, if `interpreted`."""
    found = list(meetings)
    signs = who_needs_interpreting(found) if interpreted else None
    for index, each in enumerate(found):
        if signs in each.lives and each.kind in ("group", "skills"):
            found[index] = replace(each, interpreter=INTERPRETER)
    pair = next(_pairs(found), None)
    if pair is not None:
        index, second = pair
        found[index] = replace(found[index], second=second)
    return found


def who_needs_interpreting(meetings: Sequence[Meeting]) -> Life | None:
    """The first student by name, none of the cast, all of whose groups meet in person with a seat to spare."""
    everyone = {life.key: life for each in meetings for life in each.lives if life.ended_on is None}
    for key, life in sorted(everyone.items()):
        own = [each for each in meetings if life in each.lives and each.kind in ("group", "skills")]
        if key not in NAMED and not life.is_adolescent and own and all(_has_room(each, 2) for each in own):
            return life
    return None


def _pairs(meetings: Sequence[Meeting]) -> Iterator[tuple[int, str]]:
    """Groups, the week's first ones first, with each colleague who could lead them, too.

    Those who lead groups come first; where none of them is free, one who leads skills helps.
    """
    order = sorted(range(len(meetings)), key=lambda index: (meetings[index].day, meetings[index].starts, index))
    for index in order:
        each = meetings[index]
        if each.kind == "group" and _has_room(each, 2 + (each.interpreter is not None)):
            for colleague in sorted(STAFF, key=lambda one: one.leads != "groups"):
                if colleague.leads and _is_free(colleague, each, meetings):
                    yield index, colleague.name


def _has_room(each: Meeting, helpers: int) -> bool:
    people = sum(life.ended_on is None for life in each.lives)
    return each.room is not None and people <= min(CAPACITY, SEATS[each.room] - helpers)


def _is_free(colleague: Colleague, group: Meeting, meetings: Sequence[Meeting]) -> bool:
    """Whether they may lead such a group and are at work there then, with a break before and after."""
    population = "adolescent" if group.lives[0].is_adolescent else "adult"
    if population not in colleague.populations or group.language not in colleague.languages:
        return False
    is_there = (group.day in IN_AURORA.get(colleague.name, ())) == (group.cohort.site == "Aurora")
    first, last = HOURS[colleague.name]
    ends = group.starts + group.minutes
    if group.day not in WORKDAYS or not is_there or group.starts < first * 60 or ends > last * 60:
        return False
    own = [each for each in meetings if each.leader == colleague.name]
    if sum(each.minutes for each in own) + group.minutes > MOST_MINUTES:
        return False
    return all(
        each.day != group.day or each.starts >= ends + BREAK or each.starts + each.minutes <= group.starts - BREAK
        for each in own
    )
