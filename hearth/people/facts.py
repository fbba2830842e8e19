"""What other floors may hear of people."""

from django.dispatch import Signal

licence_changed = Signal()
"""A licence was added or ends earlier: `holder_id`, `at`."""

death_noted = Signal()
"""A student has died: `patient_id`, `by_id`, `at`, `on`; nothing of theirs takes place from the day `on`."""

death_taken_back = Signal()
"""That was a mistake: `patient_id`, `by_id`, `at`, `noted_at`."""
