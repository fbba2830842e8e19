"""What a family member or guardian sees first: the next days of the person they care about, as far as agreed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.bereavement.queries import was_told
from hearth.consent.queries import family_grounds
from hearth.people.models import Relationship
from hearth.sessions.doses import dose_weeks
from hearth.sessions.models import WITH_FAMILY, Attendance
from hearth.sessions.queries import places_of
from hearth.sessions.rules.dose import WeekDose

AHEAD = timedelta(days=10)
RUNNING = timedelta(hours=12)  # longer than any session: so far back one may have begun that still goes on


@dataclass(frozen=True, slots=True)
class Relative:
    """One person and what their family may see of the coming days."""

    relationship: Relationship
    places: list[Attendance]
    week: WeekDose | None = None  # where the student lets them see how much was attended
    was_told: bool = False  # of the student's death, by a person and not by this page

    @property
    def by_video(self) -> set[UUID]:
        """The sessions among them that this person joins in Hearth's own video room."""
        sessions = [place.session for place in self.places]
        return {each.pk for each in sessions if each.kind in WITH_FAMILY and each.has_own_room}


def family_today(*, viewer: User, at: datetime) -> list[Relative]:
    """Those whose schedule `viewer` may see, with the sessions that go on or come in ten days."""
    ties = Relationship.objects.filter(person=viewer, may_see_schedule=True)
    rows = list(ties.select_related("person", "patient__organisation").order_by("patient__chosen_name"))
    grounds = family_grounds(rows, at=at)
    found = []
    for tie in rows:
        if tie.patient.has_died:
            found.append(Relative(tie, [], was_told=was_told(tie)))
            continue
        if not grounds[tie.pk].is_open:
            continue
        places = places_of(viewer=viewer, patient=tie.patient, start=at - RUNNING, end=at + AHEAD, at=at)
        coming = [place for place in places if place.session.ends_at > at]
        found.append(Relative(tie, coming, week=_week(tie, viewer, at) if tie.may_see_progress else None))
    return found


def _week(tie: Relationship, viewer: User, at: datetime) -> WeekDose | None:
    episode = Episode.objects.active().filter(patient=tie.patient).select_related("program").first()
    weeks = dose_weeks(viewer=viewer, episode=episode, at=at) if episode else []
    today = at.astimezone(tie.patient.organisation.zone).date()
    return next((one for one in weeks if one.starts_on <= today <= one.ends_on), None)
