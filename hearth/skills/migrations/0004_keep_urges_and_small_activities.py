import django.db.models.deletion
import hearth.lib.tenancy
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_interpreters_sign_in'),
        ('skills', '0003_plan_for_hard_days'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Urge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('form_token', models.UUIDField(editable=False, help_text='Made with the page: a form sent twice is stored once.', null=True)),
                ('at', models.DateTimeField()),
                ('about', models.CharField(blank=True, max_length=80)),
                ('strength', models.PositiveSmallIntegerField(help_text='0 to 10')),
                ('after', models.PositiveSmallIntegerField(blank=True, help_text='0 to 10', null=True)),
                ('trigger', models.CharField(blank=True, max_length=300)),
                ('helped', models.CharField(blank=True, max_length=300)),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('owner', 'form_token'), name='urge_sent_twice_is_stored_once'), models.CheckConstraint(condition=models.Q(models.Q(('strength', None), ('strength__lte', 10), _connector='OR'), models.Q(('after', None), ('after__lte', 10), _connector='OR')), name='an_urge_is_rated_from_0_to_10')],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('form_token', models.UUIDField(editable=False, help_text='Made with the page: a form sent twice is stored once.', null=True)),
                ('at', models.DateTimeField()),
                ('what', models.CharField(max_length=120)),
                ('on', models.DateField()),
                ('before', models.PositiveSmallIntegerField(blank=True, help_text='Mood, 0 to 10, 10 is best', null=True)),
                ('after', models.PositiveSmallIntegerField(blank=True, help_text='Mood, 0 to 10, 10 is best', null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('owner', 'form_token'), name='activity_sent_twice_is_stored_once'), models.CheckConstraint(condition=models.Q(models.Q(('before', None), ('before__lte', 10), _connector='OR'), models.Q(('after', None), ('after__lte', 10), _connector='OR')), name='a_mood_is_rated_from_0_to_10')],
            },
        ),
    ]
