"""Tests run on real PostgreSQL as the web's own database role, inside one organisation of the named cast."""

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.lib import postgres, tenancy
from hearth.people.models import CareTeamMember, Patient
from hearth.people.testing import make_patient
from tests import database
from tests.journeys.browser import base_url, browser_context_args, browser_type_launch_args

__all__ = [
    "base_url",
    "browser_context_args",
    "browser_type_launch_args",
]  # fixtures of every browser test, wherever it stands

hypothesis.settings.register_profile("hearth", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("hearth")  # a busy machine is not a wrong rule


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The embedded PostgreSQL runs while tests do, where no other database is named."""
    with nullcontext() if "DATABASE_URL" in os.environ else postgres.running(settings.VAR_DIR):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """One test database for all three roles: made by its owner, used as the web's role."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as django:
        database.make()
        assert connections["default"].settings_dict["NAME"].startswith("test_")
        django.setattr(TransactionTestCase, "_fixture_teardown", lambda _: database.empty())
        yield
    with django_db_blocker.unblock():
        connections.close_all()
        connections["default"].close_pool()  # type: ignore[attr-defined]
        database.drop()


@pytest.fixture(autouse=True)
def no_video(settings: Any) -> None:
    """No test meets the Janus of a Hearth that happens to run on this machine."""
    settings.JANUS_SERVERS = ()


@pytest.fixture(autouse=True)
def no_search_for_files(settings: Any) -> None:
    """No client of a test looks through the folders of static files: the site that journeys visit serves them."""
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture
def now() -> datetime:
    """A Tuesday evening in Denver, in the sixth week of most plans."""
    return datetime(2026, 11, 24, 23, 48, tzinfo=UTC)


@pytest.fixture
def organisation(db: None) -> Iterator[Organisation]:
    """Hearthside, the organisation of the cast; the test works inside it."""
    found = make_organisation()
    with tenancy.within(found.pk):
        yield found


@pytest.fixture
def stored_organisation(transactional_db: None) -> Organisation:
    """Hearthside, stored for good: for tests of what happens between transactions. None is open.

    Afterwards everything stored is deleted.
    """
    return make_organisation()


@pytest.fixture
def dana(organisation: Organisation) -> User:
    """Dana Kim, counselor; Maya's primary."""
    return make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, title="LPC", organisation=organisation)


@pytest.fixture
def theo(organisation: Organisation) -> User:
    """Theo Brandt, a counselor of other students."""
    return make_user("Theo Brandt", Role.COUNSELOR, title="LCSW", organisation=organisation)


@pytest.fixture
def ines(organisation: Organisation) -> User:
    """Inés Alvarado, intake coordinator."""
    return make_user("Inés Alvarado", Role.COORDINATOR, organisation=organisation)


@pytest.fixture
def ruth(organisation: Organisation) -> User:
    """Ruth Okafor, clinical supervisor."""
    return make_user("Ruth Okafor", Role.SUPERVISOR, title="PsyD", organisation=organisation)


@pytest.fixture
def walt(organisation: Organisation) -> User:
    """Walt Jensen, program director."""
    return make_user("Walt Jensen", Role.DIRECTOR, organisation=organisation)


@pytest.fixture
def priya(organisation: Organisation) -> User:
    """Priya Nair, privacy officer."""
    return make_user("Priya Nair", Role.PRIVACY, organisation=organisation)


@pytest.fixture
def maya(organisation: Organisation, dana: User, now: datetime) -> Patient:
    """Maya Reyes, 29, in the adult evening program; Dana is her counselor."""
    patient = make_patient("Maya", "Reyes", at=now)
    CareTeamMember.objects.create(patient=patient, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date())
    return patient


@pytest.fixture
def jonah(organisation: Organisation, now: datetime) -> Patient:
    """Jonah Park, 34, a student of somebody else than Dana."""
    return make_patient("Jonah", "Park", at=now)


@pytest.fixture
def as_user(client: Client):
    """`as_user(dana)` gives a browser signed in as Dana, with her second factor done."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        session = client.session
        session["second_factor"] = True
        session.save()
        return client

    return sign_in


@pytest.fixture
def count_queries() -> Callable[[Client, str], int]:
    """`count_queries(client, path)` asks for a page and says how often it asked the database."""

    def count(client: Client, path: str) -> int:
        client.get(path)  # what is kept for the next time (a session's first minute, say) is not counted
        with CaptureQueriesContext(connections["default"]) as asked:
            page = client.get(path)
        assert page.status_code == 200
        return len(asked)

    return count
