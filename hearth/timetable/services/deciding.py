"""Deciding on a proposal: accepted whole or in part, taken back before its Monday, or let go of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.timetable import facts
from hearth.timetable.accepting import (
    Frame,
    most_seated,
    one_at_a_time,
    settle,
    take_back,
    whose_places_change_after,
    whose_places_end,
)
from hearth.timetable.away import is_still_due
from hearth.timetable.board import Solution
from hearth.timetable.board_json import board_as_json, parse_board, parse_solution, solution_as_json
from hearth.timetable.broken import broken_words
from hearth.timetable.cover import Cover, from_json
from hearth.timetable.difference import Key, difference, part
from hearth.timetable.drafts import DECIDED
from hearth.timetable.figures import figures
from hearth.timetable.models import Proposal, Seat, Section
from hearth.timetable.passing import lasting_people
from hearth.timetable.promised import keeping, seated, without
from hearth.timetable.queries import PLANNERS, access_proposal
from hearth.timetable.rules import Violation, violations
from hearth.timetable.services.publishing import notify_changed
from hearth.timetable.week_board import WeekBoard, board_for, board_of_week


class NotReady(Exception):
    """This proposal was decided on before, is still being worked out, or only asks what would be."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(f"proposal is {proposal.status}")
        self.proposal = proposal


class NoLongerHolds(Exception):
    """The week would break rules. `sentences` say which and where, with names."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class LaterWeekStands(Exception):
    """A week that begins later was accepted already; if `is_cover`, it is cover alone, which can be taken back."""

    def __init__(self, week_of: date, *, is_cover: bool) -> None:
        super().__init__(f"{'cover in ' if is_cover else ''}the week of {week_of} was accepted")
        self.week_of, self.is_cover = week_of, is_cover


class NothingChosen(Exception):
    """Nothing of what was chosen would change."""


class CannotTakeBack(Exception):
    """Its Monday has come, or something was built on it since."""

    def __init__(self, *, begun: bool) -> None:
        super().__init__("the week has begun" if begun else "the week was changed since")
        self.begun = begun


@dataclass(frozen=True, slots=True)
class Today:
    """The week as it is now and as it would be. `people` are those whose places change; None: everyone's may."""

    week: WeekBoard
    stands: Solution
    whole: Solution
    people: frozenset[str] | None


