"""What others may hear of plans."""

from django.dispatch import Signal

plan_changed = Signal()
"""plan_id, episode_id, by_id, at: a plan's newest version was made or signed; its dose or length may be new."""
