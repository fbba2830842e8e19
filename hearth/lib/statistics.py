"""What PostgreSQL knows of how many rows a table has."""

from django.db import connection


def take_statistics() -> None:
    """Let the planner see what this transaction stored: without it, it takes full tables for empty ones.

    Only a table's owner may ANALYZE it, and its rows are nobody else's to see before the commit: hence a function
    that the owner defined and that the web's role may call.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_statistics()")
