"""What `hearth.board/2` adds to the neutral JSON form of a board (docs/board.md); every part of it may be left out."""

from dataclasses import replace
from itertools import combinations
from typing import Any

from hearth.timetable.board import (
    FORMAT_2,
    MODALITIES,
    PAIRINGS,
    Board,
    Closed,
    GroupNeed,
    Interpreter,
    MalformedBoard,
    Patient,
    Room,
    Span,
    Staff,
    StaffPair,
    Travel,
    clock,
)
from hearth.timetable.json_rows import choice_of, list_of, number_of, row_of, spans_of, text_of, text_or_none, texts_of

WHERE = "The board"


def with_what_is_beyond(board: Board, row: dict[str, Any]) -> Board:
    """The board, read as of the first format, with what `row` says beyond it; raises `MalformedBoard`."""
    board = replace(
        board,
        format=FORMAT_2,
        rooms=tuple(_room(*pair) for pair in zip(board.rooms, row["rooms"], strict=True)),
        staff=tuple(_staff(*pair) for pair in zip(board.staff, row["staff"], strict=True)),
        patients=tuple(patient_beyond(*pair) for pair in zip(board.patients, row["patients"], strict=True)),
        travel=tuple(_travel(each) for each in list_of(row, "travel", WHERE, optional=True)),
        closed=tuple(_closed(each) for each in list_of(row, "closed", WHERE, optional=True)),
        interpreters=tuple(_interpreter(each) for each in list_of(row, "interpreters", WHERE, optional=True)),
        group_needs=tuple(_group_need(each) for each in list_of(row, "group_needs", WHERE, optional=True)),
        apart=frozenset(_apart(each) for each in list_of(row, "apart", WHERE, optional=True)),
        staff_pairs=tuple(_staff_pair(each) for each in list_of(row, "staff_pairs", WHERE, optional=True)),
        together=tuple(_together(each) for each in list_of(row, "together", WHERE, optional=True)),
        kept=frozenset(texts_of(row, "kept", WHERE, optional=True)),
    )
    _check_travel(board)
    _check_names(board)
    return board


def _check_travel(board: Board) -> None:
    """Every two sites have one travel time."""
    sites = {room.site for room in board.rooms} | {one.site for one in board.staff}
    known = [one.sites for one in board.travel]
    for pair in known:
        if known.count(pair) > 1:
            raise MalformedBoard(f"The travel time between {' and '.join(sorted(pair))} is given more than once.")
    for one, other in combinations(sorted(sites - {""}), 2):
        if frozenset((one, other)) not in known:
            raise MalformedBoard(f"The board has no travel time between the sites {one} and {other}.")


def _check_names(board: Board) -> None:
    people = {one.id for one in board.patients}
    staff = {one.id for one in board.staff}
    interpreters = [one.id for one in board.interpreters]
    for name in interpreters:
        if name in people | staff | {room.id for room in board.rooms} or interpreters.count(name) > 1:
            raise MalformedBoard(f'The id "{name}" is used more than once.')
    for pair in sorted(sorted(pair) for pair in board.apart):
        for name in pair:
            if name not in people | staff | set(interpreters):
                raise MalformedBoard(f'"{name}" is to be kept apart but is not on the board.')
        if not set(pair) & people:
            raise MalformedBoard(f"Of {' and '.join(pair)}, who are to be kept apart, one must be a patient.")
    for one in board.staff_pairs:
        for name in (one.first, one.second):
            if name not in staff:
                raise MalformedBoard(f'"{name}" is in a staff pair but is not among the staff.')
    for name in (name for group in board.together for name in group):
        if name not in people:
            raise MalformedBoard(f'"{name}" would rather be together with others but is not among the patients.')
    for name in sorted(board.kept):
        if name not in people:
            raise MalformedBoard(f'"{name}" is to keep their places but is not among the patients.')


def _room(room: Room, data: dict[str, Any]) -> Room:
    where = f"Room {room.id}"
    site = text_or_none(data, "site", where) or ""
    return replace(room, site=site, equipment=texts_of(data, "equipment", where, optional=True))


def _staff(one: Staff, data: dict[str, Any]) -> Staff:
    return replace(one, site=text_or_none(data, "site", f"Staff member {one.id}") or "")


def patient_beyond(patient: Patient, data: dict[str, Any]) -> Patient:
    """The patient with what this row says of interpreting, equipment and best hours."""
    where = f"Patient {patient.id}"
    return replace(
        patient,
        interpreting=text_or_none(data, "interpreting", where),
        equipment=texts_of(data, "equipment", where, optional=True),
        best=spans_of(data, "best", where, optional=True),
    )


