"""What others may hear of the program. Each is sent inside the deed's transaction with ids and the time."""

from django.dispatch import Signal

closed = Signal()
"""closure_id, by_id, at: a site or the whole organisation is closed on some days."""

opened_again = Signal()
"""closure_id, by_id, at: a closure was taken back."""

leave_confirmed = Signal()
"""leave_id, by_id, at: a member of staff is away on some days."""

leave_ended = Signal()
"""leave_id, by_id, at: a confirmed leave was taken back."""
