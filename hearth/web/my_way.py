"""A student's way so far, from their own rows: what they learnt, what helped, how often they came, what moved."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.queries import completed_stay_of, latest_episode_of
from hearth.circle.thanking import MyThanks, my_thanks
from hearth.measures import wording
from hearth.measures.models import Response
from hearth.measures.queries import responses_of, trajectory_of
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.plan.models import Goal
from hearth.plan.queries import goals_of
from hearth.sessions.doses import AttendanceSummary, attendance_summary
from hearth.skills.cards import Found, Time, assemble
from hearth.skills.coping_queries import hard_days
from hearth.skills.habit_queries import days_with_habits
from hearth.skills.queries import practices_of, shelves_of


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One measure: how often it was answered, and how it moved, in kind words."""

    title: str
    times: int
    moved: str


@dataclass(frozen=True, slots=True)
class MyWay:
    """Everything on the page. `stay` is the newest; `completed` one that was completed, which has a certificate."""

    patient: Patient
    stay: Episode | None
    completed: Episode | None
    came: AttendanceSummary
    lessons: list[Found]
    helped: list[Found]
    habit_days: int
    check_ins: list[CheckIn]
    goals: list[Goal]
    thanks: MyThanks

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look back on yet."""
        told = (self.came.came, self.lessons, self.helped, self.habit_days, self.check_ins, self.goals)
        return not any((*told, self.thanks.given, self.thanks.to_us))


@dataclass(frozen=True, slots=True)
class Completion:
    """What a certificate says: no diagnosis, no substance, and no program's name, which might tell either."""

    name: str
    organisation: str
    first_day: date
    last_day: date
    sessions: int
    minutes: int


def my_way(*, viewer: User, language: str, at: datetime) -> MyWay:
    """The viewer's own way, true at `at`. A fixed number of queries."""
    patient = own_patient(viewer=viewer)
    stay = latest_episode_of(patient)
    summaries = attendance_summary(episodes=[stay], at=at) if stay else {}
    found = hard_days(viewer=viewer, patient=patient, language=language).found
    return MyWay(
        patient=patient,
        stay=stay,
        completed=completed_stay_of(patient),
        came=summaries[stay.pk] if stay else AttendanceSummary(),
        lessons=_lessons(patient, language),
        helped=[card for card in found if card.kind != "lesson"],
        habit_days=days_with_habits(viewer),
        check_ins=_check_ins(patient),
        goals=list(goals_of(patient)),
        thanks=my_thanks(viewer=viewer, at=at),
    )


def completion_of(*, viewer: User, at: datetime) -> Completion | None:
    """What the viewer's certificate says; None before they completed a stay."""
    patient = own_patient(viewer=viewer)
    stay = completed_stay_of(patient)
    if stay is None or stay.ended_at is None:
        return None
    came = attendance_summary(episodes=[stay], at=at)[stay.pk]
    organisation = viewer.organisation
    return Completion(
        name=patient.name,
        organisation=organisation.name,
        first_day=stay.starts_on,
        last_day=stay.ended_at.astimezone(organisation.zone).date(),
        sessions=came.came,
        minutes=came.minutes,
    )


def _lessons(patient: Patient, language: str) -> list[Found]:
    """Lessons practised, those most often first, with what they did for the number before."""
    titles = {one.id: one.title for shelf in shelves_of(patient, language) for one in shelf.lessons}
    return assemble(Time(row.lesson, titles.get(row.lesson, ""), row.eased) for row in practices_of(patient))


def _check_ins(patient: Patient) -> list[CheckIn]:
    by_instrument: dict[str, list[Response]] = {}
    for row in responses_of(patient):
        by_instrument.setdefault(row.instrument, []).append(row)
    found = []
    for instrument, rows in by_instrument.items():
        line = trajectory_of(instrument, rows, kind=True)
        moved = str(wording.MOVED[line.change.direction]) if line.change else _("You took the time to say how you are.")
        found.append(CheckIn(str(wording.title_of(instrument, line.instrument.name)), len(rows), moved))
    return found
