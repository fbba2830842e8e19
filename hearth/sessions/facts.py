"""What others may hear of sessions. Each is sent inside the deed's transaction with ids and the time."""

from django.dispatch import Signal

sessions_made = Signal()
"""section_id, session_ids, by_id, at: a section's sessions stand in the calendar."""

session_ended = Signal()
"""session_id, by_id, at: a session is over and its minutes are counted."""

session_cancelled = Signal()
"""session_id, by_id, at: a session will not take place."""

notes_signed = Signal()
"""session_id (None: a contact outside sessions), note_ids, by_id, at: these notes are locked."""
