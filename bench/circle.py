"""Every page of the circle where 5,000 people share one and 200,000 posts were written in it.

    python bench/circle.py [--quick] [--members N] [--posts N] [--json FILE]

One circle holds them all: no program is so large, so that no house is slower. Goal: p95 of each page under 100 ms of
the server's time, writing a post included. The rows stand in a database of their own, which is deleted at the end.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import batched
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

from parts.report import figure, finish

ROOT = Path(__file__).parent.parent
MEMBERS, POSTS, P95_MS = 5000, 200_000, 100.0
WORDS = (
    "I slept six hours and the rain was loud on the roof",
    "Two applications went out today and my stomach hurt",
    "Breakfast with my daughter and I tasted it",
    "The heron stood in the river again this morning",
    "Grateful for clean sheets and for whoever saved me a seat",
)
LINE = "{:<34} {:>9} {:>9}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Server time of the circle's pages, with many members and posts.")
    parser.add_argument("--quick", action="store_true", help="fewer visits of each page")
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--walk", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.walk:
        print(json.dumps(_walk(options.members, options.posts, 20 if options.quick else 100)))
        return 0
    measured = _measured()
    figures: dict[str, Any] = {}
    print(LINE.format("page", "p50 ms", "p95 ms"))
    for page, times in measured.items():
        ms = statistics.quantiles([1000 * one for one in times], n=20)
        print(LINE.format(page, f"{ms[9]:.1f}", f"{ms[18]:.1f}"))
        figures[f"{page.replace(' ', '_')}_p95"] = figure(ms[18], "ms", P95_MS, places=1)
    whole = (options.members, options.posts) == (MEMBERS, POSTS)
    return finish("circle", figures, to=options.json, whole=whole)


def _measured() -> dict[str, list[float]]:
    """The seconds of every visit, from a process with a database of its own."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as var:
        Path(var).chmod(0o755)  # PostgreSQL may run as another user, who must be able to enter
        environment = os.environ | {"HEARTH_VAR": var, "PYTHONPATH": str(ROOT)}
        hearth = [sys.executable, "-m", "hearth.cli"]
        try:
            subprocess.run([*hearth, "migrate"], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            walk = [sys.executable, __file__, *sys.argv[1:], "--walk"]
            done = subprocess.run(walk, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            subprocess.run([*hearth, "database", "stop"], env=environment, cwd=ROOT, check=False, stdout=sys.stderr)
        found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
        return found


def _walk(members: int, posts: int, times: int) -> dict[str, list[float]]:
    import logging

    from django.conf import settings
    from django.db import connections

    import hearth.asgi  # noqa: F401 - what is measured is set up as the web server is

    logging.disable(logging.CRITICAL)
    settings.ALLOWED_HOSTS = ["*"]
    from hearth.accounts.testing import make_organisation
    from hearth.lib import postgres, tenancy

    with postgres.running(settings.VAR_DIR):
        organisation = make_organisation()
        with tenancy.within(organisation.pk):
            people = _fill(organisation, members, posts)
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")  # as PostgreSQL does by itself within minutes, and before a house is so large
        return {
            page: [_seconds(visit) for _time in range(times + 1)][1:] for page, visit in _pages(organisation, people)
        }


def _fill(organisation: Any, members: int, posts: int) -> tuple[Any, Any]:
    """A supervisor who hosts one circle with everybody in it; she and somebody in it."""
    from django.utils import timezone

    from hearth.accounts.models import User
    from hearth.accounts.roles import Role
    from hearth.accounts.testing import make_user
    from hearth.admission.models import Episode
    from hearth.circle.models import Membership
    from hearth.circle.services import join, keep_hours
    from hearth.people.models import Patient
    from hearth.timetable.testing import make_episode, make_program

    at = timezone.now() - timedelta(days=60)
    ruth = make_user("Ruth Okafor", Role.SUPERVISOR, organisation=organisation)
    users = User.objects.bulk_create(
        User(organisation=organisation, name=f"Student {n}", roles=[Role.STUDENT], email=f"s{n}@students.example")
        for n in range(members)
    )
    patients = Patient.objects.bulk_create(
        Patient(chosen_name=f"Student{n}", family_name="Test", user=user, joined_at=at, birth_date="1997-05-14",
                state="CO", languages=["en"], population="adult")
        for n, user in enumerate(users)
    )  # fmt: skip
    first = make_episode(patients[0], make_program(), by=ruth, at=at)
    facts = {name: getattr(first, name) for name in ("program", "track", "admitted_by", "admitted_at", "starts_on",
                                                     "planned_end_on")}  # fmt: skip
    stays = [first, *Episode.objects.bulk_create(Episode(patient=one, **facts) for one in patients[1:])]
    circle = join(episode=first, at=at).circle
    keep_hours(circle=circle, hours=circle.hours, reads_first=False, by=ruth, at=at)
    Membership.objects.bulk_create(
        Membership(circle=circle, episode=stay, patient=stay.patient, population="adult", joined_at=at)
        for stay in stays[1:]
    )
    Membership.objects.update(agreed_at=at)
    _write(circle, list(Membership.objects.all()), posts, at)
    return ruth, users[0]


def _write(circle: Any, places: list[Any], posts: int, at: Any) -> None:
    from hearth.circle.models import Encouragement, Post, Wording

    chance, step = random.Random(1), timedelta(days=60) / posts  # noqa: S311 - a bench, the same each time
    for numbers in batched(range(posts), 5000):
        rows = [
            Post(circle=circle, membership=place, patient_id=place.patient_id, kind="post", form_token=uuid4(),
                 text=f"{chance.choice(WORDS)}, day {number % 60}.", written_at=at + number * step,
                 appears_at=at + number * step, **_state(number, at))
            for number in numbers
            for place in [chance.choice(places)]
        ]  # fmt: skip
        Post.objects.bulk_create(rows)
        Wording.objects.bulk_create(
            Wording(post=row, text=row.text, reasons=["phone"] if row.state == "held" else [], at=row.written_at)
            for row in rows
        )
        Encouragement.objects.bulk_create(
            Encouragement(post=row, patient_id=chance.choice(places).patient_id, word="proud", at=row.written_at)
            for row in rows[::4]
        )


def _state(number: int, at: Any) -> dict[str, Any]:
    return {"state": "held", "waits_since": at} if number % 2000 == 0 else {"state": "shown"}


def _pages(organisation: Any, people: tuple[Any, Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    from django.urls import reverse

    from hearth.circle.models import Circle, Post
    from hearth.lib import tenancy

    ruth, member = map(_client, people)
    with tenancy.within(organisation.pk):
        circle = Circle.objects.get()
        early = Post.objects.filter(state="shown").order_by("-appears_at")[Post.objects.count() // 2]
        held = Post.objects.filter(state="held").first()
        read = Post.objects.filter(state="shown").exclude(patient__user=people[1]).latest("appears_at")
    home, staff = reverse("circle:home"), reverse("circle:of-staff", args=[circle.pk])
    yield "the circle", lambda: member.get(home)
    yield "an earlier page", lambda: member.get(f"{home}?before={early.pk}")
    yield "the form", lambda: member.get(reverse("circle:write"))
    yield (
        "writing a post",
        lambda: member.post(
            reverse("circle:write"), {"kind": "post", "text": "The heron came back.", "token": uuid4()}
        ),
    )
    yield "a word to a post", lambda: member.post(reverse("circle:encourage", args=[read.pk]), {"word": "proud"})
    yield "what waits for hosts", lambda: ruth.get(reverse("circle:waiting"))
    yield "a circle for hosts", lambda: ruth.get(staff)
    yield "an earlier page for hosts", lambda: ruth.get(f"{staff}?before={early.pk}")
    search = reverse("circle:search", args=[circle.pk])
    yield "a search for many posts", lambda: ruth.post(search, {"q": "heron"})
    yield "a search for no post", lambda: ruth.post(search, {"q": "pterodactyl"})
    yield "who is in", lambda: ruth.get(reverse("circle:people", args=[circle.pk]))
    yield "a post for hosts", lambda: ruth.get(reverse("circle:post", args=[held.pk if held else read.pk]))
    yield "a supervisor's Today", lambda: ruth.get(reverse("web:today"))


def _client(user: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def _seconds(visit: Callable[[], Any]) -> float:
    began = perf_counter()
    answer = visit()
    spent = perf_counter() - began
    if answer.status_code not in (200, 302):
        raise SystemExit(f"{answer.request['PATH_INFO']} answered {answer.status_code}")
    return spent


if __name__ == "__main__":
    sys.exit(main())
