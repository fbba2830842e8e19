"""What could be offered to a student instead of a place of theirs, and whether it may be: the rules on today's rows."""

from dataclasses import dataclass, replace
from datetime import date, time

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.people.models import Patient
from hearth.timetable import hours
from hearth.timetable.board import Board, clock
from hearth.timetable.models import ChangeOffer, Seat, Section
from hearth.timetable.moving import DoesNotApply, Judge, Reseat, judge_seat, seat_targets, spot_of, targets
from hearth.timetable.queries import hours_of, named
from hearth.timetable.rules import Violation
from hearth.timetable.week import Moment, Session, moments, people_in, slots_of
from hearth.timetable.week_board import WeekBoard, board_of_week, group_of, individual_of, seated_in


class NotOnTheBoard(Exception):
    """No week can be made for this student yet; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that could be offered: a standing group, or another time for an hour alone. `key` stands in forms."""

    key: str
    weekday: int
    starts: time
    section: Section | None
    suits_best: bool


@dataclass(frozen=True, slots=True)
class StandingWeek:
    """The week of a Monday as it stands: the board, and what meets by section id."""

    week: WeekBoard
    sections: dict[str, Section]
    sessions: dict[str, Session]

    @property
    def board(self) -> Board:
        return self.week.board


def standing_week(*, viewer: User, week_of: date) -> StandingWeek:
    """The week as the rules see it, groups without anybody included. For those who plan weeks."""
    week = board_of_week(viewer=viewer, week_of=week_of)
    people = {one.id for one in week.board.patients}
    rows = Section.objects.within_week(week_of).select_related("facilitator", "room__site")
    sections, sessions = {}, {}
    for section in rows.prefetch_related(Prefetch("seats", Seat.objects.order_by("pk"))).order_by("weekday", "starts"):
        seated = tuple(who for who in seated_in(section, week_of) if who in people)
        if section.meets_on(section.day_in(week_of)) and (section.is_group or seated):
            sections[str(section.pk)] = section
            alone = not section.is_group
            known = week.standing.get(str(section.pk))  # with those who were promised a place in it
            sessions[str(section.pk)] = known or (
                individual_of(section, seated[0]) if alone else group_of(section, seated)
            )
    return StandingWeek(week, sections, dict(week.standing) | sessions)


def options_for(patient: Patient, section: Section, *, viewer: User, week_of: date) -> list[Option]:
    """What this student could be offered instead, breaking no rule: what suits them best first, then by time.

    Raises NotOnTheBoard.
    """
    now = standing_week(viewer=viewer, week_of=week_of)
    _must_be_on(now.week, patient)
    given = hours_of(patient)
    best = moments(hours.best_from_json(given.hours) if given else ())
    key = str(section.pk)
    if key not in now.sessions:
        return []
    found = _groups_for(now, patient, key, best) if section.is_group else _times_for(now, key, best)
    return sorted(found, key=lambda one: (not one.suits_best, one.weekday, one.starts))


def _groups_for(now: StandingWeek, patient: Patient, key: str, best: frozenset[Moment]) -> list[Option]:
    section, who = now.sections[key], str(patient.pk)
    like = {
        other
        for other, one in now.sections.items()
        if (one.kind, one.population) == (section.kind, section.population) and not _is_full(one, now)
    }
    near = {other: one for other, one in now.sessions.items() if other in {*like, key} or who in people_in(one)}
    found = []
    for other, broken in seat_targets(now.board, near, who, key).items():
        if other in like and not broken:
            there = now.sections[other]
            found.append(Option(other, there.weekday, there.starts, there, _suits(near[other], best)))
    return found


def _times_for(now: StandingWeek, key: str, best: frozenset[Moment]) -> list[Option]:
    session = now.sessions[key]
    found = []
    for (day, start), broken in targets(now.board, now.sessions, key, spot_of(session)).times.items():
        if not broken and (day, start) != (session.day, session.start):
            suits = _suits(replace(session, day=day, start=start), best)
            found.append(Option(f"{day}-{clock(start)}", day, time(start // 60, start % 60), None, suits))
    return found


def _suits(session: Session, best: frozenset[Moment]) -> bool:
    return slots_of(session) <= best


def _is_full(section: Section, now: StandingWeek) -> bool:
    return len(people_in(now.sessions[str(section.pk)])) >= section.capacity


def broken_by(offer: ChangeOffer, *, viewer: User) -> list[str]:
    """Why this change may not be, in sentences with names; nothing if it may. Raises NotOnTheBoard."""
    now = standing_week(viewer=viewer, week_of=offer.from_on)
    _must_be_on(now.week, offer.patient)
    try:
        return list(dict.fromkeys(named(one.sentence, now.week.names) for one in _broken(now, offer)))
    except DoesNotApply:
        return [_("The week has changed: one of the two places is not there any more.")]


def _broken(now: StandingWeek, offer: ChangeOffer) -> list[Violation]:
    who, key = str(offer.patient_id), str(offer.from_section_id)
    if offer.to_section_id is not None:
        return judge_seat(now.board, now.sessions, Reseat(who, key, str(offer.to_section_id)))
    session = now.sessions.get(key)
    if session is None or getattr(session, "patient", None) != who or offer.starts is None:
        raise DoesNotApply("gone", key, who)
    start = offer.starts.hour * 60 + offer.starts.minute
    return Judge(now.board, now.sessions, key).judge(replace(spot_of(session), day=offer.new_weekday, start=start))


def _must_be_on(week: WeekBoard, patient: Patient) -> None:
    if any(one.id == str(patient.pk) for one in week.board.patients):
        return
    lacking = [str(reason) for one in week.left_out if one.patient.pk == patient.pk for reason in one.reasons]
    raise NotOnTheBoard(", ".join(lacking) or _("is in no program then"))
