"""Whoever listens can stop a search at any moment, and time that is over ends it, also before it has begun."""

import itertools
import random
import threading
import time
import traceback
from dataclasses import replace

import pytest

from hearth.timetable import solver
from hearth.timetable.greedy import STYLES, greedy
from hearth.timetable.rules import violations
from hearth.timetable.solver import repair, solve
from hearth.timetable.solver.budget import OutOfTime
from hearth.timetable.solver.sorts import whole
from hearth.timetable.solver.writing import program as written
from hearth.timetable.tables import Tables
from hearth.timetable.tests.test_solver import program


class Enough(Exception):
    """Said by whoever listens."""


@pytest.fixture
def never_silent(monkeypatch):
    """Whoever listens is asked each time that they might be, not only once a second."""
    monkeypatch.setattr(solver, "SILENCE", 0.0)


@pytest.mark.parametrize("where", ["greedy.py", "sheet.py"])
def test_a_search_can_be_stopped_while_the_first_weeks_are_filled_and_while_its_program_is_written(never_silent, where):
    told = []

    def tell(_):
        told.append(any(frame.filename.endswith(where) for frame in traceback.extract_stack()))
        if told[-1]:
            raise Enough

    with pytest.raises(Enough):
        solve(program(1), seconds=60, workers=1, progress=tell)
    assert told.index(True) == len(told) - 1


class Tireless(repair.Adding):
    """Looks again and again until it is stopped, so that no machine is too fast to be interrupted."""

    is_stopped = False

    def work(self, *given):
        while not self.is_stopped:
            super().work(*given)

    def stop(self):
        self.is_stopped = True
        super().stop()


def test_a_repair_can_be_stopped_while_it_looks_for_what_moves_nobody(never_silent, monkeypatch):
    monkeypatch.setattr(repair, "Adding", Tireless)
    week = program(5, people=24)
    week = replace(week, current=greedy(Tables.of(week), STYLES[0], random.Random(1)).solution())
    joined = replace(week, patients=(*week.patients, replace(week.patients[0], id="new")))
    alone = threading.active_count()

    def tell(_):
        if threading.active_count() > alone:  # the search is at work beside whoever waits for it
            raise Enough

    with pytest.raises(Enough):
        solve(joined, seconds=60, workers=1, progress=tell, moving=False)
    assert threading.active_count() == alone


def so_often(most):
    """Says yes so many times."""
    asked = itertools.count()
    return lambda: next(asked) < most


@pytest.mark.parametrize("style", range(len(STYLES)))
def test_a_week_left_half_filled_keeps_every_rule(style):
    week = program(2)
    tables, sizes = Tables.of(week), []
    for most in (0, 40, 160, 320, 100_000):
        found = greedy(tables, STYLES[style], random.Random(1), go_on=so_often(most))
        assert violations(week, found.solution()) == []
        sizes.append(len(found.groups) + len(found.individual))
    assert sizes[0] == 0 < sizes[-1]
    assert sizes == sorted(sizes)


def test_a_program_is_not_written_to_its_end_where_no_time_is_left():
    tables = Tables.of(program(1))

    def heed():
        raise OutOfTime

    with pytest.raises(OutOfTime):
        written(tables, whole(tables), heed)


def test_two_thousand_people_get_a_right_week_near_the_time_asked(monkeypatch):
    monkeypatch.setattr(solver, "FIRST_WEEK_SECONDS", 1.0)
    week, began = program(3, people=2000), time.monotonic()
    found = solve(week, seconds=2, workers=1)
    assert violations(week, found) == []
    assert time.monotonic() - began < 60  # to fill it whole and to write its program would take minutes
