from django.db import migrations, models

FILL = """
UPDATE people_relationship tie SET known_as = person.name FROM accounts_user person
WHERE person.id = tie.person_id AND tie.known_as = ''
"""


def fill(apps, schema_editor):
    """Each organisation by itself: their rows are closed to one another, and to the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('hearth.organisation', true), '')")
        (outer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [str(organisation)])
            cursor.execute(FILL)
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_death_is_noted_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='relationship',
            name='known_as',
            field=models.CharField(blank=True, help_text='Their name when staff wrote this down: releases name it, whatever they call themselves since.', max_length=120),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
