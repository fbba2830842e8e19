"""Reads of a student's own habits. There is no way to anybody else's, for any role."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.skills.habits import Streak, day_of, streak
from hearth.skills.models import Habit, HabitDay


@dataclass(frozen=True, slots=True)
class OwnHabit:
    """A habit and how it stands today."""

    habit: Habit
    streak: Streak


@dataclass(frozen=True, slots=True)
class HabitsToday:
    """For one line: how many habits are going on, and how many of them are done today."""

    of: int
    done: int


def habits_of(viewer: User, *, at: datetime) -> list[OwnHabit]:
    """The viewer's habits, those that are paused last. A fixed number of queries."""
    with tenancy.rows_of(viewer.pk):
        rows = list(Habit.objects.filter(owner=viewer).order_by("place", "at", "pk"))
        days: defaultdict[UUID, list[date]] = defaultdict(list)
        for habit_id, on in HabitDay.objects.filter(owner=viewer).values_list("habit_id", "on"):
            days[habit_id].append(on)
    today = day_of(at, viewer.zone)
    return [OwnHabit(row, streak(days[row.pk], today)) for row in rows]


def days_with_habits(viewer: User) -> int:
    """On how many days the viewer did any of their habits: a day with three of them is one day. One query."""
    with tenancy.rows_of(viewer.pk):
        return HabitDay.objects.filter(owner=viewer).values("on").distinct().count()


def habits_today(viewer: User, *, at: datetime) -> HabitsToday:
    """How many of the viewer's habits are done today."""
    with tenancy.rows_of(viewer.pk):
        going = Habit.objects.filter(owner=viewer).exclude(place=None)
        done = going.filter(days__on__gte=day_of(at, viewer.zone)).distinct()
        return HabitsToday(of=going.count(), done=done.count())
