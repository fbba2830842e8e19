"""What others may hear of admissions. Each is sent inside the deed's transaction with ids and the time."""

from django.dispatch import Signal

admitted = Signal()
"""episode_id, by_id, at, weeks: an episode of care has opened."""

episode_ended = Signal()
"""episode_id, by_id, at, on: an episode of care has ended; nothing of it takes place from the day `on`."""
