import django.db.models.deletion
import hearth.lib.tenancy
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_interpreters_sign_in'),
        ('people', '0003_interpreters_sign_in'),
        ('skills', '0002_keep_what_helped'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CopingPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('form_token', models.UUIDField(editable=False, help_text='Made with the page: a form sent twice is stored once.', null=True)),
                ('at', models.DateTimeField()),
                ('triggers', models.TextField(blank=True)),
                ('warning_signs', models.TextField(blank=True)),
                ('situations', models.TextField(blank=True)),
                ('what_i_do', models.TextField(blank=True)),
                ('people', models.JSONField(default=list, help_text='Whom to call: [{"name": text, "phone": text}]')),
                ('version', models.PositiveIntegerField(default=1)),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('owner', 'form_token'), name='copingplan_sent_twice_is_stored_once'), models.UniqueConstraint(fields=('owner',), name='a_student_has_one_coping_plan')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('form_token', models.UUIDField(editable=False, help_text='Made with the page: a form sent twice is stored once.', null=True)),
                ('at', models.DateTimeField()),
                ('words', models.CharField(blank=True, max_length=300)),
                ('source', models.CharField(blank=True, help_text='As cards.py names it; empty for own words.', max_length=80)),
                ('is_away', models.BooleanField(default=False)),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('owner', 'form_token'), name='card_sent_twice_is_stored_once'), models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('owner', 'source'), name='a_source_makes_one_coping_card'), models.CheckConstraint(condition=models.Q(('source', ''), ('words', ''), _negated=True), name='a_coping_card_says_something')],
            },
        ),
        migrations.CreateModel(
            name='SharedPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('content', models.JSONField(help_text='The parts of the plan, the people, and the cards in own words.')),
                ('shared_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('patient', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='shared_plan', to='people.patient')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
