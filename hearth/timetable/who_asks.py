"""Who asks for a place: an inquiry, a referral, a person on their way in, or nobody yet known; and what they need."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.consent.queries import access_chart
from hearth.inquiry.queries import access_inquiry
from hearth.inquiry.referral_queries import access_referral
from hearth.inquiry.referral_store import read_packet
from hearth.inquiry.selfcheck import filled
from hearth.lib.states import STATES
from hearth.people.models import Modality, Patient
from hearth.people.services import population_at
from hearth.program import pack
from hearth.program.forms import INTERPRETED
from hearth.program.models import Program
from hearth.timetable import hours
from hearth.timetable.board import Span
from hearth.timetable.needs import accommodation_of
from hearth.timetable.newcomer_needs import Needs, hours_at, track_for
from hearth.timetable.queries import hours_of
from hearth.timetable.wording import LANGUAGE_WORDS


@dataclass(frozen=True, slots=True)
class WhoAsks:
    """What is known of them; everything may be missing. `what` are the self-check's codes for what is going on."""

    name: str = ""
    inquiry_id: UUID | None = None
    referral_id: UUID | None = None
    patient: Patient | None = None
    population: str = ""
    modality: str = Modality.EITHER
    state: str = ""
    languages: tuple[str, ...] = ("en",)
    hours: tuple[Span, ...] = ()
    what: tuple[str, ...] = ()
    interpreting: str = ""
    equipment: tuple[str, ...] = ()

    @property
    def is_somebody(self) -> bool:
        """Whether it is known who asks, so that they can wait."""
        return self.patient is not None or self.inquiry_id is not None

    def initial(self, programs: Iterable[Program]) -> dict[str, Any]:
        """What the form begins with."""
        known = {name: list(getattr(self, name)) for name in ("languages", "equipment")}
        known |= {name: getattr(self, name) for name in ("modality", "state", "interpreting")}
        fitting = self._fitting(programs)
        return known | ({"kind": f"{fitting.pk}:{track_for(pack.get(fitting.pack), self.what)}"} if fitting else {})

    def _fitting(self, programs: Iterable[Program]) -> Program | None:
        return next((one for one in programs if one.population == self.population), None)

    def needs(self, programs: Iterable[Program]) -> Needs | None:
        """What they need, if it is known well enough to look for places at once."""
        fitting = self._fitting(programs)
        if fitting is None or not self.hours or not (self.state or self.modality == Modality.IN_PERSON):
            return None
        return Needs(
            pack=fitting.pack,
            track=track_for(pack.get(fitting.pack), self.what),
            languages=self.languages,
            modality=self.modality,
            state=self.state,
            available=self.hours,
            family=self.hours,
            interpreting=self.interpreting,
            equipment=self.equipment,
        )


def who_asks(*, viewer: User, inquiry: str, referral: str, patient: str, at: datetime) -> WhoAsks:
    """Who asks, through intake's door or the chart's. Raises PermissionDenied."""
    if inquiry:
        return _from_inquiry(viewer, _uuid(inquiry))
    if referral:
        return _from_referral(viewer, _uuid(referral), at)
    if patient:
        return _from_patient(viewer, _uuid(patient), at)
    return WhoAsks(state=viewer.organisation.state)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise PermissionDenied from None


def _from_inquiry(viewer: User, pk: UUID) -> WhoAsks:
    found = access_inquiry(viewer=viewer, pk=pk)
    told = filled.stored(found.answers) or filled.Filled("", {})
    times, language = told.all("times"), told.one("language")
    return WhoAsks(
        name=found.first_name,
        inquiry_id=found.pk,
        population=told.population,
        modality=told.one("how") or Modality.EITHER,
        state=told.one("state") or viewer.organisation.state,
        languages=(language,) if language in LANGUAGE_WORDS else ("en",),
        hours=hours_at(times) if times else (),
        what=told.all("what"),
    )


def _from_referral(viewer: User, pk: UUID, at: datetime) -> WhoAsks:
    """What the sender told; whoever was taken over into a chart is asked for as that person."""
    found = access_referral(viewer=viewer, pk=pk, at=at)
    if found.patient_id is not None:
        return _from_patient(viewer, found.patient_id, at)
    person = read_packet(found).person
    age = person.age_on(at.astimezone(viewer.organisation.zone).date())
    spoken = [one.code.split("-")[0] for one in person.languages if one.code]
    interpreted = [code for code in spoken if code in dict(INTERPRETED)]
    sent = person.address.state if person.address else ""
    return WhoAsks(
        name=person.name,
        referral_id=found.pk,
        population="" if age is None else population_at(age),
        state=sent if sent in dict(STATES) else viewer.organisation.state,
        languages=tuple(code for code in spoken if code in LANGUAGE_WORDS) or ("en",),
        interpreting=interpreted[0] if person.interpreter_needed and interpreted else "",
    )


def _from_patient(viewer: User, pk: UUID, at: datetime) -> WhoAsks:
    person = access_chart(viewer=viewer, pk=pk, purpose="TREAT", at=at, what="places")
    row, needs = hours_of(person), accommodation_of(person)
    return WhoAsks(
        name=person.name,
        patient=person,
        population=person.population,
        modality=person.modality,
        state=person.state or viewer.organisation.state,
        languages=tuple(person.languages) or ("en",),
        hours=hours.from_json(row.hours) if row else (),
        interpreting=needs.interpreting if needs else "",
        equipment=tuple(needs.equipment) if needs else (),
    )


def open_programs() -> list[Program]:
    """Every program somebody new may join, by name."""
    return list(Program.objects.filter(is_open=True).order_by("name"))


def kinds_of_care(programs: Iterable[Program], language: str) -> dict[str, str]:
    """Each of these programs with each of its tracks, by "program:track", in this language."""
    return {
        f"{program.pk}:{track.id}": f"{program.name}: {pack.in_language(track.name, language)}"
        for program in programs
        for track in pack.get(program.pack).tracks
    }
