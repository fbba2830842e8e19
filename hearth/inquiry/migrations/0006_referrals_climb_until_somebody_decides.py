import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What waits in the inbox has a day from now: else every old referral climbs to the director at the first tick.
FILL = """
    UPDATE inquiry_referral
    SET promised_by = CASE
        WHEN status = 'inbox' THEN greatest(received_at, now()) + interval '1 day'
        ELSE received_at + interval '1 day'
    END
    WHERE promised_by IS NULL
"""


def fill(apps, schema_editor):
    """Each organisation by itself: their rows are closed to one another, and to the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('hearth.organisation', true), '')")
        (outer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [str(organisation)])
            cursor.execute(FILL)
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


class Migration(migrations.Migration):

    dependencies = [
        ('inquiry', '0005_professionals_refer_by_a_link'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='referral',
            name='climbed',
            field=models.PositiveSmallIntegerField(default=0, help_text='How far up it was told that nobody decided.'),
        ),
        migrations.AddField(
            model_name='referral',
            name='taken_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='referral',
            name='taken_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referral',
            name='promised_by',
            field=models.DateTimeField(help_text='By then a named person has decided.', null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='referral',
            name='promised_by',
            field=models.DateTimeField(help_text='By then a named person has decided.'),
        ),
    ]
