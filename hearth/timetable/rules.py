"""The hard rules of the timetable: the one authority on whether a week may stand.

Each rule is one function that reads a week and yields what breaks it; its name, in words, is what staff read
when it blocks them. `violations` runs them all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from hearth.timetable.board import CLOSE, KINDS, OPEN, SLOT, Board, Group, Room, Solution
from hearth.timetable.week import (
    DAYS,
    Moment,
    Session,
    Week,
    follows,
    helpers_of,
    is_sound_group,
    is_sound_individual,
    label,
    leaders_of,
    longest_run,
    moments,
    people_in,
    slots_of,
    unmet_minutes,
)

MOST_DAYS = 5  # nobody is asked to come on more days a week than this


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule. `rule` is its name in words; an id is empty where the rule is not about one.

    `amount` is by how much a rule that counts is broken, 0 for all others.
    """

    rule: str
    sentence: str
    session: Session | None = None
    staff: str = ""
    patient: str = ""
    room: str = ""
    amount: int = 0


def _at(
    session: Session, sentence: str, *, patient: str = "", room: str = "", staff: str = "", amount: int = 0
) -> Violation:
    return Violation("", f"{sentence}: {label(session)}.", session, staff or session.staff, patient, room, amount)


# ---- the rules


def sessions_lie_on_the_grid_and_have_a_known_kind_and_length(week: Week) -> Iterator[Violation]:
    for group in week.solution.groups:
        if not is_sound_group(group):
            yield _at(group, "This group's day, start, kind or modality cannot be")
    for one in week.solution.individual:
        if not is_sound_individual(week, one):
            yield _at(one, "This session's person, start, kind, modality or length cannot be", patient=one.patient)


def nobody_sits_twice_in_one_group(week: Week) -> Iterator[Violation]:
    for group in week.groups:
        if len(set(group.patients)) != len(group.patients):
            yield _at(group, "Someone is listed twice")


def a_group_is_neither_too_small_nor_too_large(week: Week) -> Iterator[Violation]:
    least, most = week.board.minimum, week.board.capacity
    for group in week.groups:
        people = len(group.patients)
        if not least <= people <= most:
            off = max(least - people, people - most)
            yield _at(group, f"{people} people where {least} to {most} may be", amount=off)


def staff_and_people_are_known(week: Week) -> Iterator[Violation]:
    for session in week.sessions:
        for name in leaders_of(session):
            if name not in week.staff:
                yield _at(session, f"{name} is not among the staff", staff=name)
        for who in people_in(session):
            if who not in week.patients:
                yield _at(session, f"{who} is not among the people", patient=who)


def staff_who_are_away_lead_nothing(week: Week) -> Iterator[Violation]:
    for session, staff in week.led:
        if staff.id in week.board.absent:
            yield _at(session, f"{staff.id} is away", staff=staff.id)


def staff_are_inside_their_hours(week: Week) -> Iterator[Violation]:
    for session, staff in week.led:
        if not slots_of(session) <= week.hours[staff.id]:
            yield _at(session, f"{staff.id} does not work at this time", staff=staff.id)


def people_are_inside_their_hours(week: Week) -> Iterator[Violation]:
    for session, patient in week.attended:
        if not slots_of(session) <= week.available[patient.id]:
            yield _at(session, f"{patient.id} is not free at this time", patient=patient.id)


def family_sessions_are_inside_the_familys_hours(week: Week) -> Iterator[Violation]:
    for one in week.individual:
        family = moments(week.patients[one.patient].family_available) if one.kind == "family" else frozenset()
        if one.kind == "family" and not slots_of(one) <= family:
            yield _at(one, f"{one.patient}'s family is not free at this time", patient=one.patient)


def nobody_is_in_two_places(week: Week) -> Iterator[Violation]:
    busy: dict[str, set[Moment]] = defaultdict(set)
    for session in week.sessions:
        slots = slots_of(session)
        staff = [who for who in helpers_of(session) if who in week.staff or who in week.interpreters]
        room = _room_of(week, session)
        people = [who for who in people_in(session) if who in week.patients]
        for who in (*staff, *([room.id] if room else []), *people):
            if busy[who] & slots:
                yield _at(session, f"{who} is in two places at once", patient=who if who in people else "")
            busy[who] |= slots


