"""Builders of patients for tests and the demo."""

from datetime import date, datetime
from typing import Any

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.lib import tenancy
from hearth.people.models import Patient
from hearth.people.services import population_of


def make_patient(chosen: str, family: str, *, at: datetime, with_user: bool = True, **fields: Any) -> Patient:
    """A patient of the organisation in force, with a user who can sign in unless told otherwise."""
    facts: dict[str, Any] = {
        "birth_date": date(1997, 5, 14),
        "state": "CO",
        "languages": ["en"],
        "phone": "303 555 0117",
    } | fields
    facts.setdefault("population", population_of(facts["birth_date"], on=at.date()))
    user = None
    if with_user:
        user = User.objects.create_user(
            organisation=Organisation.objects.get(pk=tenancy.current()),
            name=f"{chosen} {family}",
            roles=[Role.STUDENT],
            email=f"{chosen}.{family}@students.example".lower(),
        )
    return Patient.objects.create(chosen_name=chosen, family_name=family, user=user, joined_at=at, **facts)
