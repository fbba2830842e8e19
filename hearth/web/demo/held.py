"""Sections and seats, and what took place: rosters, minutes, moods, bookings and notes, as services make them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from hearth.accounts.models import User
from hearth.people.models import Modality
from hearth.program import pack
from hearth.program.models import Booking
from hearth.sessions.models import (
    Attendance,
    GroupNote,
    Handout,
    HandoutReceipt,
    Outreach,
    OutreachAttempt,
    Presence,
    ProgressNote,
    Session,
)
from hearth.sessions.note_words import named_interventions
from hearth.sessions.policies import policy_of_pack
from hearth.sessions.rules.attendance import HERE, Status, judge, stretch_of
from hearth.sessions.rules.notes import digest
from hearth.sessions.rules.topics import About, Place, Stay, about
from hearth.timetable.board import Span
from hearth.timetable.hours import as_json
from hearth.timetable.models import Availability, Proposal, Seat, Section
from hearth.web.demo import wording
from hearth.web.demo.charts import Chart
from hearth.web.demo.cosigned import ask_to_co_sign, co_sign
from hearth.web.demo.house import House, Scene, clock
from hearth.web.demo.week import Meeting

PURPOSE = "care_sessions.session"
WEEK = timedelta(days=7)
MISSES = 2  # as the packs say
COMES = {"shining": 96, "steady": 90, "slow": 82, "struggling": 66}
"""Percent of sessions that somebody comes to."""


@dataclass
class Row:
    """One chart on one roster."""

    chart: Chart
    attendance: Attendance


def hold(
    scene: Scene, house: House, meetings: list[Meeting], charts: dict[str, Chart], closed: list[tuple[date, date]]
) -> None:
    """Every section of the week with its seats and all of its sessions, past and to come, but for closed days."""
    walt = house.staff["Walt Jensen"]
    monday = scene.today - timedelta(days=scene.today.weekday())
    proposal = scene.pile.make(
        Proposal, week_of=monday - 26 * WEEK, status=Proposal.Status.ACCEPTED, asked_by=walt,
        asked_at=scene.at - 27 * WEEK, decided_by=walt, decided_at=scene.at - 27 * WEEK + timedelta(hours=1),
    )  # fmt: skip
    stays = {
        key: _stay(chart, [each for each in meetings if chart.life in each.lives]) for key, chart in charts.items()
    }
    for meeting in meetings:
        own = [charts[life.key] for life in meeting.lives]
        section = _section(scene, house, meeting, own, proposal)
        _hold_section(scene, meeting, section, own, closed, stays)
    for chart in charts.values():
        _availability(scene, chart, [each for each in meetings if chart.life in each.lives])
        _reach_out(scene, house, chart)
    co_sign(scene)


def _reach_out(scene: Scene, house: House, chart: Chart) -> None:
    """Whoever missed two and more in a row of late is being reached out to; somebody tried to call."""
    missed: list[Attendance] = []
    for row in sorted(chart.attendances, key=lambda row: row.session.starts_at):
        if row.session.ended_at and row.status in (*HERE, Status.ABSENT):
            missed = [*missed, row] if row.status == Status.ABSENT else []
    if len(missed) < MISSES or chart.life.ended_on:
        return
    row, counselor = missed[MISSES - 1], house.staff[chart.life.primary]
    began = scene.pile.make(
        Outreach, patient=chart.patient, session=row.session, misses=MISSES, opened_at=row.session.ends_at
    )
    tried_at = row.session.ends_at + timedelta(hours=16)
    if tried_at < scene.at:
        scene.pile.make(
            OutreachAttempt,
            outreach=began,
            how="call",
            reached=False,
            note=wording.NO_ANSWER,
            by=counselor,
            at=tried_at,
        )


def _section(scene: Scene, house: House, meeting: Meeting, charts: list[Chart], proposal: Proposal) -> Section:
    cohort = meeting.cohort
    is_group = meeting.kind in ("group", "skills")
    section = scene.pile.make(
        Section, program=house.programs[cohort.pattern.pack], name=meeting.name, kind=meeting.kind,
        population=charts[0].patient.population, topic=meeting.topic, language=meeting.language,
        modality=meeting.modality, weekday=meeting.day, starts=time(meeting.starts // 60, meeting.starts % 60),
        minutes=meeting.minutes, time_zone=scene.organisation.time_zone, facilitator=house.staff[meeting.leader],
        co_facilitator=house.staff[meeting.second] if meeting.second else None,
        interpreter=house.interpreters[meeting.interpreter] if meeting.interpreter else None,
        room=house.rooms[meeting.room] if meeting.room else None, capacity=12 if is_group else 1,
        started_on=min(each.life.starts_on for each in charts), proposal=proposal,
    )  # fmt: skip
    for chart in charts:
        during = DateRange(chart.life.starts_on, None)
        scene.pile.make(Seat, section=section, patient=chart.patient, during=during, modality=meeting.modality)
    return section


def _availability(scene: Scene, chart: Chart, meetings: list[Meeting]) -> None:
    """The hours this student painted: the usual ones of their program, and those of what they come to, groups best."""
    first, last = chart.life.cohort.pattern.free
    hours: list[Span] = []
    best: list[Span] = []
    family = []
    for day in sorted({*range(5), *(each.day for each in meetings)}):
        own = [each for each in meetings if each.day == day]
        start = min([first, *(each.starts for each in own)])
        end = max([last, *(each.starts + each.minutes for each in own)])
        hours.append(Span(day, start, end))
        best += [Span(day, each.starts, each.starts + each.minutes) for each in own if each.kind == "group"]
        family += [
            {"day": day, "from": clock(max(start, each.starts - 60)), "to": clock(min(end, each.starts + 120))}
            for each in own
            if each.kind == "family"
        ]
    scene.pile.make(
        Availability, patient=chart.patient, hours=as_json(hours, best), family_hours=family, entered_by=chart.user,
        entered_at=chart.episode.admitted_at + timedelta(hours=1),
    )  # fmt: skip


def _hold_section(
    scene: Scene,
    meeting: Meeting,
    section: Section,
    charts: list[Chart],
    closed: list[tuple[date, date]],
    stays: dict[str, Stay],
) -> None:
    day = section.started_on + timedelta(days=(section.weekday - section.started_on.weekday()) % 7)
    last = max(chart.life.lasts_until() for chart in charts)
    while day < last:
        riders = [each for each in charts if each.life.starts_on <= day < each.life.lasts_until()]
        if riders and not any(first <= day <= closing for first, closing in closed):
            subject = about(meeting.kind, [stays[each.life.key] for each in riders], on=day, language=meeting.language)
            _session(scene, subject, section, riders, day)
        day += WEEK


def _session(scene: Scene, subject: About, section: Section, riders: list[Chart], day: date) -> None:
    starts_at = datetime.combine(day, section.starts, scene.zone).astimezone(UTC)
    ends_at = starts_at + timedelta(minutes=section.minutes)
    is_over, has_begun = ends_at <= scene.at, starts_at <= scene.at
    session = scene.pile.make(
        Session, section=section, kind=section.kind, name=section.name, topic=subject.topic, lesson=subject.lesson,
        facilitator=section.facilitator, co_facilitator=section.co_facilitator, interpreter=section.interpreter,
        modality=section.modality, room=section.room, starts_at=starts_at,
        ends_at=ends_at, started_at=starts_at if has_begun else None, ended_at=ends_at if is_over else None,
    )  # fmt: skip
    _book(scene, session, riders)
    roster = [_place(scene, session, chart) for chart in riders]
    if session.is_group and has_begun and scene.at - starts_at < timedelta(days=1):
        _hand_out(scene, session, roster)
    if not is_over:
        return
    here = [row for row in roster if row.attendance.status in HERE]
    scene.pile.deed("sessions.ended", by=session.facilitator, about=session, at=ends_at, here=len(here))
    delay = timedelta(minutes=scene.random.randint(20, 1100))
    if here and ends_at + delay < scene.at and scene.at - ends_at > timedelta(hours=20):
        _sign(scene, session, here, at=ends_at + delay)


def _hand_out(scene: Scene, session: Session, roster: list[Row]) -> None:
    """The lesson of the day (or the one for hard moments) went to the phones of those here; most have opened it."""
    at = min(scene.at, session.starts_at + timedelta(minutes=50))
    handout = scene.pile.make(
        Handout, session=session, lesson=session.lesson or "ride-the-wave", given_by=session.facilitator, given_at=at
    )  # fmt: skip
    scene.pile.deed("sessions.handed_out", by=session.facilitator, about=handout, at=at)
    for number, row in enumerate(row for row in roster if row.attendance.status in HERE):
        if number % 3 and at < scene.at:
            opened_at = min(scene.at, at + timedelta(minutes=2 * number))
            scene.pile.make(HandoutReceipt, handout=handout, attendance=row.attendance, opened_at=opened_at)


def _stay(chart: Chart, meetings: list[Meeting]) -> Stay:
    episode, held = chart.episode, DateRange(chart.life.starts_on, None)
    places = tuple(Place(each.kind, each.day, held) for each in meetings)
    return Stay(chart.life.cohort.pattern.pack, episode.track, episode.starts_on, episode.planned_end_on, places)


def _book(scene: Scene, session: Session, riders: list[Chart]) -> None:
    during = DateTimeTZRange(session.starts_at, session.ends_at)
    helpers = (session.facilitator_id, session.co_facilitator_id, session.interpreter_id)
    people = [*helpers, *(chart.patient.pk for chart in riders)]
    held = [(Booking.Resource.PERSON, pk) for pk in people if pk is not None]
    if session.room_id:
        held.append((Booking.Resource.ROOM, session.room_id))
    for kind, pk in held:
        scene.pile.make(
            Booking, resource_kind=kind, resource_id=pk, during=during, purpose_kind=PURPOSE, purpose_id=session.pk
        )


def _place(scene: Scene, session: Session, chart: Chart) -> Row:
    random, life = scene.random, chart.life
    row = scene.pile.make(Attendance, session=session, patient=chart.patient, modality=session.modality)
    chart.attendances.append(row)
    if session.started_at is None:
        return Row(chart, row)
    comes = random.randint(1, 100) <= COMES[life.course]
    if life.key == "Jonah Park":
        comes = comes and session.starts_at < scene.at - timedelta(days=8)
    if comes:
        late = random.randint(12, 35) if random.random() < 0.07 else random.randint(-9, 8)
        arrived = session.starts_at + timedelta(minutes=late)
        if session.ended_at is None and arrived > scene.at:
            return Row(chart, row)
        own = "own" if session.modality == Modality.VIRTUAL or not session.is_group else "site"
        row.arrived_at, row.source = arrived, random.choice((own, own, "staff"))
        row.mood_in = _mood(scene, chart, session)
        if row.modality == Modality.VIRTUAL:
            row.location = next((each for each in wording.PLACES if life.state in each), wording.PLACES[0])
    elif session.ended_at is None:
        return Row(chart, row)
    if session.ended_at is not None and row.arrived_at and random.random() < 0.04:
        row.left_at = max(row.arrived_at, session.ends_at - timedelta(minutes=random.randint(15, 40)))
    if row.arrived_at:
        scene.pile.make(
            Presence, attendance=row, source=row.source, began_at=row.arrived_at, ended_at=row.left_at,
            recorded_by=chart.user if row.source != "staff" else session.facilitator, recorded_at=row.arrived_at,
        )  # fmt: skip
    planned = (session.starts_at, session.ends_at)
    verdict = judge(
        stretch_of(row.arrived_at, row.left_at), planned=planned, over_at=session.ended_at,
        policy=policy_of_pack(chart.life.cohort.pattern.pack),
    )  # fmt: skip
    row.status, row.minutes = verdict.status, verdict.minutes if session.ended_at else 0
    if row.status == Status.ABSENT and life.key != "Jonah Park" and random.random() < 0.45:
        row.status, row.source, row.reason = Status.EXCUSED, "staff", random.choice(wording.EXCUSES)
    if session.ended_at and row.arrived_at:
        row.mood_out = min(10, (row.mood_in or 5) + random.choice((0, 0, 1, 1, 2)))
    return Row(chart, row)


def _mood(scene: Scene, chart: Chart, session: Session) -> int:
    """How somebody feels on arriving, 0 to 10: the lower their PHQ-9, the better."""
    life = chart.life
    gone = (session.starts_at - chart.episode.admitted_at).days / max(1, (scene.at - chart.episode.admitted_at).days)
    phq = life.phq[0] + (life.phq[1] - life.phq[0]) * min(1.0, gone)
    return max(0, min(10, round(8 - phq / 3.5 + scene.random.uniform(-1.4, 1.4))))


def _sign(scene: Scene, session: Session, here: list[Row], *, at: datetime) -> None:
    """The group note and one locked note per student present, as `sessions.services.sign_group_note` makes them."""
    random, by = scene.random, session.facilitator
    text = random.choice(wording.SAID_FOR_ALL) if session.is_group else wording.SAID_ALONE
    interventions = list(random.choice(wording.INTERVENTIONS))
    lines = {str(row.attendance.pk): _line(scene, row) for row in here}
    scene.pile.make(
        GroupNote, session=session, text=text, process=wording.PROCESS if session.is_group else "",
        interventions=interventions, plan=wording.NEXT_TIME, lines=lines,
        saved_at=at, signed_by=by, signed_at=at,
    )  # fmt: skip
    shared = _shared(scene, session, text, interventions, len(here))
    for row in here:
        body = shared | _own_part(row, lines[str(row.attendance.pk)])
        note = scene.pile.make(
            ProgressNote, patient=row.chart.patient, session=session, body=body, signed_by=by, signed_at=at,
            digest=digest(body),
        )  # fmt: skip
        scene.pile.deed("sessions.note_signed", by=by, about=note, at=at, digest=note.digest)
        ask_to_co_sign(scene, note, at=at)
    scene.pile.deed("sessions.notes_signed", by=by, about=session, at=at, notes=len(here))


def _line(scene: Scene, row: Row) -> dict[str, Any]:
    course = row.chart.life.course
    return {
        "text": scene.random.choice(wording.LINES[course]),
        "took_part": scene.random.randint(*wording.TOOK_PART[course]),
        "risk": "none",
        "risk_text": "",
        "progress": wording.PROGRESS[course],
        "goal": scene.random.choice([goal.number for goal in row.chart.goals]),
        "plan": "",
        "location": row.attendance.location,
    }


def _shared(scene: Scene, session: Session, text: str, interventions: list[str], here: int) -> dict[str, Any]:
    by = session.facilitator
    start, stop = session.starts_at.astimezone(scene.zone), session.ends_at.astimezone(scene.zone)
    return {
        "date": start.date().isoformat(),
        "start": f"{start:%H:%M}",
        "stop": f"{stop:%H:%M}",
        "time_zone": scene.zone.key,
        "kind": session.kind,
        "session": session.name,
        "topic": session.topic,
        "lesson": session.lesson,
        "clinician": by.name,
        "credentials": by.title,
        "licences": _licences(scene, by),
        "attendees": here,
        "interventions": named_interventions(interventions),
        "said_for_all": text,
        "process": wording.PROCESS if session.is_group else "",
    }


def _licences(scene: Scene, by: User) -> list[str]:
    held = sorted((each.state, each.number, each.discipline) for each in scene.licences[by.pk])
    return [f"{discipline} {state} {number}" for state, number, discipline in held]


def _own_part(row: Row, line: dict[str, Any]) -> dict[str, Any]:
    attendance, chart = row.attendance, row.chart
    goal = next(each for each in chart.goals if each.number == line["goal"])
    problems = sorted(chart.problems, key=lambda each: not each.is_primary)
    by_video = {
        "location": attendance.location,
        "identity": "signed_in" if attendance.source == "own" else "seen_by_clinician",
        "telehealth_consent": chart.telehealth.signed_at.date().isoformat() if chart.telehealth else None,
    }
    return {
        "minutes": attendance.minutes,
        "attendance": str(attendance.status),
        "modality": str(attendance.modality),
        **(by_video if attendance.modality == Modality.VIRTUAL else {}),
        "diagnoses": [{"text": each.text, "code": each.code} for each in problems],
        "goal": {"number": goal.number, "words": goal.words},
        "format": pack.get(chart.life.cohort.pattern.pack).notes.format,
        "progress": line["progress"],
        "took_part": line["took_part"],
        "response": line["text"],
        "mood_in": attendance.mood_in,
        "mood_out": attendance.mood_out,
        "risk": line["risk"],
        "risk_text": line["risk_text"],
        "plan": wording.NEXT_TIME,
    }
