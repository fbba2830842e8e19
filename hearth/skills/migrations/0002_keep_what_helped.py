import django.db.models.deletion
import hearth.lib.tenancy
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_interpreters_sign_in'),
        ('skills', '0001_practise_lessons_and_look_at_thoughts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Helped',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('form_token', models.UUIDField(editable=False, help_text='Made with the page: a form sent twice is stored once.', null=True)),
                ('at', models.DateTimeField()),
                ('tool', models.CharField(choices=[('breathing', 'Breathe slowly'), ('senses', 'Five senses: here and now'), ('muscles', 'Let go, one muscle at a time')], max_length=20)),
                ('before', models.PositiveSmallIntegerField(blank=True, help_text='0 to 10', null=True)),
                ('after', models.PositiveSmallIntegerField(blank=True, help_text='0 to 10', null=True)),
                ('organisation', models.ForeignKey(default=hearth.lib.tenancy.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('owner', 'form_token'), name='helped_sent_twice_is_stored_once'), models.CheckConstraint(condition=models.Q(models.Q(('before', None), ('before__lte', 10), _connector='OR'), models.Q(('after', None), ('after__lte', 10), _connector='OR')), name='what_helped_is_rated_from_0_to_10')],
            },
        ),
    ]
