"""Noor, who is sixteen, and Sami, her father."""

from datetime import date

import pytest

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.people import services as people
from hearth.people.models import Relationship
from hearth.people.testing import make_patient


@pytest.fixture
def noor(organisation, now):
    """Noor Haddad, 16."""
    return make_patient("Noor", "Haddad", at=now, birth_date=date(2010, 3, 2))


@pytest.fixture
def sami(organisation, noor, ines, now):
    """Noor's father and guardian."""
    person = make_user("Sami Haddad", Role.FAMILY, organisation=organisation)
    people.relate(patient=noor, person=person, kind=Relationship.Kind.PARENT, by=ines, at=now, is_guardian=True)
    return person
