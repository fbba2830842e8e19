"""What staff see first: who is at risk, my sessions, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.admission.barrier_models import Barrier
from hearth.admission.barriers import HELPERS, my_barriers
from hearth.admission.queries import ADMITTERS, Step, people_on_the_way_in
from hearth.aftercare.holding import HOLDERS, holds_to_end
from hearth.aftercare.models import Decision, EndingReview, FollowUp, Hold, TransitionPlan
from hearth.aftercare.queries import (
    FOLLOWERS,
    endings_to_look_at,
    missed_follow_ups,
    visits_to_ask_about,
    weeks_to_plan,
)
from hearth.aftercare.stepping import SteppingDown, weeks_to_step_down
from hearth.bereavement.models import Task
from hearth.bereavement.queries import my_tasks
from hearth.circle.queries import waiting_count
from hearth.circle.thanking import waiting_thanks
from hearth.family.asking import waiting_for
from hearth.family.models import Question
from hearth.inquiry.models import Inquiry, Interview
from hearth.inquiry.queries import inquiries, interviews_of
from hearth.inquiry.referral_queries import referrals_in_inbox
from hearth.letters.models import Letter
from hearth.letters.queries import waiting_for as letters_waiting_for
from hearth.medical.queries import MEDICAL, medical_count
from hearth.safety.incident_models import Incident
from hearth.safety.incident_queries import DutyLine, pressing_duties, risks_without_student, waiting_reviews
from hearth.safety.on_call_queries import Gap, gaps_ahead
from hearth.safety.queries import KEEP_AREAS, ConcernLine, open_concern_lines, open_concerns
from hearth.sessions.cosigning import Queue, queues_of
from hearth.sessions.models import HoursPicture, NumbersWanted, Outreach, QuietWord, Session
from hearth.sessions.outreach import open_outreaches
from hearth.sessions.queries import sessions_of
from hearth.sessions.quiet import words_waiting
from hearth.sessions.services import AUTHORISERS
from hearth.sessions.shortfalls import running_out
from hearth.sessions.to_sign import ToSign, to_sign
from hearth.sessions.whereabouts import numbers_wanted
from hearth.timetable.waitlist import offers_to_answer
from hearth.trauma.models import NextDayCheck
from hearth.trauma.queries import checks_waiting

INTAKE = frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.SUPERVISOR})
CONCERNED = CARE | INTAKE
SHOWN, ON_THE_WAY = 25, 12  # lines of a list on this page; the rest is one click away
MERELY_TOLD = frozenset({"sessions", "interviews"})  # parts of Today that wait for nobody


@dataclass(frozen=True, slots=True)
class StaffToday:
    """Everything on a staff member's first screen; parts that are not theirs stay empty."""

    concerns: list[ConcernLine] = field(default_factory=list)
    more_concerns: int = 0
    risks_without_student: Sequence[Incident] = ()  # reported, and nobody knows whom to call
    pressing_duties: Sequence[DutyLine] = ()  # what must be told by now, or within a day, because of an incident
    on_call_gaps: Sequence[Gap] = ()  # hours of the next two weeks in which nobody answers, for who plans them
    unnamed_incidents: int = 0  # nobody looks into them yet
    my_incidents: int = 0  # the viewer looks into them
    quiet_words: Sequence[QuietWord] = ()  # told staff alone, not settled yet
    days_after: Sequence[NextDayCheck] = ()  # of sessions on painful events: no answer, or it asks for somebody
    numbers_wanted: Sequence[NumbersWanted] = ()  # places with nobody to call yet, which the viewer looks up
    circle_posts: int = 0  # posts and questions that wait for the viewer as a host
    thanks: int = 0  # thank-yous of sessions they led that nobody read yet
    family_questions: Sequence[Question] = ()  # of families, which the viewer answers for
    letters: Sequence[Letter] = ()  # asked for, to be signed or handed over
    after_a_death: list[Task] = field(default_factory=list)  # what the viewer is to do for those who stay
    sessions: list[Session] = field(default_factory=list)
    outreaches: list[Outreach] = field(default_factory=list)
    notes: ToSign | None = None
    sent_back: Queue | None = None  # notes a supervisor asks an addendum for
    to_co_sign: Queue | None = None
    inquiries: list[Inquiry] = field(default_factory=list)
    interviews: list[Interview] = field(default_factory=list)  # first conversations of the day
    referrals: int = 0
    offers: int = 0  # places offered to people who wait, not answered yet
    on_the_way: list[Step] = field(default_factory=list)
    medical: int = 0  # tests, lists and naloxone that wait for nurses and medical providers
    barriers: list[Barrier] = field(default_factory=list)  # in the way of somebody's coming, the viewer sees to it
    to_plan: Sequence[Decision] = ()  # a later end decided, and no session in its last week yet
    to_step_down: Sequence[SteppingDown] = ()  # the dose falls, and no week was accepted with it yet
    endings: Sequence[EndingReview] = ()  # endings by the program that wait for somebody uninvolved
    holds: Sequence[Hold] = ()  # on hold until today or before: are they back?
    missed_follow_ups: Sequence[FollowUp] = ()  # after the program, and no answer
    first_visits: Sequence[TransitionPlan] = ()  # elsewhere, and nobody knows whether they took place
    running_out: list[HoursPicture] = field(default_factory=list)  # not authorised soon

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits for the viewer: every part but those that merely tell of the day counts."""
        parts = (getattr(self, one.name) for one in fields(self) if one.name not in MERELY_TOLD)
        return not any(part.count if isinstance(part, ToSign | Queue) else part for part in parts)


def staff_today(*, viewer: User, at: datetime) -> StaffToday:
    """The viewer's day, true at `at`. A fixed number of queries, however many students."""
    today = at.astimezone(viewer.zone).date()
    start = datetime.combine(today, datetime.min.time(), tzinfo=viewer.zone)
    concerns = open_concern_lines(viewer=viewer, at=at, most=SHOWN) if viewer.has_any(CONCERNED) else []
    cares = viewer.has_any(CARE)
    to_co_sign, sent_back = queues_of(viewer=viewer, at=at) if cares or viewer.has_any(CLINICIANS) else (None, None)
    takes_in = viewer.has_any(INTAKE)
    end = start + timedelta(days=1)
    unnamed, mine = waiting_reviews(viewer=viewer)
    return StaffToday(
        concerns=concerns,
        risks_without_student=risks_without_student(viewer=viewer),
        pressing_duties=pressing_duties(viewer=viewer, at=at),
        on_call_gaps=gaps_ahead(viewer=viewer, at=at),
        unnamed_incidents=unnamed,
        my_incidents=mine,
        more_concerns=open_concerns(viewer=viewer).count() - SHOWN if len(concerns) == SHOWN else 0,
        after_a_death=list(my_tasks(viewer=viewer)[:SHOWN]),
        quiet_words=words_waiting(viewer=viewer, at=at) if viewer.has_any(CONCERNED) else (),
        days_after=checks_waiting(viewer=viewer, at=at),
        numbers_wanted=numbers_wanted(viewer=viewer, at=at) if viewer.has_any(KEEP_AREAS) else (),
        circle_posts=waiting_count(viewer=viewer),
        thanks=waiting_thanks(viewer=viewer).count(),
        family_questions=waiting_for(viewer),
        letters=letters_waiting_for(viewer, at=at),
        sessions=sessions_of(viewer=viewer, start=start, end=end) if cares else [],
        outreaches=list(open_outreaches(viewer=viewer)[:SHOWN]) if cares else [],
        notes=to_sign(viewer=viewer, at=at) if cares else None,
        sent_back=sent_back if cares else None,
        to_co_sign=to_co_sign if viewer.has_any(CLINICIANS) else None,
        inquiries=list(inquiries(viewer=viewer).filter(status=Inquiry.Status.NEW)[:12]) if takes_in else [],
        interviews=list(interviews_of(viewer=viewer, start=start, end=end)) if takes_in else [],
        referrals=referrals_in_inbox(viewer=viewer).count if takes_in else 0,
        offers=offers_to_answer(viewer=viewer, at=at) if takes_in else 0,
        medical=medical_count(viewer=viewer, at=at) if viewer.has_any(MEDICAL) else 0,
        barriers=list(my_barriers(viewer=viewer)[:SHOWN]) if viewer.has_any(HELPERS) else [],
        to_plan=weeks_to_plan(viewer=viewer, at=at),
        to_step_down=weeks_to_step_down(viewer=viewer, at=at),
        endings=endings_to_look_at(viewer=viewer),
        holds=list(holds_to_end(viewer=viewer, at=at)) if viewer.has_any(HOLDERS) else (),
        missed_follow_ups=missed_follow_ups(viewer=viewer, at=at) if viewer.has_any(FOLLOWERS) else (),
        first_visits=visits_to_ask_about(viewer=viewer, at=at) if viewer.has_any(FOLLOWERS) else (),
        running_out=list(running_out(viewer=viewer, at=at)[:SHOWN]) if viewer.has_any(AUTHORISERS) else [],
        on_the_way=people_on_the_way_in(viewer=viewer, at=at, most=ON_THE_WAY) if viewer.has_any(ADMITTERS) else [],
    )
