"""How good a week is, in figures: what `hearth timetable check` prints."""

from hearth.timetable.board import KINDS, SLOT, Board, Solution
from hearth.timetable.rules import violations
from hearth.timetable.week import Seat, Session, Week, people_in, unmet_minutes

Figures = dict[str, int | float]


def figures(board: Board, solution: Solution) -> Figures:
    """Every figure of this week: shares are 0 to 1, `mean_group` is people, the rest counts or minutes."""
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
    """The order of preferences (less is better): unmet, moved, extra days and gaps, second topics, groups."""
    week = Week(board, solution)
    moved = disturbance(board, solution)["moved"]
    comfort = extra_days(week) + gaps(week)
    return unmet_minutes(week), moved, comfort, second_choice_topics(week), len(solution.groups)
