"""What is to be done after a student has died, by whom and by when. Plain data; database and clock stay outside.

Tell people in person, look after those who were close, then look back together. The days are product defaults.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What is to be done."""

    TEAM = "team"
    FAMILY = "family"
    GROUP = "group"
    STAFF = "staff"
    REVIEW = "review"
    RECORD = "record"


DAYS = {Kind.TEAM: 0, Kind.FAMILY: 1, Kind.STAFF: 2, Kind.REVIEW: 14, Kind.RECORD: 7}
"""Days from the day it is recorded; a group is met when it meets next, or is called within `GROUP_WITHIN`."""

GROUP_WITHIN = 2


@dataclass(frozen=True, slots=True)
class Group:
    """A group the student sat in: who leads it, and on which day it meets next, if that is known."""

    name: str
    leader: UUID
    meets_on: date | None
    session: UUID | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One task to open."""

    kind: Kind
    owner: UUID
    due_on: date
    group: str = ""
    session: UUID | None = None


def wanted(*, owners: Mapping[Kind, UUID], groups: Iterable[Group], today: date) -> list[Wanted]:
    """Every task with its owner and day, the soonest first. `owners` names somebody for each kind but groups.

    A group that meets on several days under one name and leader is told once, when it meets first.
    """
    found = [Wanted(kind, owners[kind], today + timedelta(days=days)) for kind, days in DAYS.items()]
    told: set[tuple[str, UUID]] = set()
    for group in sorted(groups, key=lambda one: (one.meets_on is None, one.meets_on or today)):
        if (group.name, group.leader) not in told:
            due = group.meets_on or today + timedelta(days=GROUP_WITHIN)
            found.append(Wanted(Kind.GROUP, group.leader, due, group.name, group.session))
            told.add((group.name, group.leader))
    return sorted(found, key=lambda one: (one.due_on, list(Kind).index(one.kind), one.group))
