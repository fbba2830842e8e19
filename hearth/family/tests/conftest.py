"""Lee, who is fifteen, with his mother Carmen; Maya, of age, with her partner Alex."""

from datetime import date

import pytest

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.people.models import CareTeamMember, Relationship
from hearth.people.testing import make_patient


@pytest.fixture(autouse=True)
def at_that_time(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def lee(organisation, dana, now):
    found = make_patient("Lee", "Castellan", at=now, birth_date=date(2011, 3, 2))
    CareTeamMember.objects.create(patient=found, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date())
    return found


@pytest.fixture
def carmen(lee, organisation):
    """How Lee's mother and guardian is close to him."""
    person = make_user("Carmen Castellan", Role.FAMILY, organisation=organisation)
    return Relationship.objects.create(patient=lee, person=person, kind="parent", is_guardian=True)


@pytest.fixture
def alex(maya, organisation):
    """How Maya's partner is close to her; nothing is signed yet."""
    person = make_user("Alex Duarte", Role.FAMILY, organisation=organisation)
    return Relationship.objects.create(patient=maya, person=person, kind="partner", known_as="Alex Duarte")