@transaction.atomic
def accept_proposal(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """From its Monday on (or from today, if that is later) the week is as proposed.

    The rules are asked again on today's rows. Sections that are in both weeks go on with the people who stay;
    others end and begin. A proposal for some programs, or of cover, changes their people's places alone. Those whose
    week changes are told. Accepting twice changes nothing. Raises NotReady, NoLongerHolds, LaterWeekStands.
    """
    proposal = _locked(proposal, by)
    if proposal.status == Proposal.Status.ACCEPTED:
        return proposal
    _check_ready(proposal)
    week = board_for(proposal, viewer=by, at=at)
    stands, people = week.board.current or Solution(), None
    solution = _as_of_today(proposal, week)
    is_partial = bool(proposal.programs or proposal.cover)
    if proposal.programs:
        its_people = {one["id"] for one in proposal.board["patients"]} | week.promised.keys()
        solution = part(stands, solution, people=its_people)
    if is_partial:
        people = changed_people(stands, solution)
    today = Today(week, stands, solution, people)
    return stand(proposal, today, by=by, at=at, judged=_newly_broken(today, proposal) if is_partial else None)


@transaction.atomic
def accept_part(
    *, proposal: Proposal, people: Collection[str], sections: Collection[Key], by: User, at: datetime
) -> Proposal:
    """Only what changes for these people and in these sessions; everything else stays as it is. The accepted part.

    The week that would then stand is judged whole, but for what is broken already. The rest of the proposal can
    still be decided on. Raises NotReady, NoLongerHolds, LaterWeekStands, NothingChosen.
    """
    proposal = _locked(proposal, by)
    _check_ready(proposal)
    week = board_for(proposal, viewer=by, at=at)
    stands = week.board.current or Solution()
    whole = part(stands, _as_of_today(proposal, week), people=_on(proposal, people), sections=sections)
    moved = changed_people(stands, whole)
    if not moved:
        raise NothingChosen
    child = Proposal.objects.create(
        week_of=proposal.week_of,
        based_on=proposal,
        cover=proposal.cover,
        asked_by=by,
        asked_at=at,
        status=Proposal.Status.READY,
    )
    today = Today(week, stands, whole, moved)
    return stand(child, today, by=by, at=at, judged=_newly_broken(today, proposal))


def _as_of_today(proposal: Proposal, week: WeekBoard) -> Solution:
    """The proposed week with those who got, or were promised, places since, and without promises that lapsed."""
    solution, stands = parse_solution(proposal.solution), week.board.current or Solution()
    lapsed = set(proposal.board.get("kept", ())) - week.promised.keys()
    solution = without(solution, lapsed)
    if proposal.cover:
        check_still_away(proposal)
        return part(stands, solution, people=proposal.cover["people"])
    known = {one["id"] for one in proposal.board["patients"]}
    return keeping(solution, stands, seated(stands) - known)


def check_still_away(proposal: Proposal) -> None:
    """Everyone is away for whom this proposal finds cover, if it does. Raises NoLongerHolds."""
    if not is_still_due(proposal):
        raise NoLongerHolds([_("Somebody is no longer away as when this cover was asked for. Ask for it again.")])


def _newly_broken(today: Today, proposal: Proposal) -> list[Violation]:
    """The rules that the week would break and does not break already: a part answers for what it changes.

    What nobody leads that day is no matter of its cover.
    """
    already = {(one.rule, one.sentence) for one in violations(today.week.board, today.stands)}
    found = [one for one in violations(today.week.board, today.whole) if (one.rule, one.sentence) not in already]
    cover = from_json(proposal.cover) if proposal.cover else Cover({})
    return [one for one in found if one.session is None or not cover.hits(one.session)]


def _locked(proposal: Proposal, by: User) -> Proposal:
    if not by.has_any(PLANNERS):
        raise PermissionDenied
    one_at_a_time(by.organisation_id)
    return access_proposal(viewer=by, pk=proposal.pk, lock=True)


def _check_ready(proposal: Proposal) -> None:
    if proposal.status != Proposal.Status.READY or proposal.is_what_if:
        raise NotReady(proposal)
    if not proposal.cover:  # which ends with its week, before any later one begins
        check_none_later(proposal.week_of)


def check_none_later(week_of: date) -> None:
    """No week that begins later was accepted, nor cover in one, which splits places. Raises LaterWeekStands."""
    later = Proposal.objects.filter(status=Proposal.Status.ACCEPTED, week_of__gt=week_of)
    lasting_first = Case(When(cover=None, then=0), default=1)  # cover, unlike it, can be taken back
    first = later.order_by(lasting_first, "week_of").values("week_of", "cover").first()
    if first is not None:
        raise LaterWeekStands(first["week_of"], is_cover=first["cover"] is not None)


def _on(proposal: Proposal, people: Collection[str]) -> set[str]:
    """Those of these people whom the proposal is about; it says nothing of others."""
    return set(people) & {one["id"] for one in proposal.board["patients"]}


def changed_people(stands: Solution, whole: Solution) -> frozenset[str]:
    """The ids of everyone of whom any place is another in the week `whole`."""
    return frozenset(one.patient for one in difference(stands, whole).people)


def stand(
    proposal: Proposal, today: Today, *, by: User, at: datetime, judged: Sequence[Violation] | None = None
) -> Proposal:
    """The week stands as in `today.whole` from its Monday on, if the rules allow it and of cover nothing has begun.

    `judged` are the broken rules, where the caller has judged already. Raises NoLongerHolds.
    """
    if proposal.cover and _has_come(today.stands, today.whole, proposal.week_of, at.astimezone(by.organisation.zone)):
        words = _("Some of what changes has begun. Accept what is still to come as a part, or ask for cover again.")
        raise NoLongerHolds([words])
    found = violations(today.week.board, today.whole) if judged is None else judged
    if found:
        raise NoLongerHolds(broken_words(found, today.week.names, proposal.week_of))
    organisation = by.organisation
    start = max(proposal.week_of, at.astimezone(organisation.zone).date())
    frame = Frame(proposal, today.week, start, organisation.time_zone)
    proposal.deeds = _settled(frame, today, by=by)
    _check_seats(proposal.deeds, start)
    proposal.board = board_as_json(today.week.board)
    proposal.solution = solution_as_json(today.whole)
    proposal.figures = figures(today.week.board, today.whole)
    proposal.status, proposal.decided_by, proposal.decided_at = Proposal.Status.ACCEPTED, by, at
    proposal.save()
    counts = {what: len(proposal.deeds[what]) for what in ("kept", "began", "ended")}
    audit.record("timetable.proposal_accepted", by=by, about=proposal, at=at, sections=counts)
    live.tell(DECIDED)
    facts.proposal_accepted.send(Proposal, proposal_id=proposal.pk, by_id=by.pk, at=at)
    told = notify_changed(before=today.stands, after=today.whole, week_of=proposal.week_of, by=by, at=at)
    if told.not_reached:
        proposal.deeds["to_call"] = [str(one.pk) for one in told.not_reached]
        proposal.save(update_fields=["deeds"])
    return proposal


def _settled(frame: Frame, today: Today, *, by: User) -> dict[str, Any]:
    """Brings the rows to the week; in a week with leave or dates on which somebody cannot come what is due to these
    holds for that week alone, and the usual places stand again afterwards. So it is for those whose places change
    after it by themselves, and for whoever comes to something that ends.
    """
    waiting, week_of = today.week.promised.keys(), frame.proposal.week_of
    whole, changed = without(today.whole, waiting), changed_people(today.stands, today.whole) - waiting
    lasting: frozenset[str] = frozenset()
    if not frame.proposal.cover:
        people = None if today.people is None else today.people - waiting
        ahead = whose_places_change_after(frame.start) | whose_places_end(whole, frame.start)
        if today.week.is_usual and not (ahead if people is None else ahead & people):
            return settle(frame, whole, people=people)
        lasting = changed - ahead
    if lasting and not today.week.is_usual:
        usual = board_of_week(viewer=by, week_of=week_of, as_usual=True, since=frame.start)
        lasting &= lasting_people(today.week, usual, today.stands, today.whole)
    passing = changed - lasting
    a_week = replace(frame, until=week_of + timedelta(weeks=1))
    if not lasting:
        return settle(a_week, whole, people=passing) | {"passing": sorted(passing)}
    deeds = settle(frame, without(part(today.stands, today.whole, people=lasting), waiting), people=lasting)
    passed = settle(a_week, whole, people=passing)
    both = {
        what: passed[what] | deeds[what] if what in ("kept", "ended") else deeds[what] + passed[what] for what in deeds
    }
    return both | {"passing": sorted(passing)}


def _check_seats(deeds: dict[str, Any], start: date) -> None:
    """No group holds more people than it may, counting those whom the board does not know or who come back later."""
    rows = (
        Section.objects.filter(seats__in=[one["id"] for one in deeds["come"]])
        .distinct()
        .select_related("room")
        .prefetch_related("seats")
    )
    for section in rows:
        most = section.seats_in_all()
        if most_seated(section, start) > most:
            words = {"name": section.name, "most": most}
            raise NoLongerHolds([_("“%(name)s” would hold more than its %(most)s people.") % words])


@transaction.atomic
def take_back_proposal(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """The week before it stands again, as long as its Monday has not come; those whose week changes are told.

    Cover is taken back until the first of what it changes begins. Everything that accepting it changed must still be
    as it left it. Raises NotReady, CannotTakeBack.
    """
    proposal = _locked(proposal, by)
    if proposal.status != Proposal.Status.ACCEPTED or not proposal.deeds:
        raise NotReady(proposal)
    if has_begun(proposal, at=at.astimezone(by.organisation.zone)):
        raise CannotTakeBack(begun=True)
    before = board_of_week(viewer=by, week_of=proposal.week_of)
    _check_untouched(proposal, before.episodes.keys())
    sections = take_back(proposal.deeds, start=proposal.week_of, in_care=before.episodes.keys())
    proposal.status = Proposal.Status.UNDONE
    proposal.save(update_fields=["status"])
    audit.record("timetable.proposal_taken_back", by=by, about=proposal, at=at, sections=len(sections))
    live.tell(DECIDED)
    facts.proposal_taken_back.send(Proposal, proposal_id=proposal.pk, section_ids=sections, by_id=by.pk, at=at)
    after = board_of_week(viewer=by, week_of=proposal.week_of).board.current or Solution()
    notify_changed(before=before.board.current or Solution(), after=after, week_of=proposal.week_of, by=by, at=at)
    return proposal


def has_begun(proposal: Proposal, *, at: datetime) -> bool:
    """Whether its Monday has come by the local time `at`; of cover: whether anything that it changes has begun."""
    if not proposal.cover:
        return at.date() >= proposal.week_of
    stands = parse_board(proposal.board).current or Solution()
    return _has_come(stands, parse_solution(proposal.solution), proposal.week_of, at)


def _has_come(stands: Solution, whole: Solution, week_of: date, at: datetime) -> bool:
    """Whether anything that is another in the week `whole` has begun by the local time `at`."""
    changes = (change for person in difference(stands, whole).people for change in person.changes)
    sessions = (one for change in changes for one in (change.before, change.after))
    starts = [timedelta(days=one.day, minutes=one.start) for one in sessions if one is not None]
    return bool(starts) and at >= datetime.combine(week_of, time(), at.tzinfo) + min(starts)


def _check_untouched(proposal: Proposal, in_care: Collection[str]) -> None:
    """Nothing was accepted on top of it, and no place it gave was moved or given to somebody else since."""
    deeds = proposal.deeds
    given = {UUID(one["id"]): one["patient"] for one in deeds["come"]}
    until = {UUID(one["id"]): one["until"] for one in deeds["come"]}
    rows = Seat.objects.filter(pk__in=given)
    still = {row.pk for row in rows if (row.during.upper.isoformat() if row.during.upper else "") == until[row.pk]}
    gone = {seat for seat, patient in given.items() if patient not in in_care}
    newer = Proposal.objects.filter(status=Proposal.Status.ACCEPTED, decided_at__gt=proposal.decided_at)
    a_week = proposal.week_of + timedelta(weeks=1)
    passing = Q(ended_on=a_week) if deeds.get("passing") else Q(pk=None)
    closed = Section.objects.filter(pk__in=deeds["began"]).exclude(Q(ended_on=None) | passing)
    others = Seat.objects.filter(section__in=deeds["began"]).exclude(pk__in=given)
    if newer.exists() or closed.exists() or others.exists() or not given.keys() <= still | gone:
        raise CannotTakeBack(begun=False)


@transaction.atomic
def drop_proposal(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """Let go of a proposal, also while it is being worked out. Raises NotReady if it was accepted."""
    if not by.has_any(PLANNERS):
        raise PermissionDenied
    proposal = access_proposal(viewer=by, pk=proposal.pk, lock=True)
    if proposal.status in (Proposal.Status.ACCEPTED, Proposal.Status.UNDONE):
        raise NotReady(proposal)
    if proposal.status != Proposal.Status.DROPPED:
        proposal.status, proposal.decided_by, proposal.decided_at = Proposal.Status.DROPPED, by, at
        proposal.save(update_fields=["status", "decided_by", "decided_at"])
        audit.record("timetable.proposal_dropped", by=by, about=proposal, at=at)
    return proposal
