"""The neutral JSON forms of a board (`hearth.board/1` and `/2`) and of its solution.

What a form cannot say raises `MalformedBoard`, whose text is one sentence for a person. Whether a solution
keeps the rules is not asked here: that is `rules.violations`.
"""

from typing import Any

from hearth.timetable.beyond_json import beyond_as_json, patient_beyond, spans, with_what_is_beyond
from hearth.timetable.board import (
    FORMAT,
    FORMAT_2,
    KINDS,
    MODALITIES,
    POPULATIONS,
    SLOT,
    Board,
    Dose,
    Group,
    Individual,
    MalformedBoard,
    Part,
    Patient,
    Room,
    Solution,
    Staff,
    clock,
)
from hearth.timetable.json_rows import (
    LONGEST,
    choice_of,
    list_of,
    number_of,
    row_of,
    spans_of,
    text_of,
    text_or_none,
    texts_of,
    time_of,
    value_of,
)

WHOLE_DAY = 24 * 60  # minutes, the longest session
MOST_SESSIONS = 7 * WHOLE_DAY // SLOT  # of one kind a week


def parse_board(data: object) -> Board:
    """The board in this decoded JSON; raises `MalformedBoard`."""
    row = row_of(data, "The board")
    if row.get("format") not in (FORMAT, FORMAT_2):
        raise MalformedBoard(f'The board\'s format is not "{FORMAT}" or "{FORMAT_2}".')
    if row.get("slot_minutes") != SLOT:
        raise MalformedBoard(f"The board's slot_minutes must be {SLOT}.")
    board = Board(
        capacity=number_of(row, "capacity", "The board", least=1),
        minimum=number_of(row, "minimum", "The board", least=1),
        rooms=tuple(_room(each) for each in list_of(row, "rooms", "The board")),
        staff=tuple(_staff(each) for each in list_of(row, "staff", "The board")),
        patients=tuple(_patient(each) for each in list_of(row, "patients", "The board")),
        current=None if row.get("current") is None else parse_solution(row["current"]),
        absent=frozenset() if row.get("absent") is None else frozenset(texts_of(row, "absent", "The board")),
    )
    _check_board(board)
    return with_what_is_beyond(board, row) if row["format"] == FORMAT_2 else board


def _check_board(board: Board) -> None:
    if board.capacity < board.minimum:
        raise MalformedBoard("The board's capacity is smaller than its minimum.")
    seen: set[str] = set()
    ids = [room.id for room in board.rooms] + [one.id for one in board.staff] + [one.id for one in board.patients]
    for name in ids:
        if name in seen:
            raise MalformedBoard(f'The id "{name}" is used more than once.')
        seen.add(name)
    staff = {each.id for each in board.staff}
    for patient in board.patients:
        if patient.primary is not None and patient.primary not in staff:
            raise MalformedBoard(
                f'Patient {patient.id}\'s primary counselor "{patient.primary}" is not among the staff.'
            )
    for name in sorted(board.absent - staff):
        raise MalformedBoard(f'"{name}" is listed as absent but is not among the staff.')


def parse_person(data: object) -> Patient:
    """Someone not yet on a board: the form of a board's patient, without an id if need be; raises `MalformedBoard`."""
    row = {"id": "who asks"} | row_of(data, "The person")
    return patient_beyond(_patient(row), row)


def parse_solution(data: object) -> Solution:
    """The solution in this decoded JSON; raises `MalformedBoard`."""
    row = row_of(data, "The solution")
    where = "The solution"
    return Solution(
        groups=tuple(_group(each) for each in list_of(row, "groups", where, optional=True)),
        individual=tuple(_individual(each) for each in list_of(row, "individual", where, optional=True)),
        unmet_bound=number_of(row, "unmet_bound", where) if "unmet_bound" in row else 0,
    )