def _room_of(week: Week, session: Session) -> Room | None:
    """The room of a group in person if it is known and has a seat for everyone, leaders and interpreter too."""
    if not isinstance(session, Group) or session.modality != "in_person":
        return None
    room = week.rooms.get(session.room or "")
    return room if room and room.seats >= len(session.patients) + len(helpers_of(session)) else None


def a_group_in_person_has_a_room_with_enough_seats(week: Week) -> Iterator[Violation]:
    for group in week.groups:
        if group.modality == "in_person" and not _room_of(week, group):
            yield _at(group, "No room with a seat for everyone", room=group.room or "")


def the_leader_fits_the_session(week: Week) -> Iterator[Violation]:
    for session, staff in week.led:
        if isinstance(session, Group):
            fits = session.population in staff.populations and session.language in staff.languages
            fits = fits and (session.kind == "skills" or session.topic in staff.topics or staff.id != session.staff)
        else:
            patient = week.patients[session.patient]
            shared = set(patient.languages) & set(staff.languages)
            fits = patient.population in staff.populations and (staff.id == patient.primary or bool(shared))
        if not fits:
            yield _at(session, f"{staff.id} does not serve this population, topic or language", staff=staff.id)


def people_fit_their_group(week: Week) -> Iterator[Violation]:
    for session, patient in week.attended:
        if not isinstance(session, Group):
            continue
        fits = patient.population == session.population
        fits = fits and (bool(patient.interpreting) or session.language in patient.languages)
        fits = fits and session.minutes == patient.dose.part(session.kind).minutes
        if not fits or (session.kind == "group" and session.topic not in patient.topics):
            yield _at(session, f"{patient.id} does not fit this group", patient=patient.id)


def a_virtual_sessions_leader_is_licensed_where_each_person_is(week: Week) -> Iterator[Violation]:
    for session, patient in week.attended:
        for staff in (week.staff[who] for who in leaders_of(session) if who in week.staff):
            if session.modality == "virtual" and patient.state not in staff.states:
                yield _at(session, f"{staff.id} is not licensed in {patient.state}", patient=patient.id, staff=staff.id)


def people_attend_in_their_own_modality(week: Week) -> Iterator[Violation]:
    for session, patient in week.attended:
        if patient.modality not in ("either", session.modality):
            way = session.modality.replace("_", " ")
            yield _at(session, f"{patient.id} cannot attend {way}", patient=patient.id)


def individual_sessions_are_with_the_primary_counselor(week: Week) -> Iterator[Violation]:
    for one in week.individual:
        primary = week.patients[one.patient].primary
        if one.staff in week.staff and one.staff != primary and primary not in week.board.absent:
            yield _at(one, f"{one.staff} is not {one.patient}'s counselor", patient=one.patient)


def staff_stay_within_their_weekly_minutes(week: Week) -> Iterator[Violation]:
    for staff in week.board.staff:
        minutes = len(week.staff_busy[staff.id]) * SLOT
        if minutes > staff.max_minutes_week:
            off = minutes - staff.max_minutes_week
            yield Violation("", f"{staff.id} leads {minutes} minutes this week.", staff=staff.id, amount=off)


def staff_get_a_break_in_time(week: Week) -> Iterator[Violation]:
    for staff in week.board.staff:
        days = defaultdict[int, list[int]](list)
        for day, minute in sorted(week.staff_busy.get(staff.id, ())):
            if day in range(7) and OPEN <= minute < CLOSE:
                days[day].append(minute)
        for day, slots in days.items():
            longest = longest_run(slots)
            if longest > staff.max_minutes_run:
                sentence = f"{staff.id} leads {longest} minutes without a break on {DAYS[day]}."
                yield Violation("", sentence, staff=staff.id, amount=longest - staff.max_minutes_run)


