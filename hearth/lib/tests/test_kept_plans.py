"""What is asked again and again is planned once."""

from django.db import connection

from hearth.accounts.models import User
from hearth.lib.apps import PLANS


def test_a_query_seen_three_times_keeps_its_plan(organisation):
    for name in ("Dana", "Theo", "Ruth"):
        list(User.objects.filter(name=name).only("name"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [words for (words,) in cursor.fetchall() if '"accounts_user"."name" = $' in words]
    assert len(kept) == 1
    assert connection.connection.prepared_max == PLANS
