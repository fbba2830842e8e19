"""Deaths from before it was noted when they were written down: what is raised from now on is heard of."""

from django.db import migrations

NOTED = "UPDATE people_patient SET death_noted_at = now() WHERE has_died AND death_noted_at IS NULL"


def note(apps, schema_editor):
    """Each organisation by itself: their rows are closed to one another, and to the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('hearth.organisation', true), '')")
        (outer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [str(organisation)])
            cursor.execute(NOTED)
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_remember_the_name_of_who_is_close'),
    ]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
