"""What of a found week is cover: what those who are hit lose and get, and nothing else."""

from hearth.timetable.cover import cover_of, covered
from hearth.timetable.tests.boards import group, individual, solution

STANDS = solution(
    group("ana", "ben"), individual("ana", day=1), individual("ben", staff="theo", day=2), group("ana", "ben", day=3)
)
MONDAYS = cover_of(STANDS, {"dana": frozenset({0})}, since=0)


def test_what_nobodys_absence_hits_is_not_given_up_for_nothing():
    """Theo is away as well, on Wednesday: what he leads then cannot stand, but this is Dana's cover."""
    found = solution(group("ana", "ben", staff="theo"), individual("ana", day=1), group("ana", "ben", day=3))
    week = covered(STANDS, found, MONDAYS)
    assert week.groups == found.groups
    assert week.individual == STANDS.individual


def test_what_is_in_the_way_of_what_was_found_gives_way():
    found = solution(group("ana", "ben", staff="theo", day=2), individual("ana", day=1), group("ana", "ben", day=3))
    assert covered(STANDS, found, MONDAYS) == found


def test_what_cannot_be_covered_is_lost():
    found = solution(individual("ana", day=1), individual("ben", staff="theo", day=2), group("ana", "ben", day=3))
    assert covered(STANDS, found, MONDAYS) == found
