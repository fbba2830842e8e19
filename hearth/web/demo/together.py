"""What goes on in tonight's session beside talking: a check-in round, and somebody who would like a word with staff."""

from datetime import timedelta

from hearth.sessions import services
from hearth.sessions.models import Attendance, Session
from hearth.sessions.queries import HERE
from hearth.sessions.rules.showing import FEELINGS
from hearth.web.demo.house import Scene

SAID = 5  # so many have answered so far


def meet(scene: Scene) -> None:
    """In the session that runs now, if one does."""
    running = Session.objects.standing().filter(starts_at__lte=scene.at, ends_at__gt=scene.at, ended_at=None)
    session = running.select_related("facilitator").order_by("starts_at", "pk").first()
    if session is None:
        return
    began = scene.at - timedelta(minutes=6)
    services.show(session_id=session.pk, kind="round", by=session.facilitator, at=began)
    rows = Attendance.objects.filter(session=session, status__in=HERE, left_at=None, patient__user__isnull=False)
    here = list(rows.select_related("patient__user").order_by("patient__chosen_name", "pk")[:SAID])
    for number, row in enumerate(here, 1):
        assert row.patient.user
        services.answer_round(
            attendance=row,
            word=scene.random.choice(FEELINGS),
            number=scene.random.randint(2, 8),
            by=row.patient.user,
            at=began + timedelta(minutes=number / 2),
        )
    if here:
        last = here[-1]
        assert last.patient.user
        services.say_quietly(attendance=last, why="word", by=last.patient.user, at=scene.at - timedelta(minutes=2))
