"""What others may hear of the timetable. Each is sent inside the deed's transaction with ids and the time."""

from django.dispatch import Signal

proposal_accepted = Signal()
"""proposal_id, by_id, at: a proposed week holds from now on; its sections and seats stand."""

proposal_taken_back = Signal()
"""proposal_id, section_ids, by_id, at: the week before an accepted proposal stands again; these sections' places do."""

seat_changed = Signal()
"""seat_id, by_id, at: a student's place in a section began, moved or ended."""

places_freed = Signal()
"""patient_id, by_id, at: someone gave up every place they held; the seats are free for others."""


class Refused(Exception):
    """Raised by a listener who cannot follow a deed: nothing of it is stored. The text is a sentence for the screen."""
