"""What PostgreSQL itself refuses, whatever the code forgets."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from hearth.accounts.testing import make_organisation
from hearth.lib import row_security, tenancy
from hearth.people.models import Patient
from hearth.people.testing import make_patient

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_every_table_of_an_organisation_is_closed_and_forced(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        closed = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [row_security.POLICY])
        with_policy = {row[0] for row in cursor.fetchall()}
    tables = {model._meta.db_table for model in row_security.models_of_an_organisation()}
    assert {"people_patient", "audit_event", "safety_concern", "care_sessions_progressnote"} <= tables
    assert tables == closed == with_policy


def test_every_table_of_ours_belongs_to_an_organisation_or_says_it_is_open():
    ours = [model for model in apps.get_models() if model.__module__.startswith("hearth.")]
    closed = row_security.models_of_an_organisation()
    undecided = [model for model in ours if model not in closed and not getattr(model, "open_before_sign_in", False)]
    assert undecided == []


def test_a_forgotten_filter_shows_no_other_organisations_rows(organisation):
    maya = make_patient("Maya", "Reyes", at=AT)
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(other.pk):
        assert list(Patient.objects.all()) == []
    assert list(Patient.objects.all()) == [maya]


def test_without_an_organisation_there_are_no_rows(organisation):
    make_patient("Maya", "Reyes", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, '', true)", [tenancy.SETTING])
        cursor.execute("SELECT count(*) FROM people_patient")
        assert cursor.fetchone() == (0,)


def test_a_row_cannot_be_written_into_another_organisation(organisation):
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        make_patient("Maya", "Reyes", at=AT, organisation=other)


def test_a_row_needs_an_organisation():
    with pytest.raises(tenancy.NoOrganisation):
        Patient()


def test_the_web_role_owns_nothing_and_bypasses_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("hearth_app", False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = 'hearth_app'::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "deed", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_the_web_role_cannot_change_what_was_written_down(db, deed):
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(deed)
