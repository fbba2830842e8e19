"""Sessions to come that were made before sessions knew second leaders and interpreters get those of their sections.

Whoever is booked elsewhere at the time stays away, and what has taken place stays as it was written down.
"""

from django.db import migrations

GIVE = """
WITH lacking AS (
    SELECT session.id, session.organisation_id, section.{column} AS helper, session.starts_at, session.ends_at
    FROM care_sessions_session session JOIN timetable_section section ON section.id = session.section_id
    WHERE session.{column} IS NULL AND section.{column} IS NOT NULL
        AND session.starts_at > now() AND session.started_at IS NULL AND session.cancelled_at IS NULL
        AND NOT EXISTS (
            SELECT FROM program_booking held
            WHERE held.resource_id = section.{column} AND held.purpose_id <> session.id
                AND held.during && tstzrange(session.starts_at, session.ends_at)
        )
), given AS (
    UPDATE care_sessions_session session SET {column} = lacking.helper FROM lacking WHERE lacking.id = session.id
    RETURNING session.id
)
INSERT INTO program_booking (id, organisation_id, resource_kind, resource_id, during, purpose_kind, purpose_id)
SELECT gen_random_uuid(), organisation_id, 'person', helper, tstzrange(starts_at, ends_at), 'care_sessions.session', id
FROM lacking
WHERE id IN (SELECT id FROM given) AND NOT EXISTS (
    SELECT FROM program_booking held WHERE held.resource_id = helper AND held.purpose_id = lacking.id
)
"""


def give(apps, schema_editor):
    """Each organisation by itself: their rows are closed to one another, and to the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('hearth.organisation', true), '')")
        (outer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [str(organisation)])
            for column in ("co_facilitator_id", "interpreter_id"):
                cursor.execute(GIVE.format(column=column))
        cursor.execute("SELECT set_config('hearth.organisation', %s, true)", [outer])


class Migration(migrations.Migration):

    dependencies = [
        ('care_sessions', '0020_show_something_to_everyone'),
        ('program', '0003_interpreters_have_a_way_in'),
        ('timetable', '0009_let_people_wait_for_a_place'),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
