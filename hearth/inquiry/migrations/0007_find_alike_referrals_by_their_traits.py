import json
import re
from datetime import date
from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models

from hearth.lib import sealed


def fill(apps, schema_editor):
    """Each organisation by itself: their rows are closed to one another, and to the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('hearth.organisation', true), '')")
        (outer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [str(organisation)])
            if not _keys().exists():
                continue
            cursor.execute("SELECT id, label FROM inquiry_referral")
            for pk, label in cursor.fetchall():
                try:
                    found = _traits(pk, bytes(label))
                except sealed.CannotOpen:
                    print(f"Referral {pk} cannot be opened with the keys of this house: nobody is found alike to it.")
                    continue
                cursor.execute("UPDATE inquiry_referral SET traits = %s WHERE id = %s", [found, pk])
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


def _keys():
    return Path(settings.HEARTH_KEY_DIR) / "referrals"


def _traits(pk, label):
    keys = _keys()
    told = json.loads(sealed.unseal(label, keys=keys, context=f"referral {pk} label"))
    known = told["known"]
    born = date.fromisoformat(told["birth_date"]) if told["birth_date"] else None
    found = _told(born, known["phones"], known["emails"], known["identifiers"])
    return sorted(sealed.fingerprint(one.encode(), keys=keys, context="referral trait") for one in found)


def _told(born, phones, emails, identifiers):
    """`rules.traits` as it was when this was written."""
    bare = ((system, re.sub(r"[\W_]", "", value).casefold()) for system, value in identifiers)
    digits = (re.sub(r"\D", "", phone) for phone in phones)
    found = {f"identifier {system} {value}" for system, value in bare if value}
    found |= {f"email {email.strip().casefold()}" for email in emails if email.strip()}
    found |= {f"phone {number[-10:]}" for number in digits if len(number) >= 7}
    return found | ({f"born {born}"} if born else set())


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
