"""What was missed lately: other times are offered as the worker does; one is taken, one does not fit, the rest wait."""

from datetime import timedelta

from hearth.sessions import services
from hearth.sessions.make_ups import options_of
from hearth.sessions.models import MakeUp
from hearth.web.demo.house import Scene

WORDS = "I work late this week and the next."


def make_up(scene: Scene) -> None:
    """Offered yesterday; what can be had no longer just waits."""
    offered = services.offer_make_ups(organisation=scene.organisation, at=scene.at - timedelta(hours=20))
    still_open = [row for row in offered if row.status == MakeUp.Status.OPEN and row.until and row.until > scene.at]
    waiting = [row for row in still_open if row.patient.user is not None]
    for row, is_taken in zip(waiting[1:], (True, False), strict=False):
        user = row.patient.user
        if user is None:
            continue
        if is_taken:
            services.accept_make_up(make_up=row, choice=options_of(row)[-1].key, by=user, at=scene.at)
        else:
            services.decline_make_up(make_up=row, reason=WORDS, by=user, at=scene.at)
