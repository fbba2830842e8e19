"""Write into a program what staff and people can do in a week: places, minutes, doses, days and gaps."""

from collections import defaultdict

from hearth.timetable.board import SLOT
from hearth.timetable.rules import MOST_DAYS
from hearth.timetable.solver.program import What
from hearth.timetable.solver.sheet import Sheet
from hearth.timetable.tables import SLOTS_A_DAY


def limit_staff(sheet: Sheet) -> None:
    """One place at a time, the week's minutes, and a free slot in time."""
    busy: dict[int, dict[int, int]] = defaultdict(dict)
    for (who, slot), columns in sorted(sheet.led.items()):
        busy[who][slot] = sheet.sum(columns, 1, staff=who, first=slot)
    for who, slots in busy.items():
        week, run = sheet.staff[who].max_minutes_week // SLOT, sheet.staff[who].max_minutes_run // SLOT
        if len(slots) > week:
            sheet.row([(column, 1) for column in slots.values()], most=week)
        for slot in slots:
            window = [slots[each] for each in range(slot, slot + run + 1) if each in slots]
            if len(window) > run:
                sheet.row([(column, 1) for column in window], most=run)


def limit_doses(sheet: Sheet) -> None:
    """Nobody gets more than prescribed, nor more group blocks a day than the dose allows."""
    for (who, kind), columns in sheet.given.items():
        count = sheet.people[who].dose.part(kind).count
        if len(columns) > count:
            sheet.row([(column, 1) for column in columns], most=count)
    for (who, _), columns in sheet.blocks.items():
        per_day = sheet.people[who].dose.per_day
        if len(columns) > per_day:
            sheet.row([(column, 1) for column in columns], most=per_day)


def limit_days(sheet: Sheet) -> None:
    """One place at a time, one modality a day, five days a week; a day beyond those wished for is extra."""
    days: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for (who, slot), at_once in sorted(sheet.came.items()):
        days[who][slot // SLOTS_A_DAY].update(at_once)
    for who, by_day in days.items():
        for day, columns in by_day.items():
            sheet.comes[who, day] = sheet.new(What.COMES, person=who, first=day * SLOTS_A_DAY)
            if {"virtual", "in_person"} <= {sheet.way[column] for column in columns}:
                sheet.virtual[who, day] = sheet.new(What.VIRTUAL, person=who, first=day * SLOTS_A_DAY)
            for column in columns:
                sheet.fields["comes"][column] = sheet.comes[who, day]
                if sheet.way[column] == "virtual":
                    sheet.fields["virtual"][column] = sheet.virtual.get((who, day), -1)
        week = [(sheet.comes[who, day], 1) for day in by_day]
        if len(week) > MOST_DAYS:
            sheet.row(week, most=MOST_DAYS)
        wished = sheet.people[who].dose.days
        if len(week) > wished:
            extra = sheet.new(What.EXTRA, person=who, upper=7)
            # the sum of days less the extra ones stays below what is wished for
            sheet.excess.append((sheet.row([*week, (extra, -1)], most=wished, comfort=True), extra))
    for (who, slot), at_once in sheet.came.items():
        _limit_slot(sheet, who, slot // SLOTS_A_DAY, at_once)


def _limit_slot(sheet: Sheet, who: int, day: int, columns: list[int]) -> None:
    comes, virtual = sheet.comes[who, day], sheet.virtual.get((who, day))
    sheet.row([*((column, 1) for column in columns), (comes, -1)], most=0)
    if virtual is None:
        return
    screen = [(column, 1) for column in columns if sheet.way[column] == "virtual"]
    there = [(column, 1) for column in columns if sheet.way[column] == "in_person"]
    if screen:
        sheet.row([*screen, (virtual, -1)], most=0)
    if there:
        sheet.row([*there, (virtual, 1)], most=1)


def count_gaps(sheet: Sheet) -> None:
    """Each beginning of a stretch counts, but for the day's first."""
    days: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (who, slot), columns in sheet.begins.items():
        days[who, slot // SLOTS_A_DAY] += columns
        begins = sheet.new(What.BEGINS, person=who, first=slot)
        before = [(column, -1) for column in sheet.ends.get((who, slot), ())]
        row = sheet.row([*((c, 1) for c in columns), *before, (begins, -1)], most=0, comfort=True)
        sheet.excess.append((row, begins))
    for (who, day), columns in days.items():
        terms = [*((column, -1) for column in columns), (sheet.comes[who, day], 1)]
        sheet.row(terms, most=0, comfort=True)
