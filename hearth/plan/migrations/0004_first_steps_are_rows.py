"""The first step of each goal becomes a row, once the rows stand."""

from django.db import migrations


COPY = """
INSERT INTO plan_goalstep (id, organisation_id, goal_id, number, words, added_at)
SELECT gen_random_uuid(), organisation_id, id, 1, first_step, agreed_at FROM plan_goal WHERE first_step <> ''
"""


def copy(apps, schema_editor):
    """Each organisation by itself: their rows are closed to one another, and to the owner."""
    with schema_editor.connection.cursor() as cursor:
        columns = schema_editor.connection.introspection.get_table_description(cursor, "plan_goal")
        if "first_step" not in {column.name for column in columns}:  # a new database, made as it is in the end
            return
        cursor.execute("SELECT coalesce(current_setting('hearth.organisation', true), '')")
        (outer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [str(organisation)])
            cursor.execute(COPY)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # here, where the goals can be seen
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0003_goals_have_steps'),
    ]

    operations = [
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.RemoveField(model_name='goal', name='first_step'),
    ]
