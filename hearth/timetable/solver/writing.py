"""Write the program of a board: one function for each rule.

A new rule of the timetable is a function in `rules`, and here what keeps the search inside it: a column that is
never made, or a row.
"""

from collections.abc import Callable

from hearth.timetable.solver.groups import add_sort, limit_rooms
from hearth.timetable.solver.ones import add_ones
from hearth.timetable.solver.people import count_gaps, limit_days, limit_doses, limit_staff
from hearth.timetable.solver.program import Program
from hearth.timetable.solver.sheet import Sheet
from hearth.timetable.solver.sites import stay_at_one_site_a_day
from hearth.timetable.solver.sorts import Scope
from hearth.timetable.solver.standing import keep_standing
from hearth.timetable.tables import Tables


def program(tables: Tables, scope: Scope, heed: Callable[[], None] = lambda: None) -> Program:
    """The program of this board as far as the scope goes. `heed` is called again and again; what it raises ends it."""
    sheet = Sheet(tables, scope, heed)
    for index, sort in enumerate(sheet.sorts):
        add_sort(sheet, index, sort)
    add_ones(sheet)
    limit_rooms(sheet)
    limit_staff(sheet)
    limit_doses(sheet)
    limit_days(sheet)
    stay_at_one_site_a_day(sheet)
    count_gaps(sheet)
    keep_standing(sheet)
    return sheet.program()
