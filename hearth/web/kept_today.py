"""What a student's phone keeps of Today for when there is no connection: when and where, and what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hearth.accounts.models import User
from hearth.measures.queries import DueMeasure, due_measures
from hearth.people.queries import own_patient
from hearth.sessions.models import Attendance
from hearth.sessions.queries import places_of
from hearth.skills.queries import DueLesson, due_lessons

AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KeptToday:
    """A student's Today as it stands at one moment, without anything that only holds in the next hour."""

    places: Sequence[Attendance]  # of today and the days ahead, in order
    due: Sequence[DueMeasure]
    lessons: Sequence[DueLesson]


def kept_today(*, viewer: User, at: datetime) -> KeptToday:
    """The viewer's own Today to keep on their phone, true at `at`. Raises PermissionDenied for whoever is no patient.

    Of a session it says when, where and with whom, not its topic; what they are excused from is left out.
    """
    patient = own_patient(viewer=viewer)
    today = at.astimezone(viewer.zone).date()
    start = datetime.combine(today, datetime.min.time(), tzinfo=viewer.zone)
    places = places_of(viewer=viewer, patient=patient, start=start, end=start + AHEAD, at=at)
    return KeptToday(
        places=[one for one in places if one.status != Attendance.Status.EXCUSED],
        due=due_measures(patient, today),
        lessons=due_lessons(patient, today),
    )
