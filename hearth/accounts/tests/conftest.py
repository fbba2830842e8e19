"""People at the door: a student, staff with and without a second factor, and a browser that came from nowhere."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.accounts import second_factor, tasks
from hearth.accounts.roles import Role
from hearth.accounts.testing import DEMO_TOTP_SECRET, make_user
from hearth.outbox.models import Message

PASSWORD = "three lamps by the door"
HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"  # the real one is slow on purpose


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Passwords are hashed quickly here; how slowly elsewhere is Django's to test."""
    settings.PASSWORD_HASHERS = [HASHER]


@pytest.fixture
def password():
    return PASSWORD


@pytest.fixture
def sam(organisation):
    """Sam Ortiz, a student with e-mail, phone and password."""
    user = make_user("Sam Ortiz", Role.STUDENT, organisation=organisation, phone="+13035550117")
    return _with_password(user)


@pytest.fixture
def nora(organisation):
    """Nora Lind, a nurse with a password and an authenticator app."""
    user = _with_password(make_user("Nora Lind", Role.NURSE, organisation=organisation))
    second_factor.enrol_totp(user, DEMO_TOTP_SECRET, at=datetime(2026, 11, 24, 12, tzinfo=UTC))
    return user


@pytest.fixture
def newt(organisation):
    """Newt Hale, a case manager who has not set up a second factor."""
    return _with_password(make_user("Newt Hale", Role.CASE_MANAGER, organisation=organisation))


@pytest.fixture
def ada(organisation):
    """Ada Quinn, organisation administrator."""
    return _with_password(make_user("Ada Quinn", Role.ADMINISTRATOR, organisation=organisation))


@pytest.fixture
def with_password():
    """Gives a user the password of these tests."""
    return _with_password


@pytest.fixture
def worker():
    """Carries out the jobs that were posted, as the worker does."""
    names: dict[str, Any] = {"accounts.send_link": tasks.send_link, "accounts.send_text": tasks.send_text,
             "accounts.note_refusal": tasks.note_refusal}  # fmt: skip

    def work():
        for job in list(ProcrastinateJob.objects.filter(task_name__in=names).order_by("id")):
            names[job.task_name].func(**job.args)
        return Message.objects.order_by("posted_at")

    return work


@pytest.fixture
def address_in():
    """The path of the first link in a mail."""

    def find(message):
        found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
        assert found
        return found[1]

    return find


def _with_password(user):
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user
