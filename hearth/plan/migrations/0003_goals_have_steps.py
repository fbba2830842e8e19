"""Goals have any number of steps, how sure their student is, and what helped. The first step of each becomes a row."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import hearth.lib.tenancy

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
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_first_rows'),
        ('plan', '0002_doses_step_down'),
    ]

    operations = [
        migrations.CreateModel(
            name='GoalStep',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('words', models.CharField(max_length=300)),
                ('added_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='plan.goal')),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('goal', 'number'), name='steps_are_numbered_within_a_goal')],
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='confidence',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How sure the student is that they can, 0 to 10; empty until they said it.', null=True),
        ),
        migrations.AddField(
            model_name='goal',
            name='helped',
            field=models.TextField(blank=True, help_text="What helped so far, in the student's own words."),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('confidence', None), ('confidence__lte', 10), _connector='OR'), name='confidence_in_a_goal_is_0_to_10'),
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
    ]
