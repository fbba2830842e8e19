"""Write into a program that there is time for the way between sites."""

from collections import defaultdict
from itertools import combinations

from hearth.timetable.solver.program import What
from hearth.timetable.solver.sheet import Sheet
from hearth.timetable.tables import SLOTS_A_DAY


def stay_at_one_site_a_day(sheet: Sheet) -> None:
    """The way between sites: what is newly placed leaves everyone at one site a day.

    Where someone is at two in the week the search starts from, only what leaves no time for the way is forbidden.
    """
    days: dict[tuple[str, int], dict[str, dict[int, list[int]]]] = defaultdict(dict)  # site: column: slots
    for (who, slot, site), columns in sheet.at.items():
        here = days[who, slot // SLOTS_A_DAY].setdefault(site, defaultdict(list))
        for column in columns:
            here[column].append(slot)
    for (who, day), sites in days.items():
        if (who, day) in sheet.scope.at_two_sites:
            _leave_time_for_the_way(sheet, sites)
        elif len(sites) > 1:
            _choose_one_site(sheet, day, sites)


def _choose_one_site(sheet: Sheet, day: int, sites: dict[str, dict[int, list[int]]]) -> None:
    chosen = []
    for columns in sites.values():
        there = sheet.new(What.THERE, first=day * SLOTS_A_DAY)
        chosen.append((there, 1))
        at_once: dict[int, list[int]] = defaultdict(list)
        for column, slots in columns.items():
            sheet.fields["there" if sheet.fields["there"][column] < 0 else "led_there"][column] = there
            for slot in slots:
                at_once[slot].append(column)
        for several in at_once.values():
            sheet.row([*((column, 1) for column in several), (there, -1)], most=0)
    sheet.row(chosen, most=1)


def _leave_time_for_the_way(sheet: Sheet, sites: dict[str, dict[int, list[int]]]) -> None:
    for here, there in combinations(sites, 2):
        way = sheet.tables.ways.get(here, {}).get(there, 0)
        for one, slots in sites[here].items():
            for other, others in sites[there].items():
                if others[0] < slots[-1] + 1 + way and slots[0] < others[-1] + 1 + way:
                    sheet.row([(one, 1), (other, 1)], most=1)
