"""What somebody newly admitted wants to know before their first session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hearth.accounts.models import Site, User
from hearth.admission.barrier_models import Barrier
from hearth.admission.barriers import barriers_of
from hearth.admission.queries import active_episode_of
from hearth.consent.packet import Packet, packet_of
from hearth.people.models import Modality, Patient
from hearth.people.queries import own_patient, primary_counselor_of
from hearth.sessions.models import Attendance
from hearth.sessions.own_week import own_week
from hearth.sessions.queries import next_session
from hearth.timetable.calendar import Slot


@dataclass(frozen=True, slots=True)
class FirstDay:
    """Where, when, with whom, and what is still to do. `slots`: the week of the first session, or of the first day."""

    patient: Patient
    first: Attendance | None
    slots: Sequence[Slot]
    site: Site | None
    counselor: User | None
    arranged: Sequence[Barrier]
    packet: Packet

    @property
    def at_home(self) -> bool:
        """Whether they need what is needed for taking part from home."""
        modality = self.first.modality if self.first else self.patient.modality
        return modality != Modality.IN_PERSON

    @property
    def at_site(self) -> bool:
        modality = self.first.modality if self.first else self.patient.modality
        return modality != Modality.VIRTUAL


def first_day(*, viewer: User, at: datetime) -> FirstDay:
    """The viewer's own first day, true at `at`. A fixed number of queries."""
    patient = own_patient(viewer=viewer)
    episode = active_episode_of(patient)
    first = next_session(viewer=viewer, patient=patient, at=at)
    begins = first.session.starts_at.astimezone(viewer.zone).date() if first else None
    begins = begins or (episode.starts_on if episode else None)
    slots: list[Slot] = []
    if begins:
        monday = begins - timedelta(days=begins.weekday())
        week = own_week(viewer=viewer, patient=patient, monday=monday, at=at)
        slots = [slot for slot in week.slots if slot.day >= begins and not slot.state]
    room = first.session.room if first else None
    return FirstDay(
        patient=patient,
        first=first,
        slots=slots,
        site=room.site if room else patient.site,
        counselor=primary_counselor_of(patient),
        arranged=[row for row in barriers_of(patient) if row.done_at is None],
        packet=packet_of(patient, at=at).of(by_patient=True),
    )
