"""Sessions made before second leaders and interpreters were known to them get theirs, once, by the migration."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from hearth.program.models import Booking, Interpreter
from hearth.program.services import book
from hearth.sessions import services
from hearth.sessions.models import Session
from hearth.sessions.testing import make_section

NOW = datetime.now(UTC)  # the migration asks the database for the time
MONDAY = NOW.date() + timedelta(days=7 - NOW.weekday())


@pytest.fixture
def made_before(dana, theo, maya):
    """Two weeks of a group whose section names Theo and Ivy, as sessions were made before they could."""
    ivy = Interpreter.objects.create(name="Ivy Stone", offers=["ase"], modalities=["in_person"])
    section = make_section(dana, maya, since=MONDAY, co_facilitator=theo, interpreter=ivy)
    made = services.make_sessions(section=section, until=MONDAY + timedelta(days=14), by=dana, at=NOW)
    Session.objects.update(co_facilitator=None, interpreter=None)
    Booking.objects.filter(resource_id__in=[theo.pk, ivy.pk]).delete()
    return made


def give():
    module = import_module("hearth.sessions.migrations.0021_give_sessions_to_come_their_helpers")
    with connection.schema_editor() as editor:
        module.give(None, editor)


def helpers():
    rows = Session.objects.order_by("starts_at")
    return [(row.co_facilitator and row.co_facilitator.name, row.interpreter and row.interpreter.name) for row in rows]


def test_sessions_to_come_get_those_of_their_section_with_their_hours_and_only_once(made_before):
    give()
    give()
    assert helpers() == [("Theo Brandt", "Ivy Stone")] * 2
    assert Booking.objects.filter(purpose_id=made_before[0].pk).count() == 4  # Dana, Theo, Ivy, Maya


def test_whoever_is_booked_elsewhere_then_and_what_began_already_stay_as_they_were(made_before, theo):
    first, second = made_before
    book(people=[theo.pk], start=second.starts_at, end=second.ends_at, purpose_kind="x", purpose_id=theo.pk)
    Session.objects.filter(pk=first.pk).update(started_at=NOW)
    give()
    assert helpers() == [(None, None), (None, "Ivy Stone")]
