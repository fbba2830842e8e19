import uuid

import django.db.models.deletion
import hearth.lib.tenancy
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_interpreters_sign_in'),
        ('people', '0003_interpreters_sign_in'),
        ('safety', '0003_answer_concerns_before_they_are_closed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SafetyPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('body', models.JSONField(help_text='`plan_rules.Sections` as JSON.')),
                ('saved_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='safety_plans', to='people.patient')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('patient', 'version'), name='a_safety_plan_version_exists_once')],
            },
        ),
        migrations.CreateModel(
            name='SafetyPlanLook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('as_student', models.BooleanField(help_text="The plan's own student, not a clinician.")),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='safety.safetyplan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('as_student', True)), fields=('plan',), name='a_student_confirms_a_version_once')],
            },
        ),
    ]
