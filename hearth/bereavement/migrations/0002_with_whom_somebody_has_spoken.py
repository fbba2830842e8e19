import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("bereavement", "0001_deaths_and_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="spoken_with",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                default=list,
                help_text="Of the family's task, with whom we have spoken, by relationship: only they read of the death.",
                size=None,
            ),
        ),
    ]
