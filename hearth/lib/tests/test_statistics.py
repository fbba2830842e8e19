"""The planner sees what a transaction stored before it is committed."""

from django.db import connection

from hearth.lib.statistics import take_statistics
from hearth.people.models import Patient
from hearth.people.testing import make_patient


def expected_rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [Patient._meta.db_table])
        return cursor.fetchone()[0]


def test_the_web_role_may_let_the_planner_look_at_what_it_stored(organisation, now):
    for number in range(7):
        make_patient(f"Student {number}", "Reyes", at=now)
    take_statistics()
    assert expected_rows() == 7
    make_patient("Maya", "Reyes", at=now)
    take_statistics()
    assert expected_rows() == 8
