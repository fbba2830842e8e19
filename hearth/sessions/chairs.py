"""Each student of a session, with what a note must know of them. For callers who have passed `access_session`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from hearth.admission.models import Episode
from hearth.consent.models import Consent, ConsentKind
from hearth.people.models import Modality
from hearth.plan.models import Goal, Problem
from hearth.program import pack as program_packs
from hearth.program.pack import Pack
from hearth.sessions.models import Attendance, ProgressNote, Session
from hearth.sessions.queries import HERE, PRESENCES, zone_of
from hearth.sessions.showing import said_in_rounds
from hearth.skills.models import Assignment, Practice


@dataclass(frozen=True, slots=True)
class Since:
    """What a student did since they were last in a session."""

    last_on: date | None = None  # of that session, in this one's zone
    practised: int = 0
    handed_in: tuple[str, ...] = ()  # ids of lessons


@dataclass(frozen=True, slots=True)
class Chair:
    """One student of a session, with what a note needs to know of them. The last four are for its writer alone."""

    attendance: Attendance
    goals: tuple[Goal, ...]
    problems: tuple[Problem, ...]
    telehealth_consent: Consent | None
    pack: Pack | None = None
    last_goal: int | None = None  # the goal their last signed note speaks of
    since: Since = Since()
    rounds: tuple[tuple[str, int], ...] = ()  # what they said in check-in rounds

    @property
    def id(self) -> str:
        """The key of this student's line in a draft."""
        return str(self.attendance.pk)

    @property
    def is_here(self) -> bool:
        return self.attendance.status in HERE

    @property
    def is_virtual(self) -> bool:
        return self.attendance.modality == Modality.VIRTUAL


def chairs(*, session: Session, at: datetime) -> list[Chair]:
    """The roster with goals, problems, consents, program and what was done since. A fixed number of queries."""
    found = chairs_of(sessions=[session], at=at)[session.pk]
    ids = [chair.attendance.patient_id for chair in found]
    stays = Episode.objects.filter(patient__in=ids).order_by("starts_on")  # the latest stay comes last
    packs = dict(stays.values_list("patient", "program__pack"))
    last_goals, since, rounds = _last_goals(ids), _since(session, ids), said_in_rounds(session=session)
    return [
        replace(
            chair,
            pack=program_packs.get(packs[pk]) if pk in packs else None,
            last_goal=last_goals.get(pk),
            since=since[pk],
            rounds=rounds.get(chair.attendance.pk, ()),
        )
        for chair, pk in zip(found, ids, strict=True)
    ]


def chairs_of(*, sessions: Iterable[Session], at: datetime) -> dict[UUID, list[Chair]]:
    """The rosters of many sessions with goals, problems and consents. Five queries, however many."""
    meetings = {session.pk: session for session in sessions}
    found: dict[UUID, list[Chair]] = {pk: [] for pk in meetings}
    rows = Attendance.objects.filter(session__in=found).select_related("patient").prefetch_related(PRESENCES)
    seats = list(rows.order_by("patient__chosen_name", "patient__family_name", "pk"))
    ids = {row.patient_id for row in seats}
    goals = Goal.objects.filter(patient__in=ids, episode__ended_at=None, status=Goal.Status.ACTIVE)
    problems = Problem.objects.filter(patient__in=ids, episode__ended_at=None)
    consents = Consent.objects.filter(patient__in=ids, kind=ConsentKind.TELEHEALTH).in_force(at=at)
    goals_of = _by_patient(goals.order_by("number"))
    problems_of = _by_patient(problems.order_by("-is_primary", "noted_at", "pk"))
    consent_of = {consent.patient_id: consent for consent in consents.order_by("signed_at")}
    for row in seats:
        row.session = meetings[row.session_id]
        own_goals, own_problems = goals_of.get(row.patient_id, ()), problems_of.get(row.patient_id, ())
        chair = Chair(row, tuple(own_goals), tuple(own_problems), consent_of.get(row.patient_id))
        found[row.session_id].append(chair)
    return found


def _by_patient(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.patient_id, []).append(row)
    return found


def _last_goals(ids: list[UUID]) -> dict[UUID, int | None]:
    notes = ProgressNote.objects.filter(patient__in=ids, session__isnull=False)
    notes = notes.order_by("patient", "-session__starts_at").distinct("patient")
    return dict(notes.values_list("patient", "body__goal__number"))


def _since(session: Session, ids: list[UUID]) -> dict[UUID, Since]:
    """What each did between the last session they were in and this one; notes and thought records stay theirs."""
    before = Attendance.objects.filter(patient__in=ids, status__in=HERE, session__starts_at__lt=session.starts_at)
    last = {each["patient"]: each["last"] for each in before.values("patient").annotate(last=Max("session__starts_at"))}
    until = session.over_at
    practised = Practice.objects.filter(patient__in=ids, practised_at__lt=until)
    handed_in = Assignment.objects.filter(patient__in=ids, done_at__lt=until)
    if last:
        practised = practised.filter(practised_at__gte=min(last.values()))
        handed_in = handed_in.filter(done_at__gte=min(last.values()))
    times = [(pk, at) for pk, at in practised.values_list("patient", "practised_at") if pk in last and at >= last[pk]]
    lessons = [
        (pk, lesson)
        for pk, lesson, at in handed_in.order_by("done_at").values_list("patient", "lesson", "done_at")
        if pk in last and at and at >= last[pk]
    ]
    zone = zone_of(session)
    return {
        pk: Since(
            last_on=last[pk].astimezone(zone).date() if pk in last else None,
            practised=sum(one == pk for one, _ in times),
            handed_in=tuple(lesson for one, lesson in lessons if one == pk),
        )
        for pk in ids
    }
