"""Accepting a week that changes for everyone, and one that changes for nobody.

    python bench/accepting.py [--quick] [--json FILE]

Goal: 5 s for 90 students who each have 14 weeks before them. Accepting settles places, then makes every session,
roster and booking of those weeks, in one transaction. The demo is loaded into a database of its own, which is
deleted at the end.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from parts.report import figure, finish, show

ROOT = Path(__file__).parent.parent
PEOPLE, WEEKS = 90, 14
GOAL = 5.0  # seconds


def main() -> int:
    options = _options()
    if options.inside:
        print(json.dumps(_inside()))
        return 0
    figures = _figures(_measure())
    show(figures, wide=(32, 9, 10))
    return finish("accepting", figures, to=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Seconds it takes to accept a week.")
    parser.add_argument("--quick", action="store_true", help="the same: it takes about two minutes")
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure() -> dict[str, float]:
    """The figures, taken in a process and a database of their own."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as var:
        Path(var).chmod(0o755)  # PostgreSQL may run as another user, who must be able to enter
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
        environment |= {"HEARTH_VAR": var, "PYTHONPATH": str(ROOT)}
        hearth = [sys.executable, "-m", "hearth.cli"]
        try:
            subprocess.run([*hearth, "migrate"], env=environment, cwd=ROOT, check=True, stdout=sys.stderr)
            again = [sys.executable, __file__, "--inside"]
            done = subprocess.run(again, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            subprocess.run([*hearth, "database", "stop"], env=environment, cwd=ROOT, check=False, stdout=sys.stderr)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


def _inside() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearth.settings")
    import django
    from django.conf import settings

    django.setup()
    from django.db import connections

    from hearth.lib import postgres, tenancy
    from hearth.web import demo

    with postgres.running(settings.VAR_DIR):
        at = datetime.now(UTC)
        organisation = demo.load(seed=1, at=at, students=PEOPLE)
        try:
            with tenancy.within(organisation.pk):
                board, solution, week_of = _new_week(at)
            found = {"people": float(len(board["patients"]))}
            for name in ("changed", "unchanged"):
                found |= _accept(name, organisation.pk, board, solution, week_of, at)
            return found
        finally:
            connections.close_all()


def _new_week(at: datetime) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Next week's board, where everyone stays for WEEKS more, and a week for it made from nothing."""
    from hearth.accounts.models import User
    from hearth.admission.models import Episode
    from hearth.timetable.board_json import board_as_json, solution_as_json
    from hearth.timetable.greedy import STYLES, greedy
    from hearth.timetable.queries import monday_of
    from hearth.timetable.tables import Tables
    from hearth.timetable.week_board import board_of_week

    walt = User.objects.get(name="Walt Jensen")
    week_of = monday_of(at.date() + timedelta(days=7))
    Episode.objects.active().update(planned_end_on=week_of + timedelta(weeks=WEEKS))
    board = board_of_week(viewer=walt, week_of=week_of).board
    chance = random.Random(1)  # noqa: S311 - a week, not a secret
    solution = greedy(Tables.of(board), STYLES[0], chance).solution()
    return board_as_json(board), solution_as_json(solution), week_of


def _accept(
    name: str, organisation: Any, board: dict[str, Any], solution: dict[str, Any], week_of: Any, at: datetime
) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from hearth.accounts.models import User
    from hearth.lib import tenancy
    from hearth.sessions.models import Attendance, Session
    from hearth.timetable import services
    from hearth.timetable.models import Proposal

    with tenancy.within(organisation):
        walt = User.objects.get(name="Walt Jensen")
        proposal = Proposal.objects.create(
            week_of=week_of, status=Proposal.Status.READY, board=board, solution=solution, asked_by=walt, asked_at=at
        )
    began = time.perf_counter()
    with tenancy.within(organisation), CaptureQueriesContext(connection) as asked:
        services.accept_proposal(proposal=proposal, by=walt, at=at)
    seconds = time.perf_counter() - began  # with the commit
    with tenancy.within(organisation):
        ahead = Session.objects.filter(starts_at__gt=at)
        return {
            f"{name}_seconds": round(seconds, 2),
            f"{name}_queries": float(len(asked)),
            "sessions": float(ahead.count()),
            "places": float(Attendance.objects.filter(session__in=ahead).count()),
        }


def _figures(found: dict[str, float]) -> dict[str, Any]:
    return {
        "people": figure(found["people"], "students", PEOPLE, better="more"),
        "seconds_when_all_changes": figure(found["changed_seconds"], "s", GOAL),
        "seconds_when_nothing_changes": figure(found["unchanged_seconds"], "s", GOAL),
        "queries_when_all_changes": figure(found["changed_queries"], "queries", None),
        "sessions_ahead": figure(found["sessions"], "sessions", None),
        "places_ahead": figure(found["places"], "places", None),
    }


if __name__ == "__main__":
    sys.exit(main())
