"""What a family member or guardian sees first: the next days of the person they care about, as far as agreed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hearth.accounts.models import User
from hearth.bereavement.queries import was_told
from hearth.people.models import Relationship
from hearth.sessions.models import WITH_FAMILY, Attendance
from hearth.sessions.queries import places_of
from hearth.sessions.video.queries import has_room

AHEAD = timedelta(days=10)
RUNNING = timedelta(hours=12)  # longer than any session: so far back one may have begun that still goes on


@dataclass(frozen=True, slots=True)
class Relative:
    """One person and what their family may see of the coming days."""

    relationship: Relationship
    places: list[Attendance]
    was_told: bool = False  # of the student's death, by a person and not by this page

    @property
    def by_video(self) -> set[UUID]:
        """The sessions among them that this person joins in Hearth's own video room."""
        sessions = [place.session for place in self.places]
        return {each.pk for each in sessions if each.kind in WITH_FAMILY and has_room(each)}


def family_today(*, viewer: User, at: datetime) -> list[Relative]:
    """Those whose schedule `viewer` may see, with the sessions that go on or come in ten days."""
    ties = Relationship.objects.filter(person=viewer, may_see_schedule=True).select_related("patient")
    found = []
    for tie in ties.order_by("patient__chosen_name"):
        if tie.patient.has_died:
            found.append(Relative(tie, [], was_told=was_told(tie)))
            continue
        places = places_of(viewer=viewer, patient=tie.patient, start=at - RUNNING, end=at + AHEAD, at=at)
        found.append(Relative(tie, [place for place in places if place.session.ends_at > at]))
    return found
