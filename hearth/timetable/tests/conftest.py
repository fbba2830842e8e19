from datetime import date

import pytest

from hearth.accounts.roles import Role
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, put_on_duty

MONDAY = date(2026, 11, 30)
"""The Monday after `now`."""
SECONDS = 0.1
"""For one proposal: a first week is filled however long that takes, and better ones are for the solver's tests."""


@pytest.fixture
def evening(organisation):
    """The adult evening program."""
    return make_program()


@pytest.fixture
def team(organisation, dana, theo, now):
    """Dana and Theo are on duty."""
    put_on_duty(dana, since=date(2026, 1, 1), number="LPC.1")
    put_on_duty(theo, since=date(2026, 1, 1), number="LPC.2")
    return dana, theo


@pytest.fixture
def class_of_four(evening, team, dana, ines, maya, now):
    """Maya and three others, admitted with plans and hours, all with Dana."""
    people = [maya]
    for chosen in ("Ana", "Ben", "Cleo"):
        person = make_patient(chosen, "Ortiz", at=now)
        CareTeamMember.objects.create(
            patient=person, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date()
        )
        people.append(person)
    for person in people:
        episode = make_episode(person, evening, by=ines, at=now)
        make_plan(episode, by=dana, at=now)
        make_hours(person, by=dana, at=now)
    return people
