"""Which changes of a week last, and which pass with it because somebody is on leave or cannot come on a date."""

from hearth.timetable.board import KINDS, Group, Individual, Solution
from hearth.timetable.difference import PersonChange, difference, part
from hearth.timetable.rules import violations
from hearth.timetable.week import Session, Week, helpers_of
from hearth.timetable.week_board import WeekBoard


def lasting_people(week: WeekBoard, usual: WeekBoard, stands: Solution, whole: Solution) -> frozenset[str]:
    """Of those whose places change from `stands` to `whole`, the ones whose change holds beyond this week.

    A change passes where a place is left because its leader is away, or on a date of one's own, and where nothing was
    lacking in the `usual` week. Others last: whoever is new, or lacked something. What could not stand in a usual week
    passes too.
    """
    found = difference(stands, whole).people
    lacking = _lacking(usual)
    lasts = {one.patient for one in found if one.patient in lacking and not _is_hit(one, week)}
    newcomers = {one.patient for one in found if all(change.before is None for change in one.changes)}
    for people in (lasts, lasts & newcomers):
        if _may_stand(people, week, usual, whole):
            return frozenset(people)
    return frozenset()


def _lacking(usual: WeekBoard) -> set[str]:
    """Those who lack something of their plan in the usual week, or whose place there breaks a rule."""
    board = usual.board
    held = Week(board, board.current or Solution())
    short = {
        one.id for one in board.patients if any(held.given[one.id, kind] < one.dose.part(kind).count for kind in KINDS)
    }
    return short | {one.patient for one in violations(board, held.solution) if one.patient}


def _is_hit(person: PersonChange, week: WeekBoard) -> bool:
    return any(_is_session_hit(one.before, person.patient, week) for one in person.changes if one.before is not None)


def _is_session_hit(session: Session, who: str, week: WeekBoard) -> bool:
    """Whether somebody who works in it is on leave that day, or this person cannot come then."""
    if any(session.day in week.away.get(each, ()) for each in helpers_of(session)):
        return True
    ends = session.start + session.minutes
    return any(
        one.day == session.day and one.start < ends and session.start < one.end for one in week.busy.get(who, ())
    )


def _may_stand(people: set[str], week: WeekBoard, usual: WeekBoard, whole: Solution) -> bool:
    """Whether the usual week with the changes of these people breaks no rule that it does not break already."""
    rests = [usual.standing[key] for key in week.resting if key in usual.standing]
    stands = usual.board.current or Solution()
    groups = tuple(one for one in rests if isinstance(one, Group))
    alone = tuple(one for one in rests if isinstance(one, Individual))
    everything = Solution((*whole.groups, *groups), (*whole.individual, *alone))
    after = part(stands, everything, people=people)
    already = {(one.rule, one.sentence) for one in violations(usual.board, stands)}
    return all((one.rule, one.sentence) in already for one in violations(usual.board, after))