def nobody_gets_more_than_prescribed(week: Week) -> Iterator[Violation]:
    for patient in week.board.patients:
        for kind in KINDS:
            off = week.given[patient.id, kind] - patient.dose.part(kind).count
            if off > 0:
                yield Violation("", f"{patient.id} has more {kind} than prescribed.", patient=patient.id, amount=off)


def nobody_comes_on_more_than_five_days(week: Week) -> Iterator[Violation]:
    for who, days in week.day_slots.items():
        if len(days) > MOST_DAYS:
            off = len(days) - MOST_DAYS
            yield Violation("", f"{who} comes on {len(days)} days.", patient=who, amount=off)


def a_day_holds_no_more_group_blocks_than_the_dose_allows(week: Week) -> Iterator[Violation]:
    for patient in week.board.patients:
        for day in week.day_slots[patient.id]:
            blocks = sum(session.kind == "group" for session in week.on_day[patient.id, day])
            if blocks > patient.dose.per_day:
                off = blocks - patient.dose.per_day
                sentence = f"{patient.id} has {blocks} groups on {DAYS[day]}."
                yield Violation("", sentence, patient=patient.id, amount=off)


def a_person_has_one_modality_a_day(week: Week) -> Iterator[Violation]:
    for patient in week.board.patients:
        for day in week.day_slots[patient.id]:
            if len({session.modality for session in week.on_day[patient.id, day]}) > 1:
                sentence = f"{patient.id} is both in person and virtual on {DAYS[day]}."
                yield Violation("", sentence, patient=patient.id)


def nobody_meets_in_person_where_it_is_closed(week: Week) -> Iterator[Violation]:
    closed = {(one.site, one.day) for one in week.board.closed}
    for session in week.sessions if closed else ():
        if (week.site_of(session), session.day) in closed:
            yield _at(session, "The site is closed on this day")


def there_is_time_to_travel_between_sites(week: Week) -> Iterator[Violation]:
    minutes = {one.sites: one.minutes for one in week.board.travel}
    for who, visits in week.in_person_at.items():
        for (here, one), (there, other) in combinations(visits, 2):
            if here == there or one.day != other.day:
                continue
            first, second = sorted((one, other), key=lambda session: session.start)
            way = minutes.get(frozenset((here, there)), 0)
            if first.start + first.minutes + way > second.start:
                yield _at(
                    second, f"{who} needs {way} minutes from one site to the other", patient=_if_person(week, who)
                )


def _if_person(week: Week, who: str) -> str:
    return who if who in week.patients else ""


def a_room_has_the_equipment_that_is_needed(week: Week) -> Iterator[Violation]:
    for group in week.groups:
        room = _room_of(week, group)
        if room is None:
            continue
        wanted = {"": week.board.need(group.kind, group.topic).equipment}
        wanted |= {who: week.patients[who].equipment for who in group.patients if who in week.patients}
        for who, things in wanted.items():
            for thing in things:
                if thing not in room.equipment:
                    about = f"{who} needs" if who else "This group needs"
                    yield _at(group, f"{about} {_said(thing)}, which {room.id} has not", patient=who, room=room.id)


def _said(thing: str) -> str:
    return thing.replace("_", " ")


def a_group_is_interpreted_for_whoever_needs_it(week: Week) -> Iterator[Violation]:
    for group in week.groups:
        for who in group.patients:
            patient = week.patients.get(who)
            if patient and patient.interpreting and not follows(patient, group.language, week.offers_in(group)):
                yield _at(group, f"Nobody interprets into {patient.interpreting} for {who}", patient=who)


def an_interpreter_is_known_and_inside_their_hours(week: Week) -> Iterator[Violation]:
    for group in week.groups:
        name = group.interpreter
        if not name:
            continue
        interpreter = week.interpreters.get(name)
        if interpreter is None:
            yield _at(group, f"{name} is not among the interpreters", staff=name)
        elif group.modality not in interpreter.modalities or not slots_of(group) <= week.hours[name]:
            yield _at(group, f"{name} does not interpret at this time in this way", staff=name)


