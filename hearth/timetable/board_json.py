"""The neutral JSON forms of a board (`hearth.board/1`) and of its solution.

What a form cannot say raises `MalformedBoard`, whose text is one sentence for a person. Whether a solution
keeps the rules is not asked here: that is `rules.violations`.
"""

import re
from typing import Any

from hearth.timetable.board import (
    FORMAT,
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
    Span,
    Staff,
    clock,
)


def parse_board(data: object) -> Board:
    """The board in this decoded JSON; raises `MalformedBoard`."""
    row = _row(data, "The board")
    if row.get("format") != FORMAT:
        raise MalformedBoard(f'The board\'s format is not "{FORMAT}".')
    if row.get("slot_minutes") != SLOT:
        raise MalformedBoard(f"The board's slot_minutes must be {SLOT}.")
    board = Board(
        capacity=_number(row, "capacity", "The board", least=1),
        minimum=_number(row, "minimum", "The board", least=1),
        rooms=tuple(_room(each) for each in _list(row, "rooms", "The board")),
        staff=tuple(_staff(each) for each in _list(row, "staff", "The board")),
        patients=tuple(_patient(each) for each in _list(row, "patients", "The board")),
        current=None if row.get("current") is None else parse_solution(row["current"]),
        absent=frozenset() if row.get("absent") is None else frozenset(_texts(row, "absent", "The board")),
    )
    _check_board(board)
    return board


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


