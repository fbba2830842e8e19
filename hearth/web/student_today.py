"""What a student sees first: what is next, one thing to do, one good thing noticed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.queries import latest_episode_of
from hearth.background.queries import Ask, asked_of
from hearth.circle.choosing import AlumniToday, alumni_today
from hearth.circle.gathering import coming_to
from hearth.circle.mentoring import has_mentoring
from hearth.circle.models import CircleEvent
from hearth.consent.packet import Packet, packet_of
from hearth.letters.future import arrived
from hearth.letters.models import Letter
from hearth.letters.queries import news_of, today_of
from hearth.measures.queries import DueMeasure, due_measures, trajectory
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.plan.models import CarePlan
from hearth.plan.queries import current_plan
from hearth.safety.plan_queries import has_plan
from hearth.sessions.doses import AttendanceSummary, attendance_summary, dose_weeks
from hearth.sessions.handouts import OwnHandout, own_handouts
from hearth.sessions.make_ups import open_to
from hearth.sessions.models import Attendance, MakeUp
from hearth.sessions.queries import next_session, places_of
from hearth.sessions.rules.dose import WeekDose
from hearth.skills.habit_queries import HabitsToday, habits_today
from hearth.skills.queries import DueLesson, due_lessons
from hearth.timetable.models import ChangeOffer
from hearth.timetable.queries import changes_open_to
from hearth.trauma.queries import StrandToday, strand_today

CAME = {Attendance.Status.PRESENT, Attendance.Status.LATE, Attendance.Status.LEFT_EARLY}
JOINABLE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the seven-day strip."""

    day: date
    state: str  # done, now, next, missed or empty
    words: str


@dataclass(frozen=True, slots=True)
class StudentToday:
    """Everything on a student's first screen."""

    patient: Patient
    episode: Episode | None
    plan: CarePlan | None
    week_number: int
    next: Attendance | None
    can_join: bool
    days: list[Day]
    week: WeekDose | None
    due: Sequence[DueMeasure]
    lessons: Sequence[DueLesson]
    habits: HabitsToday
    noticed: list[str]
    changes: Sequence[ChangeOffer]
    handouts: Sequence[OwnHandout]
    make_ups: Sequence[MakeUp]
    has_safety_plan: bool
    about_you: Ask | None
    packet: Packet
    letters: Sequence[Letter]  # to say yes to, or signed and not opened
    from_oneself: int  # letters to oneself that came and wait to be read
    coming: Sequence[CircleEvent]  # what they said they come to in the next days
    has_mentoring: bool  # a peer mentor is suggested to them, or they are one
    alumni: AlumniToday | None  # after the program, while they are in no other
    strand: StrandToday  # painful events, if a counselor talked with them about it
    is_new: bool  # admitted, and no session of theirs took place yet

    @property
    def is_here(self) -> bool:
        """Whether they said that they are here, in the session that runs now, and have not left."""
        return bool(self.next and self.next.arrived_at and not self.next.left_at)

    @property
    def due_minutes(self) -> int:
        """How long all that is due takes together."""
        return sum(due.instrument.minutes for due in self.due)


def student_today(*, viewer: User, at: datetime) -> StudentToday:
    """The viewer's own day, true at `at`. A fixed number of queries."""
    patient = own_patient(viewer=viewer)
    today = at.astimezone(viewer.zone).date()
    episode = latest_episode_of(patient)
    plan = current_plan(episode) if episode else None
    monday = today - timedelta(days=today.weekday())
    start = datetime.combine(monday, datetime.min.time(), tzinfo=viewer.zone)
    places = places_of(viewer=viewer, patient=patient, start=start, end=start + timedelta(days=7), at=at)
    coming = next_session(viewer=viewer, patient=patient, at=at)
    weeks = dose_weeks(viewer=viewer, episode=episode, at=at) if episode else []
    summary = attendance_summary(episodes=[episode], at=at)[episode.pk] if episode else None
    return StudentToday(
        patient=patient,
        episode=episode,
        plan=plan,
        week_number=plan.week_on(today) if plan else 0,
        next=coming,
        can_join=coming is not None and coming.session.starts_at - at <= JOINABLE,
        days=[_day(monday + timedelta(days=n), places, viewer, today) for n in range(7)],
        week=next((one for one in weeks if one.starts_on <= today <= one.ends_on), None),
        due=due_measures(patient, today),
        lessons=due_lessons(patient, today),
        habits=habits_today(viewer, at=at),
        noticed=_noticed(patient, summary),
        changes=changes_open_to(patient, at=at),
        handouts=own_handouts(patient=patient, at=at),
        make_ups=open_to(patient, at=at),
        has_safety_plan=has_plan(patient),
        about_you=asked_of(patient, is_in_program=episode is not None),
        packet=packet_of(patient, at=at).of(by_patient=True),
        letters=news_of(patient),
        from_oneself=arrived(viewer=viewer, today=today_of(viewer, at=at)),
        coming=coming_to(patient, at=at),
        has_mentoring=has_mentoring(patient, viewer=viewer, at=at),
        alumni=alumni_today(viewer=viewer, at=at) if episode and not episode.is_active else None,
        strand=strand_today(patient, at=at),
        is_new=bool(episode and episode.is_active and summary and not summary.sessions),
    )


def _day(day: date, places: Sequence[Attendance], viewer: User, today: date) -> Day:
    here = [place for place in places if place.session.starts_at.astimezone(viewer.zone).date() == day]
    times = ", ".join(f"{place.session.starts_at.astimezone(viewer.zone):%H:%M} {place.session.name}" for place in here)
    if not here:
        return Day(day, "now" if day == today else "", _("free"))
    if any(place.status in CAME for place in here) and day <= today:
        return Day(day, "done", _("you came: %(times)s") % {"times": times})
    if day < today:
        return Day(day, "missed", _("missed: %(times)s") % {"times": times})
    return Day(day, "now" if day == today else "next", times)


def _noticed(patient: Patient, summary: AttendanceSummary | None) -> list[str]:
    """One or two true, good things; nothing is made up where there is nothing yet."""
    found: list[str] = []
    change = trajectory(patient, "phq-9").change
    if change and change.direction == "better":
        found.append(
            _("Your mood check-in went down by %(points)s points since you started. That is real change.")
            % {"points": abs(change.points)}
        )
    if summary and summary.came >= 3 and summary.missed_in_a_row == 0:
        found.append(
            ngettext(
                "You have come to %(count)s session so far. Showing up is the work.",
                "You have come to %(count)s sessions so far. Showing up is the work.",
                summary.came,
            )
            % {"count": summary.came}
        )
    return found[:2]
