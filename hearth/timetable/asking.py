"""Asking the engine for somebody who is not in a program yet, on today's rows, with promised places kept."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from hearth.accounts.models import Organisation, User
from hearth.people.models import Patient
from hearth.timetable.board import Board, Group, Individual, Solution
from hearth.timetable.board import Patient as BoardPerson
from hearth.timetable.models import PlaceOffer, WaitlistEntry
from hearth.timetable.newcomer_needs import Needs, from_json
from hearth.timetable.places import Answer, can_we_serve
from hearth.timetable.queries import monday_of
from hearth.timetable.waitlist import asked_in_order
from hearth.timetable.week_board import WeekBoard, board_for_visitors, board_of_week

WHO_ASKS = "who asks"


def next_start(on: date) -> date:
    """The Monday from which somebody new could begin."""
    return monday_of(on) + timedelta(weeks=1)


def places_for(
    *, viewer: User, needs: Needs, on: date, patient: Patient | None = None, inquiry: UUID | None = None
) -> tuple[Answer, WeekBoard]:
    """What this person could have from the next Monday on, and the week it was looked for in. For those who plan.

    Whether this `patient` or `inquiry` waits already makes no difference.
    """
    own = Q(entry__patient=patient) if patient else Q(entry__inquiry_id=inquiry) if inquiry else Q(pk=None)
    own_entry = Q(patient=patient) if patient else Q(inquiry_id=inquiry) if inquiry else Q(pk=None)
    week = board_of_week(viewer=viewer, week_of=next_start(on), with_promised=False)
    home = viewer.organisation.state
    others = PlaceOffer.objects.holding().exclude(own).select_related("entry")
    board = with_promised(week.board, others, home=home)
    waiting = tuple(as_people(_without_an_offer().exclude(own_entry), home=home))
    return can_we_serve(board, needs.as_person(WHO_ASKS, home=home), waiting=waiting), week


def places_for_visitor(*, organisation: Organisation, asked: Iterable[Needs], on: date) -> list[tuple[Needs, Answer]]:
    """The same for a visitor, for each of these needs; nothing in it tells of anybody else."""
    board = board_for_visitors(organisation=organisation, week_of=next_start(on))
    home = organisation.state
    board = with_promised(board, PlaceOffer.objects.holding().select_related("entry"), home=home)
    return [(needs, can_we_serve(board, needs.as_person(WHO_ASKS, home=home))) for needs in asked]


def waiting_for_a_place() -> list[WaitlistEntry]:
    """Everyone who waits and for whom no place is kept, in their turn. One query; the caller has passed a door."""
    return asked_in_order(_without_an_offer().select_related("patient"))


def as_people(entries: Iterable[WaitlistEntry], *, home: str) -> list[BoardPerson]:
    """Who these are on a board, by the ids of their rows."""
    return [from_json(row.needs).as_person(str(row.pk), home=home) for row in entries]


def _without_an_offer() -> QuerySet[WaitlistEntry]:
    rows = WaitlistEntry.objects.filter(status=WaitlistEntry.Status.WAITING)
    return rows.exclude(pk__in=PlaceOffer.objects.holding().values("entry"))


def with_promised(board: Board, offers: Iterable[PlaceOffer], *, home: str) -> Board:
    """The board with those who were offered a place in the seats that are kept for them."""
    for offer in offers:
        board = with_place(
            board, from_json(offer.entry.needs).as_person(str(offer.entry_id), home=home), offer.sessions
        )
    return board


def with_place(board: Board, person: BoardPerson, sessions: Iterable[dict[str, object]]) -> Board:
    """The board with this person in these sessions, as far as they still stand."""
    week = board.current or Solution()
    groups, ones, counselor = list(week.groups), list(week.individual), None
    for one in sessions:
        at = one["day"], one["start"], one["staff"]
        if "population" in one:
            groups = [_joined(each, person.id) if at == _at(each) else each for each in groups]
        else:
            counselor = str(one["staff"])
            ones.append(
                Individual(
                    str(one["kind"]),
                    person.id,
                    counselor,
                    str(one["modality"]),
                    int(str(one["day"])),
                    int(str(one["start"])),
                    int(str(one["minutes"])),
                )
            )
    staff = {each.id for each in board.staff}
    held = replace(person, primary=counselor if counselor in staff else None)
    current = Solution(tuple(groups), tuple(ones))
    return replace(board, patients=(*board.patients, held), current=current)


def _at(group: Group) -> tuple[object, ...]:
    return group.day, group.start, group.staff


def _joined(group: Group, who: str) -> Group:
    return replace(group, patients=(*group.patients, who))
