"""What other floors may hear of people."""

from django.dispatch import Signal

licence_changed = Signal()
"""A licence was added or ends earlier: `holder_id`, `at`."""
