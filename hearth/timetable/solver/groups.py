"""Write the groups of a board into its program: who may sit where, led by whom, in which rooms."""

from collections import defaultdict
from itertools import combinations

from hearth.timetable.solver.program import What
from hearth.timetable.solver.sheet import ON_SCREEN, Sheet
from hearth.timetable.solver.sorts import Sort

MOST_UNIONS = 63  # rows on licences for one sort; who cannot be dealt for want of more is left out when read


def add_sort(sheet: Sheet, index: int, sort: Sort) -> None:
    """Columns for who could lead groups of this sort and where, and for who could sit in them, with their rows."""
    opened: dict[int, list[tuple[int, int]]] = defaultdict(list)  # staff: columns with their seats
    must = int(sort.pinned)
    for who in sort.staff:
        for place in _classes(sheet, sort):
            column = sheet.new(What.OPEN, lower=must, staff=who, sort=index, first=sort.first)
            sheet.open[index, who, place] = column
            opened[who].append((column, sheet.rooms[place].seats))
            for slot in range(sort.first, sort.first + sort.slots):
                sheet.led[who, slot].append(column)
                if sort.group.co_staff:
                    sheet.led[sheet.place[sort.group.co_staff], slot].append(column)
                if place != ON_SCREEN:
                    sheet.roomed[place, slot].append(column)
        for leader in (sheet.staff[who].id, sort.group.co_staff):
            if leader:
                sheet.meet_at(leader, sort.first, sort.slots, sort, [column for column, _ in opened[who]])
    if not opened:
        return
    seated = {}
    for who in sort.people:
        column = sheet.new(What.SEAT, lower=must, person=who, sort=index, first=sort.first, dose=sort.group.minutes)
        sheet.seat[index, who] = seated[who] = column
        sheet.attend(who, column, sort.first, sort.slots, sort.group.kind, sort.group.modality)
        sheet.meet_at(sheet.people[who].id, sort.first, sort.slots, sort, [column])
    _limit_groups(sheet, sort, opened, seated)
    if not sort.pinned:
        _keep_apart(sheet, opened, seated)
        _equip(sheet, index, seated)


def _classes(sheet: Sheet, sort: Sort) -> list[int]:
    if sort.group.modality == "virtual":
        return [ON_SCREEN]
    if sort.pinned:
        return [place for place, each in enumerate(sheet.rooms) if sort.group.room in each.rooms]
    board, group = sheet.tables.board, sort.group
    if sheet.tables.closed.get(sort.site, 0) >> sort.first & 1:
        return []
    needed = set(board.need(group.kind, group.topic).equipment)
    return [
        place
        for place, each in enumerate(sheet.rooms)
        if place != ON_SCREEN and each.seats >= board.minimum and each.site == sort.site and needed <= each.equipment
    ]


def _keep_apart(sheet: Sheet, opened: dict[int, list[tuple[int, int]]], seated: dict[int, int]) -> None:
    """Of two who are to be kept apart only one is in groups of this sort, also where they are parallel."""
    apart = sheet.tables.apart
    for who in seated if apart else ():
        for other in sorted(apart.get(sheet.people[who].id, ())):
            if who < sheet.person.get(other, -1) and sheet.person[other] in seated:
                sheet.row([(seated[who], 1), (seated[sheet.person[other]], 1)], most=1)
            for column, _ in opened.get(sheet.place.get(other, -1), ()):
                sheet.row([(seated[who], 1), (column, 1)], most=1)


def _equip(sheet: Sheet, index: int, seated: dict[int, int]) -> None:
    """Nobody sits in groups of a sort that meet in a room without what they need."""
    sort = sheet.sorts[index]
    for who, seat in seated.items() if sort.group.modality == "in_person" else ():
        needed = set(sheet.people[who].equipment)
        for place, each in enumerate(sheet.rooms) if needed else ():
            for staff in sort.staff if place != ON_SCREEN and not needed <= each.equipment else ():
                if (sort_open := sheet.open.get((index, staff, place))) is not None:
                    sheet.row([(seat, 1), (sort_open, 1)], most=1)


def _limit_groups(sheet: Sheet, sort: Sort, opened: dict[int, list[tuple[int, int]]], seated: dict[int, int]) -> None:
    """Seats only where a group opens that may serve the person; no group too small or too large.

    The leaders of a sort are told apart by the states in which they are licensed. For each set of states: no
    more people from there than seats with staff licensed for one of them. For each set of narrow licences: at
    least the minimum of people from their states for each such group. Then people can be dealt to leaders.
    """
    minimum = sheet.tables.board.minimum
    states = frozenset(sheet.people[who].state for who in seated)
    alike: dict[tuple[frozenset[str], int], list[int]] = defaultdict(list)  # states, seats: open columns
    for who, columns in opened.items():
        reach = states & set(sheet.staff[who].states) if sort.group.modality == "virtual" else states
        for column, seats in columns:
            alike[reach, seats].append(column)
    total = {
        key: columns[0] if len(columns) == 1 else sheet.sum(columns, len(columns), first=sort.first)
        for key, columns in alike.items()
    }
    everyone = [(column, 1) for column in seated.values()]
    sheet.row([*everyone, *((column, -seats) for (_, seats), column in total.items())], most=0)
    sheet.row([*everyone, *((column, -minimum) for column in total.values())], least=0)
    for who, column in seated.items():
        able = [each for (reach, _), each in total.items() if sheet.people[who].state in reach]
        sheet.row([(column, 1), *((each, -1) for each in able)], most=0)
    scarce = sorted(state for state in states if not all(state in reach for reach, _ in total))
    for some in _unions([frozenset({state}) for state in scarce]):
        wanting = [(column, 1) for who, column in seated.items() if sheet.people[who].state in some]
        sheet.row([*wanting, *((c, -seats) for (reach, seats), c in total.items() if reach & some)], most=0)
    narrow = sorted({reach for reach, _ in total if reach != states}, key=sorted)
    for some in _unions(narrow):
        if some != states:
            near = [(column, 1) for who, column in seated.items() if sheet.people[who].state in some]
            sheet.row([*near, *((c, -minimum) for (reach, _), c in total.items() if reach <= some)], least=0)


def limit_rooms(sheet: Sheet) -> None:
    """In each class no more groups at once than rooms."""
    for (place, _), columns in sorted(sheet.roomed.items()):
        if len(columns) > len(sheet.rooms[place].rooms):
            sheet.row([(column, 1) for column in columns], most=len(sheet.rooms[place].rooms))


def _unions(sets: list[frozenset[str]]) -> list[frozenset[str]]:
    """Every union of some of these sets, once."""
    found = dict[frozenset[str], None]()
    for size in range(1, len(sets) + 1):
        for some in combinations(sets, size):
            found[frozenset[str]().union(*some)] = None
            if len(found) == MOST_UNIONS:
                return list(found)
    return list(found)
