from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0003_goals_have_steps'),
    ]

    operations = [
        migrations.RemoveField(model_name='goal', name='first_step'),
    ]