def parse_solution(data: object) -> Solution:
    """The solution in this decoded JSON; raises `MalformedBoard`."""
    row = _row(data, "The solution")
    where = "The solution"
    return Solution(
        groups=tuple(_group(each) for each in _list(row, "groups", where, optional=True)),
        individual=tuple(_individual(each) for each in _list(row, "individual", where, optional=True)),
        unmet_bound=_number(row, "unmet_bound", where) if "unmet_bound" in row else 0,
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
    return data


def solution_as_json(solution: Solution) -> dict[str, Any]:
    """The solution in its neutral form, ready for `json.dump`."""
    return {
        "groups": [
            {
                "kind": g.kind, "population": g.population, "topic": g.topic, "language": g.language,
                "modality": g.modality, "day": g.day, "start": clock(g.start), "minutes": g.minutes,
                "staff": g.staff, "room": g.room, "patients": list(g.patients),
            }
            for g in solution.groups
        ],
        "individual": [
            {
                "kind": one.kind, "patient": one.patient, "staff": one.staff, "modality": one.modality,
                "day": one.day, "start": clock(one.start), "minutes": one.minutes,
            }
            for one in solution.individual
        ],
        "unmet_bound": solution.unmet_bound,
    }  # fmt: skip


def _staff_as_json(one: Staff) -> dict[str, Any]:
    return {
        "id": one.id, "populations": list(one.populations), "topics": list(one.topics),
        "languages": list(one.languages), "states": list(one.states), "hours": _spans_as_json(one.hours),
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
        "available": _spans_as_json(one.available),
        "family_available": _spans_as_json(one.family_available), "primary": one.primary, "dose": dose,
    }  # fmt: skip


def _spans_as_json(spans: tuple[Span, ...]) -> list[dict[str, Any]]:
    return [{"day": span.day, "from": clock(span.start), "to": clock(span.end)} for span in spans]


# ---- reading, one small piece at a time; `where` begins the sentence


def _row(data: object, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise MalformedBoard(f"{where} must be a JSON object.")
    return data


def _value(row: dict[str, Any], key: str, where: str) -> object:
    if key not in row:
        raise MalformedBoard(f'{where} has no "{key}".')
    return row[key]


def _list(row: dict[str, Any], key: str, where: str, *, optional: bool = False) -> list[object]:
    value = row.get(key, []) if optional else _value(row, key, where)
    if not isinstance(value, list):
        raise MalformedBoard(f'{where}\'s "{key}" must be a list.')
    return value


def _number(row: dict[str, Any], key: str, where: str, *, least: int | None = None) -> int:
    value = _value(row, key, where)
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedBoard(f'{where}\'s "{key}" must be a whole number.')
    if least is not None and value < least:
        raise MalformedBoard(f'{where}\'s "{key}" must be {least} or more, not {value}.')
    return value


def _text(row: dict[str, Any], key: str, where: str) -> str:
    value = _value(row, key, where)
    if not isinstance(value, str) or not value:
        raise MalformedBoard(f'{where}\'s "{key}" must be a text.')
    return value


def _text_or_none(row: dict[str, Any], key: str, where: str) -> str | None:
    return None if row.get(key) is None else _text(row, key, where)


def _texts(row: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = _list(row, key, where)
    if not all(isinstance(value, str) for value in values):
        raise MalformedBoard(f'{where}\'s "{key}" must be a list of texts.')
    return tuple(str(value) for value in values)


def _one_of(row: dict[str, Any], key: str, where: str, choices: tuple[str, ...]) -> str:
    value = _text(row, key, where)
    if value not in choices:
        raise MalformedBoard(f'{where}\'s "{key}" must be one of {", ".join(choices)}, not "{value}".')
    return value


def _time(row: dict[str, Any], key: str, where: str) -> int:
    value = _value(row, key, where)
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{2}:[0-5][0-9]", value):
        raise MalformedBoard(f'{where}\'s "{key}" must be a time such as 15:30.')
    return int(value[:2]) * 60 + int(value[3:])


def _spans(row: dict[str, Any], key: str, where: str) -> tuple[Span, ...]:
    spans = []
    for each in _list(row, key, where):
        inner = _row(each, f"{where}'s {key}")
        day = _number(inner, "day", f"{where}'s {key}", least=0)
        start, end = _time(inner, "from", f"{where}'s {key}"), _time(inner, "to", f"{where}'s {key}")
        if day > 6:
            raise MalformedBoard(f"{where}'s {key} name day {day}, but a week has days 0 to 6.")
        if start >= end or end > 24 * 60:
            raise MalformedBoard(f"{where}'s {key} on day {day} must end after they begin and by 24:00.")
        if start % SLOT or end % SLOT:
            raise MalformedBoard(f"{where}'s {key} on day {day} must begin and end on the half hour.")
        spans.append(Span(day, start, end))
    return tuple(spans)


def _room(data: object) -> Room:
    row = _row(data, "A room")
    name = _text(row, "id", "A room")
    return Room(name, _number(row, "seats", f"Room {name}", least=0))


def _staff(data: object) -> Staff:
    row = _row(data, "A staff member")
    name = _text(row, "id", "A staff member")
    where = f"Staff member {name}"
    return Staff(
        id=name,
        populations=_texts(row, "populations", where),
        topics=_texts(row, "topics", where),
        languages=_texts(row, "languages", where),
        states=_texts(row, "states", where),
        hours=_spans(row, "hours", where),
        max_minutes_week=_number(row, "max_minutes_week", where, least=0),
        max_minutes_run=_number(row, "max_minutes_run", where, least=0),
    )


def _patient(data: object) -> Patient:
    row = _row(data, "A patient")
    name = _text(row, "id", "A patient")
    where = f"Patient {name}"
    patient = Patient(
        id=name,
        population=_one_of(row, "population", where, POPULATIONS),
        topics=_texts(row, "topics", where),
        languages=_texts(row, "languages", where),
        modality=_one_of(row, "modality", where, (*MODALITIES, "either")),
        state=_text(row, "state", where),
        available=_spans(row, "available", where),
        family_available=_spans(row, "family_available", where),
        primary=_text_or_none(row, "primary", where),
        dose=parse_dose(_value(row, "dose", where), f"{where}'s dose"),
    )
    if patient.dose.group.count and not patient.topics:
        raise MalformedBoard(f"{where} needs groups but has no topics.")
    return patient


def parse_dose(data: object, where: str = "The dose") -> Dose:
    """The weekly dose in this decoded JSON; raises `MalformedBoard`."""
    row = _row(data, where)
    for key in row:
        if key not in (*KINDS, "days"):
            raise MalformedBoard(f'{where} has an unknown part "{key}".')
    parts = {kind: _part(_value(row, kind, where), f"{where} of {kind}") for kind in KINDS}
    per_day = _number(row["group"], "per_day", f"{where} of group", least=0)
    return Dose(**parts, per_day=per_day, days=_number(row, "days", where, least=0))


def _part(data: object, where: str) -> Part:
    row = _row(data, where)
    part = Part(_number(row, "count", where, least=0), _number(row, "minutes", where, least=0))
    if part.count and not part.minutes:
        raise MalformedBoard(f"{where} asks for sessions of 0 minutes.")
    return part


def _group(data: object) -> Group:
    row, where = _row(data, "A group"), "A group"
    return Group(
        kind=_text(row, "kind", where),
        population=_text(row, "population", where),
        topic=_text_or_none(row, "topic", where),
        language=_text(row, "language", where),
        modality=_text(row, "modality", where),
        day=_number(row, "day", where),
        start=_time(row, "start", where),
        minutes=_number(row, "minutes", where),
        staff=_text(row, "staff", where),
        room=_text_or_none(row, "room", where),
        patients=_texts(row, "patients", where),
    )


def _individual(data: object) -> Individual:
    row, where = _row(data, "An individual session"), "An individual session"
    return Individual(
        kind=_text(row, "kind", where),
        patient=_text(row, "patient", where),
        staff=_text(row, "staff", where),
        modality=_text(row, "modality", where),
        day=_number(row, "day", where),
        start=_time(row, "start", where),
        minutes=_number(row, "minutes", where),
    )
