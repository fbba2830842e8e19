from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('care_sessions', '0025_keep_family_who_came'),
    ]

    operations = [
        migrations.AddField(
            model_name='familypresence',
            name='came',
            field=models.BooleanField(default=True),
        ),
    ]
