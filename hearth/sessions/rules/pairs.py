"""Who works with whom in side rooms. Pure."""

from collections.abc import Sequence


class TooFew(Exception):
    """There are not enough people, or not enough staff, for side rooms."""


def pairs[T](people: Sequence[T]) -> list[list[T]]:
    """Two and two in the order given; an odd one makes a three. Raises TooFew below four: all would be together."""
    if len(people) < 4:
        raise TooFew
    found = [list(people[at : at + 2]) for at in range(0, len(people), 2)]
    if len(found[-1]) == 1:
        alone = found.pop()
        found[-1] += alone
    return found


def with_staff[T](people: Sequence[T], *, staff: int) -> list[list[T]]:
    """As many rooms as there are staff, and as even as can be: nobody is without one. Raises TooFew.

    Two people and one of staff are the least of a room: with one alone it would be a talk under four eyes.
    """
    rooms = min(staff, len(people) // 2)
    if rooms < 2:
        raise TooFew
    return [list(people[at::rooms]) for at in range(rooms)]
