"""Other times of one week at which somebody could have what they missed: the engine's rules on today's rows.

The board knows what meets every week. What really takes place on a day, and who is in it, is for the floor above.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hearth.accounts.models import Organisation
from hearth.timetable.asking import with_promised
from hearth.timetable.board import SLOT, Board, Patient, Solution, Span
from hearth.timetable.models import PlaceOffer
from hearth.timetable.newcomer import standing
from hearth.timetable.seat_chances import Chance, Looking, Rule, ways_in
from hearth.timetable.tables import SLOTS_A_DAY, Tables, bits
from hearth.timetable.week_board import week_for_the_worker


@dataclass(frozen=True, slots=True)
class OtherTime:
    """One way: a seat in the group `section` on that day, or without one an hour alone with `staff`."""

    starts_at: datetime
    minutes: int
    staff: UUID
    modality: str
    section: UUID | None
    topic: str
    is_best: bool  # one of the hours that suit the person best
    people: frozenset[str]  # who has a seat in it by the week's pattern, or is promised one


@dataclass(frozen=True)
class OneWeek:
    """A week as it stands, ready to be asked for many people."""

    monday: date
    zone: ZoneInfo
    board: Board
    looking: Looking
    sections: dict[tuple[str, int, int, str], UUID]  # by kind, day, start and who leads

    def apart_from(self, patient: UUID) -> frozenset[str]:
        """The ids of everyone this person is never to meet. Nobody is told of it."""
        return self.looking.filling.tables.apart.get(str(patient), frozenset())

    def times_for(self, patient: UUID, kind: str) -> Iterator[OtherTime]:
        """Every way to one more session of this kind that all rules leave; none for whoever is not on the board."""
        person = self.looking.filling.tables.people.get(str(patient))
        if person is None or not person.dose.part(kind).minutes:
            return
        for chance in ways_in(self.looking, person, kind):
            for bit in bits(chance.allowed(Rule)):
                yield self._time(person, kind, chance, bit)

    def _time(self, person: Patient, kind: str, chance: Chance, bit: int) -> OtherTime:
        day, start = bit // SLOTS_A_DAY, bit % SLOTS_A_DAY * SLOT
        minutes = person.dose.part(kind).minutes
        clock = time(start // 60, start % 60)
        return OtherTime(
            starts_at=datetime.combine(self.monday + timedelta(days=day), clock, self.zone),
            minutes=minutes,
            staff=UUID(chance.leader),
            modality=chance.way,
            section=self.sections.get((kind, day, start, chance.leader)) if chance.group else None,
            topic=chance.topic or "",
            is_best=any(_holds(span, day, start, minutes) for span in person.best),
            people=frozenset(chance.group.patients) if chance.group else frozenset(),
        )


def _holds(span: Span, day: int, start: int, minutes: int) -> bool:
    return span.day == day and span.start <= start and start + minutes <= span.end


def one_week(*, organisation: Organisation, week_of: date) -> OneWeek:
    """The week of `week_of`, a Monday, with places kept for those who were promised them. For the worker."""
    week = week_for_the_worker(organisation=organisation, week_of=week_of)
    sections = {(one.kind, one.day, one.start, one.staff): UUID(key) for key, one in week.standing.items()}
    promised = PlaceOffer.objects.holding().select_related("entry")
    board = with_promised(week.board, promised, home=organisation.state)
    filling = standing(Tables.of(board), board.current or Solution(), without="")
    return OneWeek(week_of, organisation.zone, board, Looking(filling), sections)