def _travel(data: object) -> Travel:
    row, where = row_of(data, "A travel time"), "A travel time"
    sites = _two(row, "sites", where)
    return Travel(sites, number_of(row, "minutes", where, least=0))


def _two(row: dict[str, Any], key: str, where: str) -> frozenset[str]:
    names = texts_of(row, key, where)
    if len(names) != 2 or len(set(names)) != 2:
        raise MalformedBoard(f'{where}\'s "{key}" must be two different names.')
    return frozenset(names)


def _closed(data: object) -> Closed:
    row, where = row_of(data, "A closed day"), "A closed day"
    closed = Closed(text_of(row, "site", where), number_of(row, "day", where, least=0))
    if closed.day > 6:
        raise MalformedBoard(f"A closed day is day {closed.day}, but a week has days 0 to 6.")
    return closed


def _interpreter(data: object) -> Interpreter:
    row = row_of(data, "An interpreter")
    name = text_of(row, "id", "An interpreter")
    where = f"Interpreter {name}"
    modalities = texts_of(row, "modalities", where)
    if not set(modalities) <= set(MODALITIES):
        raise MalformedBoard(f'{where}\'s "modalities" must be of {", ".join(MODALITIES)}.')
    return Interpreter(name, texts_of(row, "offers", where), modalities, spans_of(row, "hours", where))


def _group_need(data: object) -> GroupNeed:
    row, where = row_of(data, "A group need"), "A group need"
    kind = choice_of(row, "kind", where, ("group", "skills"))
    leaders = number_of(row, "leaders", where, least=1) if "leaders" in row else 1
    if leaders > 2:
        raise MalformedBoard(f'{where}\'s "leaders" must be 1 or 2, not {leaders}.')
    return GroupNeed(kind, text_or_none(row, "topic", where), leaders, texts_of(row, "equipment", where, optional=True))


def _apart(data: object) -> frozenset[str]:
    return _two({"pair": data}, "pair", "A keep-apart")


def _staff_pair(data: object) -> StaffPair:
    row, where = row_of(data, "A staff pair"), "A staff pair"
    first, second = text_of(row, "first", where), text_of(row, "second", where)
    if first == second:
        raise MalformedBoard(f'{where}\'s "first" and "second" must be two different names.')
    return StaffPair(first, second, choice_of(row, "lead", where, PAIRINGS))


def _together(data: object) -> tuple[str, ...]:
    return texts_of({"people": data}, "people", "A list of people to keep together")


# ---- writing


def beyond_as_json(board: Board, data: dict[str, Any]) -> dict[str, Any]:
    """`data`, the board in its first form, with all that this board says beyond it; what is empty is left out."""
    for row, room in zip(data["rooms"], board.rooms, strict=True):
        row.update(_filled({"site": room.site, "equipment": list(room.equipment)}))
    for row, one in zip(data["staff"], board.staff, strict=True):
        row.update(_filled({"site": one.site}))
    for row, patient in zip(data["patients"], board.patients, strict=True):
        row.update(_filled(_patient_as_json(patient)))
    beyond = {
        "travel": [{"sites": sorted(one.sites), "minutes": one.minutes} for one in board.travel],
        "closed": [{"site": one.site, "day": one.day} for one in board.closed],
        "interpreters": [
            {"id": one.id, "offers": list(one.offers), "modalities": list(one.modalities), "hours": spans(one.hours)}
            for one in board.interpreters
        ],
        "group_needs": [
            {"kind": one.kind, "topic": one.topic, "leaders": one.leaders, "equipment": list(one.equipment)}
            for one in board.group_needs
        ],
        "apart": sorted(sorted(pair) for pair in board.apart),
        "staff_pairs": [{"first": one.first, "second": one.second, "lead": one.lead} for one in board.staff_pairs],
        "together": [list(group) for group in board.together],
        "kept": sorted(board.kept),
    }
    return {**data, "format": FORMAT_2, **_filled(beyond)}


def _patient_as_json(one: Patient) -> dict[str, Any]:
    return {"interpreting": one.interpreting, "equipment": list(one.equipment), "best": spans(one.best)}


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}


def spans(stretches: tuple[Span, ...]) -> list[dict[str, Any]]:
    """Stretches of time as JSON."""
    return [{"day": span.day, "from": clock(span.start), "to": clock(span.end)} for span in stretches]
