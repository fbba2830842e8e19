"""Write into a program what of the week as it stands is kept."""

from hearth.timetable.solver.program import What
from hearth.timetable.solver.sheet import Sheet
from hearth.timetable.solver.sorts import Finder


def keep_standing(sheet: Sheet) -> None:
    """A column for each seat of the week as it stands that says whether it is kept."""
    finder, classes = Finder(sheet.tables, sheet.sorts), range(len(sheet.rooms))
    for group in sheet.scope.stands.groups:
        sort = finder.sort_of(group)
        if sort is None:
            continue
        leader = finder.staff[group.staff]
        opened = [sheet.open[sort, leader, each] for each in classes if (sort, leader, each) in sheet.open]
        led = opened[0] if len(opened) == 1 else sheet.sum(opened, 1)
        for who in group.patients:
            _keep(sheet, sheet.seat[sort, finder.people[who]], led)
    for one in sheet.scope.stands.individual:
        if one in sheet.one:
            _keep(sheet, sheet.one[one])


def _keep(sheet: Sheet, *needs: int) -> None:
    kept = sheet.new(What.KEPT)
    for column in needs:
        sheet.row([(kept, 1), (column, -1)], most=0)
    sheet.kept.append(needs)
    sheet.kept_column.append(kept)
