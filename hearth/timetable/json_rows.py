"""Reading decoded JSON piece by piece; `where` begins the sentence that says what is wrong with it.

Each function raises `MalformedBoard`, whose text is one sentence for a person.
"""

import re
from typing import Any

from hearth.timetable.board import SLOT, MalformedBoard, Span

MOST = 1_000_000  # of any number; more would only keep the machine busy
LONGEST = 200  # characters of a text


def row_of(data: object, where: str) -> dict[str, Any]:
    """The JSON object that `data` must be."""
    if not isinstance(data, dict):
        raise MalformedBoard(f"{where} must be a JSON object.")
    return data


def value_of(row: dict[str, Any], key: str, where: str) -> object:
    """What stands under `key`, which must be there."""
    if key not in row:
        raise MalformedBoard(f'{where} has no "{key}".')
    return row[key]


def list_of(row: dict[str, Any], key: str, where: str, *, optional: bool = False) -> list[object]:
    """The list under `key`; if `optional`, an absent one is empty."""
    value = row.get(key, []) if optional else value_of(row, key, where)
    if not isinstance(value, list):
        raise MalformedBoard(f'{where}\'s "{key}" must be a list.')
    return value


def number_of(row: dict[str, Any], key: str, where: str, *, least: int = -MOST, most: int = MOST) -> int:
    """The whole number under `key`, from `least` to `most`."""
    value = value_of(row, key, where)
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedBoard(f'{where}\'s "{key}" must be a whole number.')
    if value > most:
        raise MalformedBoard(f'{where}\'s "{key}" must be {most} or less.')
    if value < least:
        given = f", not {value}" if value >= -MOST else ""
        raise MalformedBoard(f'{where}\'s "{key}" must be {least} or more{given}.')
    return value


def text_of(row: dict[str, Any], key: str, where: str) -> str:
    """The text under `key`, which is one line and not empty."""
    value = value_of(row, key, where)
    if not isinstance(value, str) or not value:
        raise MalformedBoard(f'{where}\'s "{key}" must be a text.')
    return _line(value, key, where)


def _line(value: str, key: str, where: str) -> str:
    """This text, which may stand in a sentence and in a file."""
    if len(value) > LONGEST or not value.isprintable():
        raise MalformedBoard(f'{where}\'s "{key}" must be one line of at most {LONGEST} characters that can be read.')
    return value


def text_or_none(row: dict[str, Any], key: str, where: str) -> str | None:
    """The text under `key`, or None where there is none."""
    return None if row.get(key) is None else text_of(row, key, where)


def texts_of(row: dict[str, Any], key: str, where: str, *, optional: bool = False) -> tuple[str, ...]:
    """The texts listed under `key`."""
    values = list_of(row, key, where, optional=optional)
    if not all(isinstance(value, str) for value in values):
        raise MalformedBoard(f'{where}\'s "{key}" must be a list of texts.')
    return tuple(_line(str(value), key, where) for value in values)


def choice_of(row: dict[str, Any], key: str, where: str, choices: tuple[str, ...]) -> str:
    """The text under `key`, one of `choices`."""
    value = text_of(row, key, where)
    if value not in choices:
        raise MalformedBoard(f'{where}\'s "{key}" must be one of {", ".join(choices)}, not "{value}".')
    return value


def time_of(row: dict[str, Any], key: str, where: str) -> int:
    """The time of day under `key`, in minutes after midnight."""
    value = value_of(row, key, where)
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{2}:[0-5][0-9]", value):
        raise MalformedBoard(f'{where}\'s "{key}" must be a time such as 15:30.')
    return int(value[:2]) * 60 + int(value[3:])


def spans_of(row: dict[str, Any], key: str, where: str, *, optional: bool = False) -> tuple[Span, ...]:
    """The stretches of time under `key`, on the half hour."""
    spans = []
    for each in list_of(row, key, where, optional=optional):
        inner = row_of(each, f"{where}'s {key}")
        day = number_of(inner, "day", f"{where}'s {key}", least=0)
        start, end = time_of(inner, "from", f"{where}'s {key}"), time_of(inner, "to", f"{where}'s {key}")
        if day > 6:
            raise MalformedBoard(f"{where}'s {key} name day {day}, but a week has days 0 to 6.")
        if start >= end or end > 24 * 60:
            raise MalformedBoard(f"{where}'s {key} on day {day} must end after they begin and by 24:00.")
        if start % SLOT or end % SLOT:
            raise MalformedBoard(f"{where}'s {key} on day {day} must begin and end on the half hour.")
        spans.append(Span(day, start, end))
    return tuple(spans)
