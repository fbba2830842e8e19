"""What other floors may hear of accounts."""

from django.dispatch import Signal

profile_changed = Signal()
"""Someone changed their chosen name or pronouns: `user_id`, `at`."""

invitation_accepted = Signal()
"""Someone accepted their invitation: `user_id`, `at`."""