def a_group_that_needs_two_leaders_has_two(week: Week) -> Iterator[Violation]:
    for group in week.groups:
        if group.co_staff == group.staff:
            yield _at(group, f"{group.staff} cannot be both leaders")
        elif week.board.need(group.kind, group.topic).leaders == 2 and not group.co_staff:
            yield _at(group, "A second leader is missing")


def staff_pairs_lead_together_or_never(week: Week) -> Iterator[Violation]:
    for pair in week.board.staff_pairs:
        for group in week.groups:
            leaders = leaders_of(group)
            if pair.first not in leaders:
                continue
            if pair.lead == "must" and pair.second not in leaders:
                yield _at(group, f"{pair.first} leads groups only together with {pair.second}", staff=pair.first)
            if pair.lead == "never" and pair.second in leaders:
                yield _at(group, f"{pair.first} and {pair.second} do not lead groups together", staff=pair.first)


def those_kept_apart_never_meet(week: Week) -> Iterator[Violation]:
    for session in week.sessions if week.board.apart else ():
        here = {*people_in(session), *helpers_of(session)}
        for pair in sorted(sorted(pair) for pair in week.board.apart if pair <= here):
            yield _at(session, f"{pair[0]} and {pair[1]} cannot be in one session", patient=_if_person(week, pair[0]))


def a_place_that_is_kept_stays(week: Week) -> Iterator[Violation]:
    current = week.board.current if week.board.kept else None
    if current is None:
        return
    held = {(who, one.kind, one.day, one.start) for one in week.sessions for who in people_in(one)}
    sessions: tuple[Session, ...] = (*current.groups, *current.individual)
    for session in sessions:
        for who in sorted(week.board.kept.intersection(people_in(session))):
            if (who, session.kind, session.day, session.start) not in held:
                yield Violation("", f"A place is kept for {who}: {label(session)}.", patient=who)


def the_claimed_bound_is_not_above_the_solution(week: Week) -> Iterator[Violation]:
    if week.solution.unmet_bound > unmet_minutes(week):
        yield Violation("", "The claimed bound lies above what this solution leaves unmet.")


Rule = Callable[[Week], Iterator[Violation]]
RULES: tuple[Rule, ...] = (
    sessions_lie_on_the_grid_and_have_a_known_kind_and_length,
    nobody_sits_twice_in_one_group,
    a_group_is_neither_too_small_nor_too_large,
    staff_and_people_are_known,
    staff_who_are_away_lead_nothing,
    staff_are_inside_their_hours,
    people_are_inside_their_hours,
    family_sessions_are_inside_the_familys_hours,
    nobody_is_in_two_places,
    a_group_in_person_has_a_room_with_enough_seats,
    the_leader_fits_the_session,
    people_fit_their_group,
    a_virtual_sessions_leader_is_licensed_where_each_person_is,
    people_attend_in_their_own_modality,
    individual_sessions_are_with_the_primary_counselor,
    staff_stay_within_their_weekly_minutes,
    staff_get_a_break_in_time,
    nobody_gets_more_than_prescribed,
    nobody_comes_on_more_than_five_days,
    a_day_holds_no_more_group_blocks_than_the_dose_allows,
    a_person_has_one_modality_a_day,
    nobody_meets_in_person_where_it_is_closed,
    there_is_time_to_travel_between_sites,
    a_room_has_the_equipment_that_is_needed,
    a_group_is_interpreted_for_whoever_needs_it,
    an_interpreter_is_known_and_inside_their_hours,
    a_group_that_needs_two_leaders_has_two,
    staff_pairs_lead_together_or_never,
    those_kept_apart_never_meet,
    a_place_that_is_kept_stays,
    the_claimed_bound_is_not_above_the_solution,
)


def violations(board: Board, solution: Solution) -> list[Violation]:
    """Every broken hard rule of this week; empty if it may stand."""
    week = Week(board, solution)
    return [
        Violation(rule.__name__.replace("_", " "), v.sentence, v.session, v.staff, v.patient, v.room, v.amount)
        for rule in RULES
        for v in rule(week)
    ]
