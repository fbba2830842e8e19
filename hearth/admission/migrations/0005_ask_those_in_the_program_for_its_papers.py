"""Whoever was in the program before packs could ask for papers is asked for those of their program and track, too."""

import json

from django.db import migrations

from hearth.program import pack

STAYS = """
SELECT DISTINCT ON (stay.patient_id) stay.patient_id, program.name, program.pack, stay.track, stay.admitted_by_id, stay.admitted_at
FROM admission_episode stay JOIN program_program program ON program.id = stay.program_id
WHERE stay.ended_at IS NULL
    AND NOT EXISTS (SELECT FROM consent_programpapers there WHERE there.patient_id = stay.patient_id)
ORDER BY stay.patient_id, stay.admitted_at DESC
"""
ASK = """
INSERT INTO consent_programpapers (id, organisation_id, patient_id, program, track, papers, by_id, at)
VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s)
"""


def ask(apps, schema_editor):
    """Each organisation by itself: their rows are closed to one another, and to the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('hearth.organisation', true), '')")
        (outer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [str(organisation)])
            cursor.execute(STAYS)
            for patient, program, name, track, by, at in cursor.fetchall():
                try:
                    asked = pack.get(name).papers_on(track)
                except LookupError:  # a pack that no longer ships asks for nothing
                    continue
                papers = json.dumps({paper: dict(words) for paper, words in asked.items()})
                cursor.execute(ASK, [organisation, patient, program, track, papers, by, at])
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


class Migration(migrations.Migration):

    dependencies = [
        ('admission', '0004_plan_around_barriers'),
        ('consent', '0004_ask_what_a_program_asks'),
        ('program', '0001_first_rows'),
    ]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