def board_as_json(board: Board) -> dict[str, Any]:
    """The board in its neutral form, ready for `json.dump`."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "slot_minutes": SLOT,
        "capacity": board.capacity,
        "minimum": board.minimum,
        "rooms": [{"id": room.id, "seats": room.seats} for room in board.rooms],
        "staff": [_staff_as_json(each) for each in board.staff],
        "patients": [_patient_as_json(each) for each in board.patients],
    }
    if board.current is not None:
        data["current"] = solution_as_json(board.current)
    if board.absent:
        data["absent"] = sorted(board.absent)
    return beyond_as_json(board, data) if board.format == FORMAT_2 else data


def solution_as_json(solution: Solution) -> dict[str, Any]:
    """The solution in its neutral form, ready for `json.dump`."""
    return {
        "groups": [_group_as_json(group) for group in solution.groups],
        "individual": [
            {
                "kind": one.kind, "patient": one.patient, "staff": one.staff, "modality": one.modality,
                "day": one.day, "start": clock(one.start), "minutes": one.minutes,
            }
            for one in solution.individual
        ],
        "unmet_bound": solution.unmet_bound,
    }  # fmt: skip


def _group_as_json(g: Group) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": g.kind, "population": g.population, "topic": g.topic, "language": g.language,
        "modality": g.modality, "day": g.day, "start": clock(g.start), "minutes": g.minutes,
        "staff": g.staff, "room": g.room, "patients": list(g.patients),
    }  # fmt: skip
    beyond = {"co_staff": g.co_staff, "interpreter": g.interpreter}
    return data | {key: value for key, value in beyond.items() if value is not None}


def _staff_as_json(one: Staff) -> dict[str, Any]:
    return {
        "id": one.id, "populations": list(one.populations), "topics": list(one.topics),
        "languages": list(one.languages), "states": list(one.states), "hours": spans(one.hours),
        "max_minutes_week": one.max_minutes_week, "max_minutes_run": one.max_minutes_run,
    }  # fmt: skip


def _patient_as_json(one: Patient) -> dict[str, Any]:
    dose: dict[str, Any] = {
        kind: {"count": one.dose.part(kind).count, "minutes": one.dose.part(kind).minutes} for kind in KINDS
    }
    dose["group"]["per_day"] = one.dose.per_day
    dose["days"] = one.dose.days
    return {
        "id": one.id, "population": one.population, "topics": list(one.topics),
        "languages": list(one.languages), "modality": one.modality, "state": one.state,
        "available": spans(one.available),
        "family_available": spans(one.family_available), "primary": one.primary, "dose": dose,
    }  # fmt: skip


# ---- reading the parts; `where` begins the sentence


def _room(data: object) -> Room:
    row = row_of(data, "A room")
    name = text_of(row, "id", "A room")
    return Room(name, number_of(row, "seats", f"Room {name}", least=0))


def _staff(data: object) -> Staff:
    row = row_of(data, "A staff member")
    name = text_of(row, "id", "A staff member")
    where = f"Staff member {name}"
    return Staff(
        id=name,
        populations=texts_of(row, "populations", where),
        topics=texts_of(row, "topics", where),
        languages=texts_of(row, "languages", where),
        states=texts_of(row, "states", where),
        hours=spans_of(row, "hours", where),
        max_minutes_week=number_of(row, "max_minutes_week", where, least=0),
        max_minutes_run=number_of(row, "max_minutes_run", where, least=0),
    )


def _patient(data: object) -> Patient:
    row = row_of(data, "A patient")
    name = text_of(row, "id", "A patient")
    where = f"Patient {name}"
    patient = Patient(
        id=name,
        population=choice_of(row, "population", where, POPULATIONS),
        topics=texts_of(row, "topics", where),
        languages=texts_of(row, "languages", where),
        modality=choice_of(row, "modality", where, (*MODALITIES, "either")),
        state=text_of(row, "state", where),
        available=spans_of(row, "available", where),
        family_available=spans_of(row, "family_available", where),
        primary=text_or_none(row, "primary", where),
        dose=parse_dose(value_of(row, "dose", where), f"{where}'s dose"),
    )
    if patient.dose.group.count and not patient.topics:
        raise MalformedBoard(f"{where} needs groups but has no topics.")
    return patient


def parse_dose(data: object, where: str = "The dose") -> Dose:
    """The weekly dose in this decoded JSON; raises `MalformedBoard`."""
    row = row_of(data, where)
    for key in row:
        if key not in (*KINDS, "days"):
            raise MalformedBoard(f"{where} has an unknown part {ascii(key)[:LONGEST]}.")
    parts = {kind: _part(value_of(row, kind, where), f"{where} of {kind}") for kind in KINDS}
    per_day = number_of(row["group"], "per_day", f"{where} of group", least=0)
    return Dose(**parts, per_day=per_day, days=number_of(row, "days", where, least=0))


def _part(data: object, where: str) -> Part:
    row = row_of(data, where)
    count = number_of(row, "count", where, least=0, most=MOST_SESSIONS)
    part = Part(count, number_of(row, "minutes", where, least=0, most=WHOLE_DAY))
    if part.count and not part.minutes:
        raise MalformedBoard(f"{where} asks for sessions of 0 minutes.")
    return part


def _group(data: object) -> Group:
    row, where = row_of(data, "A group"), "A group"
    return Group(
        kind=text_of(row, "kind", where),
        population=text_of(row, "population", where),
        topic=text_or_none(row, "topic", where),
        language=text_of(row, "language", where),
        modality=text_of(row, "modality", where),
        day=number_of(row, "day", where),
        start=time_of(row, "start", where),
        minutes=number_of(row, "minutes", where, most=WHOLE_DAY),
        staff=text_of(row, "staff", where),
        room=text_or_none(row, "room", where),
        patients=texts_of(row, "patients", where),
        co_staff=text_or_none(row, "co_staff", where),
        interpreter=text_or_none(row, "interpreter", where),
    )


def _individual(data: object) -> Individual:
    row, where = row_of(data, "An individual session"), "An individual session"
    return Individual(
        kind=text_of(row, "kind", where),
        patient=text_of(row, "patient", where),
        staff=text_of(row, "staff", where),
        modality=text_of(row, "modality", where),
        day=number_of(row, "day", where),
        start=time_of(row, "start", where),
        minutes=number_of(row, "minutes", where, most=WHOLE_DAY),
    )
