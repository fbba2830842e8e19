from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):

    dependencies = [
        ('measures', '0005_keep_how_and_when_it_was_written'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='response',
            name='declined',
            field=models.JSONField(default=list, help_text='[linkId] of what they were asked and would rather not say.'),
        ),
        migrations.AlterField(
            model_name='response',
            name='answered_by',
            field=models.ForeignKey(
                help_text="Whose hand wrote it down (FHIR author); the answers are the patient's (FHIR source) in any case.",
                on_delete=deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
