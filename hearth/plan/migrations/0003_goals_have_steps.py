"""Goals have any number of steps, how sure their student is, and what helped."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import hearth.lib.tenancy

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
    ]
