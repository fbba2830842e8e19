"""Days off, equipment, an interpreter, and two who are kept apart: what a week is worked out around."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hearth.program.models import Closure, Equipment, Interpreter, Leave, Room, StaffPair, Travel, WorkingHours
from hearth.timetable.models import Accommodation, KeepApart
from hearth.web.demo.charts import Chart
from hearth.web.demo.helped import INTERPRETER, who_needs_interpreting
from hearth.web.demo.house import House, Scene, clock
from hearth.web.demo.week import Meeting

APART = ("Jonah Park", "Grace Oyelaran")
IN_A_CHAIR = "Wendell Hargreave"
SIGNS = "ase"  # American Sign Language
LOOPS = ("Aspen", "Prairie")  # rooms with a hearing loop
SCREENS = ("Aspen", "Cottonwood", "Willow")

TRAVEL = 30  # minutes between the two sites


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on which the whole house is closed, both inside."""

    name: str
    first: date
    last: date


def holidays_from(today: date, count: int = 2) -> list[Holiday]:
    """The next holidays that are not over on `today`."""
    found = [each for year in (today.year, today.year + 1) for each in _of_year(year) if each.last >= today]
    return found[:count]


def _of_year(year: int) -> list[Holiday]:
    labor = date(year, 9, 1) + timedelta(days=-date(year, 9, 1).weekday() % 7)
    thursday = date(year, 11, 1) + timedelta(days=(3 - date(year, 11, 1).weekday()) % 7 + 21)
    return [
        Holiday("New Year's Day", date(year, 1, 1), date(year, 1, 1)),
        Holiday("Independence Day", date(year, 7, 4), date(year, 7, 4)),
        Holiday("Labor Day", labor, labor),
        Holiday("Thanksgiving", thursday, thursday),
        Holiday("Christmas Day", date(year, 12, 25), date(year, 12, 25)),
    ]


def arrange(
    scene: Scene, house: House, charts: dict[str, Chart], meetings: Sequence[Meeting], holidays: Iterable[Holiday]
) -> None:
    """Everything beyond the usual week. The week as it stands keeps to it."""
    pile, walt, ruth = scene.pile, house.staff["Walt Jensen"], house.staff["Ruth Okafor"]
    for name, room in house.rooms.items():
        room.equipment = _equipment(room, name)
    one, other = sorted(house.sites.values(), key=lambda site: site.pk)
    pile.make(Travel, one=one, other=other, minutes=TRAVEL)
    for each in holidays if house.number == 0 else ():
        pile.make(
            Closure, name=each.name, first_on=each.first, last_on=each.last, entered_by=walt,
            entered_at=scene.at - timedelta(days=90),
        )  # fmt: skip
    whole = [(None, "09:00", "17:00")] if house.number == 0 else []  # houses of a demo share one organisation
    for program, opens, closes in (*whole, (house.programs["adult-evening"], "13:00", "21:00")):
        pile.make(
            WorkingHours, program=program, hours=[{"day": day, "from": opens, "to": closes} for day in range(5)],
            said_by=walt, said_at=scene.at - timedelta(days=90),
        )  # fmt: skip
    monday = scene.today + timedelta(days=14 - scene.today.weekday())
    asked_at = scene.at - timedelta(days=20)
    pile.make(
        Leave, member=house.staff["Helen Cho"], first_on=monday, last_on=monday + timedelta(days=4), asked_at=asked_at,
        status=Leave.Status.CONFIRMED, decided_by=ruth, decided_at=asked_at + timedelta(days=1),
    )  # fmt: skip
    friday = monday + timedelta(days=11)
    pile.make(
        Leave, member=house.staff["Theo Brandt"], first_on=friday, last_on=friday, asked_at=scene.at - timedelta(days=1)
    )
    pile.make(StaffPair, first=house.staff["Sam Whitehorse"], second=house.staff["Bev Lindqvist"], lead="should")
    if house.number == 0:
        _make_interpreters(scene, house, [each for each in meetings if each.interpreter])
    _for_students(scene, house, charts, meetings)


def _equipment(room: Room, name: str) -> list[str]:
    things = {Equipment.WHEELCHAIR: True, Equipment.HEARING_LOOP: name in LOOPS, Equipment.SCREEN: name in SCREENS}
    return sorted(str(thing) for thing, has in things.items() if has)


def _make_interpreters(scene: Scene, house: House, interpreted: Sequence[Meeting]) -> None:
    """One who signs, in the evenings and whenever she is booked already, and one who writes captions."""
    days = sorted({0, 1, 2, 3, *(each.day for each in interpreted)})
    evenings = [{"day": day, "from": "16:00", "to": "21:00"} for day in days]
    booked = [
        {"day": each.day, "from": clock(each.starts), "to": clock(each.starts + each.minutes)}
        for each in interpreted
        if each.starts < 16 * 60
    ]
    workdays = [{"day": day, "from": "09:00", "to": "20:00"} for day in range(5)]
    facts = {"agency": "Front Range Language Access", "bound_on": scene.today - timedelta(days=200)}
    house.interpreters[INTERPRETER] = scene.pile.make(
        Interpreter, name=INTERPRETER, offers=[SIGNS], modalities=["in_person", "virtual"],
        hours=[*evenings, *booked], **facts,
    )  # fmt: skip
    scene.pile.make(
        Interpreter, name="Caspar Lund", offers=["captions"], modalities=["virtual"], hours=workdays, **facts
    )


def _for_students(scene: Scene, house: House, charts: dict[str, Chart], meetings: Sequence[Meeting]) -> None:
    pile, at = scene.pile, scene.at - timedelta(days=9)
    signs = who_needs_interpreting(meetings) if house.number == 0 else None
    if signs is not None:
        theirs = charts[signs.key]
        pile.make(
            Accommodation, patient=theirs.patient, interpreting=SIGNS, entered_by=house.staff["Inés Alvarado"],
            entered_at=theirs.episode.admitted_at + timedelta(hours=1),
        )  # fmt: skip
    chair = charts.get(IN_A_CHAIR)
    if chair is not None:
        pile.make(
            Accommodation, patient=chair.patient, equipment=["wheelchair"], entered_by=house.staff["Inés Alvarado"],
            entered_at=chair.episode.admitted_at + timedelta(hours=1),
        )  # fmt: skip
    first, second = (charts.get(name) for name in APART)
    if first is not None and second is not None:
        pile.make(
            KeepApart, patient=first.patient, other=second.patient, entered_by=house.staff["Ruth Okafor"],
            entered_at=at, reason="They knew each other before. Both asked us, each alone.",
        )  # fmt: skip
