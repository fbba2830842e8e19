"""A student holds one seat in a section at a time; the database refuses a second."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("timetable", "0001_first_rows"), ("lib", "0001_extensions")]

    operations = [
        migrations.AddConstraint(
            model_name="seat",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="one_seat_per_student_and_section_at_a_time",
                expressions=[
                    ("section", "="),
                    ("patient", "="),
                    ("during", django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS),
                ],
            ),
        ),
    ]
