"""What others may hear of the program. Each is sent inside the deed's transaction with ids and the time."""

from django.dispatch import Signal

closed = Signal()
"""closure_id, by_id, at: a site or the whole organisation is closed on some days."""

opened_again = Signal()
"""closure_id, by_id, at: a closure was taken back."""
