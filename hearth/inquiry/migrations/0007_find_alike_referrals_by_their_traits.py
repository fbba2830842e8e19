import json
from datetime import date
from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models

from hearth.inquiry.rules import Known, traits
from hearth.lib import sealed


def fill(apps, schema_editor):
    """Each organisation by itself: their rows are closed to one another, and to the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('hearth.organisation', true), '')")
        (outer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [str(organisation)])
            cursor.execute("SELECT id, label FROM inquiry_referral")
            for pk, label in cursor.fetchall():
                try:
                    found = _traits(pk, bytes(label))
                except sealed.CannotOpen:  # sealed under a key that is not here: like nobody, and no reason to stop
                    continue
                cursor.execute("UPDATE inquiry_referral SET traits = %s WHERE id = %s", [found, pk])
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


def _traits(pk, label):
    keys = Path(settings.HEARTH_KEY_DIR) / "referrals"
    told = json.loads(sealed.unseal(label, keys=keys, context=f"referral {pk} label"))
    known = told["known"]
    born = date.fromisoformat(told["birth_date"]) if told["birth_date"] else None
    person = Known(str(pk), (), born, tuple(known["phones"]), tuple(known["emails"]), tuple(map(tuple, known["identifiers"])))
    return sorted(sealed.fingerprint(one.encode(), keys=keys, context="referral trait") for one in traits(person))


class Migration(migrations.Migration):

    dependencies = [
        ('inquiry', '0006_referrals_climb_until_somebody_decides'),
    ]

    operations = [
        migrations.AddField(
            model_name='referral',
            name='traits',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, help_text='Keyed digests of what tells a person from others: whoever is alike shares one.', size=None),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='referral',
            index=django.contrib.postgres.indexes.GinIndex(fields=['traits'], name='referrals_by_traits'),
        ),
    ]
