"""How good a week is, in figures: what `hearth timetable check` prints."""

from itertools import combinations

from hearth.timetable.board import FORMAT, KINDS, SLOT, Board, Solution
from hearth.timetable.rules import violations
from hearth.timetable.week import Seat, Session, Week, leaders_of, moments, people_in, slots_of, unmet_minutes

Figures = dict[str, int | float]
Counts = dict[str, int]


def figures(board: Board, solution: Solution) -> Figures:
    """Every figure of this week: shares are 0 to 1, `mean_group` is people, the rest counts or minutes.

    A board of the second format has `wishes` too.
    """
    week = Week(board, solution)
    unmet = unmet_minutes(week)
    dose = sum(patient.dose.minutes() for patient in board.patients)
    seated = sum(len(group.patients) for group in solution.groups)
    return {
        "broken": len(violations(board, solution)),
        "unmet_minutes": unmet,
        "dose_minutes": dose,
        "coverage": round(1 - unmet / max(1, dose), 4),
        "full_dose_share": round(_with_full_dose(week) / max(1, len(board.patients)), 4),
        "extra_days": extra_days(week),
        "gaps": gaps(week),
        "groups": len(solution.groups),
        "mean_group": round(seated / max(1, len(solution.groups)), 2),
        "second_choice_topics": second_choice_topics(week),
        "unmet_bound": solution.unmet_bound,
        **disturbance(board, solution),
        **wishes(week),
    }


def _with_full_dose(week: Week) -> int:
    return sum(
        all(week.given[patient.id, kind] >= patient.dose.part(kind).count for kind in KINDS)
        for patient in week.board.patients
    )


def extra_days(week: Week) -> int:
    """Days on which people come beyond the days wished for."""
    return sum(max(0, len(week.day_slots[one.id]) - one.dose.days) for one in week.board.patients)


def gaps(week: Week) -> int:
    """Idle stretches between one person's sessions within a day."""
    return sum(
        sum(minute + SLOT not in slots for minute in slots) - 1
        for days in week.day_slots.values()
        for slots in days.values()
    )


def second_choice_topics(week: Week) -> int:
    """Seats in groups whose topic is not the person's first."""
    return sum(
        session.kind == "group" and getattr(session, "topic", None) != patient.topics[0]
        for session, patient in week.attended
    )


def wishes(week: Week) -> Counts:
    """What `hearth.board/2` would rather not see, in counts; nothing for a board of the first format.

    `outside_best`: seats outside the hours someone likes best. `separated`: seats in groups without each of those the
    person would rather sit with. `split_pairs`: groups led by one of a `should` pair without the other. `load_spread`:
    hundredths of their week's minutes by which the busiest member of staff leads more than the idlest.
    """
    board = week.board
    if board.format == FORMAT:
        return {}
    best = {one.id: moments(one.best) for one in board.patients if one.best}
    groups_of = {
        one.id: {i for i, group in enumerate(week.groups) if one.id in group.patients} for one in board.patients
    }
    pairs = [pair for people in board.together for pair in combinations(people, 2)]
    should = [pair for pair in board.staff_pairs if pair.lead == "should"]
    loads = [
        100 * len(week.staff_busy[one.id]) * SLOT // one.max_minutes_week
        for one in board.staff
        if one.id not in board.absent and one.hours and one.max_minutes_week
    ]
    return {
        "outside_best": sum(one.id in best and not slots_of(session) <= best[one.id] for session, one in week.attended),
        "separated": sum(len(groups_of[one] ^ groups_of[other]) for one, other in pairs),
        "split_pairs": sum(
            pair.first in leaders_of(group) and pair.second not in leaders_of(group)
            for pair in should
            for group in week.groups
        ),
        "load_spread": max(loads, default=0) - min(loads, default=0),
    }


def seats(solution: Solution) -> set[Seat]:
    """Who is where, when, with whom: what a person would notice if it changed."""
    sessions: tuple[Session, ...] = (*solution.groups, *solution.individual)
    return {
        (who, session.kind, session.day, session.start, session.staff, session.modality)
        for session in sessions
        for who in people_in(session)
    }


def disturbance(board: Board, solution: Solution) -> dict[str, int]:
    """`hit`: seats of `current` led by absent staff; `moved`: its other seats that are gone."""
    before = seats(board.current) if board.current else set()
    hit = {seat for seat in before if seat[4] in board.absent}
    return {"hit": len(hit), "moved": len(before - hit - seats(solution))}


def rank(board: Board, solution: Solution) -> tuple[int, int, int, int, int]:
    """The order of preferences (less is better): unmet, moved, extra days and gaps, second topics, groups.

    The wishes of `hearth.board/2` count as second topics do, ten hundredths of load as one of them.
    """
    week = Week(board, solution)
    moved = disturbance(board, solution)["moved"]
    comfort = extra_days(week) + gaps(week)
    wished = wishes(week)
    spread = wished.pop("load_spread", 0) // 10
    return (
        unmet_minutes(week),
        moved,
        comfort,
        second_choice_topics(week) + sum(wished.values()) + spread,
        len(solution.groups),
    )
