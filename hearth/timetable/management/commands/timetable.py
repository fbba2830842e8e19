"""`hearth timetable`: fill a week from a board file, check one, look for places in one. None needs a database."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hearth.timetable.board import Board, MalformedBoard, Solution
from hearth.timetable.board_json import parse_board, parse_person, parse_solution, solution_as_json
from hearth.timetable.figures import figures
from hearth.timetable.places import can_we_serve
from hearth.timetable.places_json import answer_as_json
from hearth.timetable.rules import violations

if TYPE_CHECKING:
    from hearth.timetable.solver import Progress

SHOWN = 20  # broken rules listed at most


class Command(BaseCommand):
    help = "Fill a week (solve), check one against the rules (check), or look for a newcomer's places in it (places)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="solve|check|places")
        one = commands.add_parser("solve", help="Fill the week of a board; repairs its `current` if it has one.")
        one.add_argument("--board", required=True, metavar="FILE", help="the week's people, staff and rooms")
        effort = one.add_mutually_exclusive_group(required=True)
        effort.add_argument("--seconds", type=_seconds, metavar="S", help="how long to try")
        effort.add_argument(
            "--work",
            type=_seconds,
            metavar="W",
            help="steps to try in place of time; the same each time with one worker",
        )
        one.add_argument("--out", required=True, metavar="FILE", help="where the solution is written")
        one.add_argument("--seed", type=_whole, default=0, metavar="N", help="for another search (default: 0)")
        one.add_argument("--workers", type=_count, default=os.cpu_count() or 1, metavar="N", help="cores to use")
        one.add_argument("--progress", action="store_true", help="JSON lines on standard error")
        two = commands.add_parser("check", help="Print figures as JSON; exit 1 if a rule is broken.")
        two.add_argument("--board", required=True, metavar="FILE", help="the week's people, staff and rooms")
        two.add_argument("--solution", required=True, metavar="FILE", help="the week to check")
        three = commands.add_parser("places", help="Print what someone not yet admitted could have, as JSON.")
        three.add_argument("--board", required=True, metavar="FILE", help="people, staff, rooms and the `current` week")
        three.add_argument("--person", required=True, metavar="FILE", help="who asks, in the form of a board's patient")
        three.add_argument("--solution", metavar="FILE", help="the week to look in, in place of the board's `current`")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand; malformed input is exit 2, a broken rule exit 1."""
        try:
            board = parse_board(_read(options["board"]))
            if options["command"] == "check":
                self._report(board, parse_solution(_read(options["solution"])))
                return
            if options["command"] == "places":
                self._places(board, options["person"], options["solution"])
                return
        except MalformedBoard as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        out = Path(options["out"])
        if not out.parent.is_dir():
            raise CommandError(f"The folder of {out} does not exist.", returncode=2)
        from hearth.timetable.solver import solve  # OR-Tools takes longer to load than the other subcommands take

        solution = solve(
            board,
            seconds=options["seconds"],
            work=options["work"],
            seed=options["seed"],
            workers=options["workers"],
            progress=self._tell if options["progress"] else None,
        )
        try:
            out.write_text(json.dumps(solution_as_json(solution), indent=1) + "\n", encoding="utf-8")
        except OSError as trouble:
            raise CommandError(f"{out} cannot be written: {trouble.strerror}.", returncode=2) from trouble
        self._report(board, solution)

    def _places(self, board: Board, person: str, solution: str | None) -> None:
        week = parse_solution(_read(solution)) if solution else None
        answer = can_we_serve(board, parse_person(_read(person)), week=week)
        self.stdout.write(json.dumps(answer_as_json(answer), indent=1))

    def _tell(self, progress: "Progress") -> None:
        self.stderr.write(json.dumps(asdict(progress)))

    def _report(self, board: Board, solution: Solution) -> None:
        broken = violations(board, solution)
        first = [f"{one.rule}: {one.sentence}" for one in broken[:SHOWN]]
        self.stdout.write(json.dumps({**figures(board, solution), "first_broken": first}, indent=1))
        if broken:
            sys.exit(1)


def _read(name: str) -> object:
    try:
        return json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as trouble:
        raise MalformedBoard(f"{name} cannot be read: {trouble.strerror}.") from trouble
    except (ValueError, RecursionError) as trouble:
        raise MalformedBoard(f"{name} is not JSON.") from trouble


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 24 * 3600:
        raise argparse.ArgumentTypeError("must be more than 0 and at most a day")
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1024:
        raise argparse.ArgumentTypeError("must be 1 to 1024")
    return value


def _whole(text: str) -> int:
    value = int(text)
    if not 0 <= value < 1 << 31:
        raise argparse.ArgumentTypeError("must be 0 or more and below 2^31")
    return value
