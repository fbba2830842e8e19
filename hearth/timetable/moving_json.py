"""Moves as JSON, as a draft keeps them."""

from dataclasses import asdict
from typing import Any

from hearth.timetable.board import Group, Individual
from hearth.timetable.moving import End, Move, Open, Reseat, Shift, Spot

Row = dict[str, Any]


def move_as_json(move: Move) -> Row:
    """The move with its kind."""
    return {"move": type(move).__name__.lower(), **asdict(move)}


def parse_move(row: Row) -> Move:
    """The move that `move_as_json` wrote."""
    match row["move"]:
        case "shift":
            return Shift(row["session"], Spot(**row["was"]), Spot(**row["to"]))
        case "reseat":
            return Reseat(row["patient"], row["out_of"], row["into"])
        case "open":
            opened = dict(row["opened"])
            if "patients" in opened:
                group = Group(**opened | {"patients": tuple(opened["patients"])})
                return Open(row["session"], group, row["out_of"])
            return Open(row["session"], Individual(**opened), row["out_of"])
        case _:
            return End(row["session"])
