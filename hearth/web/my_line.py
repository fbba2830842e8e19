"""A student's own line on one measure, with what they did in the weeks between."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hearth.accounts.models import User
from hearth.measures import wording
from hearth.measures.queries import Trajectory, trajectory
from hearth.people.queries import own_patient
from hearth.sessions.models import Attendance
from hearth.sessions.queries import places_of
from hearth.skills.queries import practices_of

CAME = {Attendance.Status.PRESENT, Attendance.Status.LATE, Attendance.Status.LEFT_EARLY}
WEEKS = 12  # how far back the list of weeks goes


@dataclass(frozen=True, slots=True)
class Week:
    """One answer in words, and what was done in the seven days before it."""

    day: date
    words: wording.Words
    came: int
    practised: int


@dataclass(frozen=True, slots=True)
class Line:
    """The line and its weeks, the newest first."""

    title: wording.Words
    trajectory: Trajectory
    moved: wording.Words
    weeks: list[Week]


def my_line(*, viewer: User, instrument: str, at: datetime) -> Line:
    """The viewer's own line, true at `at`. A fixed number of queries. Raises UnknownInstrument."""
    patient = own_patient(viewer=viewer)
    line = trajectory(patient, instrument, kind=True)
    since = at - timedelta(weeks=WEEKS)
    places = places_of(viewer=viewer, patient=patient, start=since - timedelta(days=7), end=at, at=at)
    came = Counter(place.session.starts_at.astimezone(viewer.zone).date() for place in places if place.status in CAME)
    practices = practices_of(patient).filter(practised_at__gte=since - timedelta(days=7))
    practised = Counter(one.practised_at.astimezone(viewer.zone).date() for one in practices)
    bands = [(band.low, band.high, band.name) for band in line.bands]
    weeks = [
        Week(
            day=point.date,
            words=next((name for low, high, name in bands if low <= point.value <= high), ""),
            came=_in_week(came, point.date),
            practised=_in_week(practised, point.date),
        )
        for point in reversed(line.points)
        if point.date >= since.date()
    ]
    return Line(
        title=wording.title_of(line.instrument.id, line.instrument.name),
        trajectory=line,
        moved=wording.MOVED[line.change.direction] if line.change else "",
        weeks=weeks,
    )


def _in_week(days: Counter[date], last: date) -> int:
    return sum(days[last - timedelta(days=back)] for back in range(7))
