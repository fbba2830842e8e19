"""Ten thousand answers in ten minutes: is one lost, and how soon is a concern there for whoever is on duty.

    python bench/concerns.py [--quick] [--answers N] [--seconds N] [--json FILE]

Starts an embedded PostgreSQL, the web server and the worker, as `hearth serve` does. Phones send PHQ-9s through the
page that takes what they kept (`measures:queued`), at moments drawn beforehand: whatever is served late is counted from
the moment at which it was to be sent. One in ten has item 9. Goals: nothing lost, no concern missing, p99 of 2 s until
answer and concern are committed. `--quick` keeps the pace and sends 500, so that the number of answers is not met.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from parts.report import figure, finish, show
from parts.web import ROOT, cookie_of, house, served

ANSWERS, SECONDS, P99 = 10_000, 600, 2.0  # the goals
QUICK, WARM_UP = 500, 30
PHONES, AT_ONCE = 100, 16  # students, and how many of their phones wait for an answer at the same time
GRAVE = 10  # one in so many has item 9
WITHOUT, WITH = [1, 1, 1, 1, 1, 1, 1, 0, 0], [2, 2, 2, 2, 1, 1, 1, 0, 2]
TOKEN = "b" * 32  # what a browser would have from a page: any word, said twice


@dataclass(frozen=True, slots=True)
class Phone:
    """A student's phone, signed in."""

    owner: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer: its key, whether it tells of danger, what came back, and how long after its moment."""

    key: UUID
    is_grave: bool
    done: bool
    seconds: float


def main() -> int:
    options = _options()
    with house(), served() as address, _worker():
        phones = _phones()
        _send_all(address, phones, answers=WARM_UP, seconds=WARM_UP / 2)  # not counted: the server has just begun
        began = time.monotonic()
        sent = _send_all(address, phones, answers=options.answers, seconds=options.seconds)
        figures = _figures(sent, seconds=time.monotonic() - began, **_kept(sent))
    show(figures, wide=(20, 8, 9))
    return finish("concerns", figures, to=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Many answers at once, and their concerns.")
    parser.add_argument("--quick", action="store_true", help=f"the same pace, {QUICK} answers: about a minute")
    parser.add_argument("--answers", type=int, help=f"how many (default: {ANSWERS})")
    parser.add_argument("--seconds", type=float, help="over how long (default: at the pace of the goal)")
    parser.add_argument("--json", help="write the figures to this file")
    options = parser.parse_args()
    options.answers = options.answers or (QUICK if options.quick else ANSWERS)
    options.seconds = options.seconds or options.answers * SECONDS / ANSWERS
    return options


@contextmanager
def _worker() -> Iterator[None]:
    """The worker, which tells people of concerns meanwhile."""
    from hearth.lib.supervise import end

    command = [sys.executable, "-m", "hearth.cli", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True)  # fmt: skip
    try:
        yield
    finally:
        end(worker)


def _phones() -> list[Phone]:
    """Students, each with a counselor and a phone."""
    from django.utils import timezone

    from hearth.accounts.roles import Role
    from hearth.accounts.testing import make_organisation, make_user
    from hearth.lib import kept, tenancy
    from hearth.people.models import CareTeamMember
    from hearth.people.testing import make_patient

    at, organisation, found = timezone.now(), make_organisation(), []
    with tenancy.within(organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=organisation)
        for number in range(PHONES):
            patient = make_patient(f"Student{number}", "Bench", at=at)
            CareTeamMember.objects.create(
                patient=patient, member=dana, role=Role.COUNSELOR, is_primary=True, since=at.date()
            )
            found.append(Phone(kept.owner_of(patient.user_id), cookie_of(patient.user)))
    return found


def _send_all(address: str, phones: list[Phone], *, answers: int, seconds: float) -> list[Sent]:
    """Send at moments drawn beforehand, whether or not the earlier ones were answered."""
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    moments = sorted(chance.uniform(0, seconds) for _ in range(answers))
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = []
        for number, moment in enumerate(moments):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            phone = phones[number % len(phones)]
            waiting.append(pool.submit(_send, address, phone, number % GRAVE == 0, began + moment))
        return [each.result() for each in waiting]


def _send(address: str, phone: Phone, is_grave: bool, wanted_at: float) -> Sent:
    key = uuid4()
    answers = {str(number): value for number, value in enumerate(WITH if is_grave else WITHOUT, start=1)}
    item = {"key": str(key), "instrument": "phq-9", "language": "en", "answers": answers}
    body = {"owner": phone.owner, "items": [item | {"at": time.time() * 1000, "skew": 0}]}
    headers = {"Cookie": f"hearth={phone.cookie}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.request("POST", "/my/check-ins/queued/", json.dumps(body), headers)
        said = connection.getresponse()
        told = json.loads(said.read()) if said.status == 200 else {"results": [{"done": False}]}
    except OSError:
        told = {"results": [{"done": False}]}  # a phone would send it again; here it counts as lost
    finally:
        connection.close()
    return Sent(key, is_grave, bool(told["results"][0]["done"]), time.monotonic() - wanted_at)


def _kept(sent: list[Sent]) -> dict[str, int]:
    """How many of these answers, and of the concerns they should have raised, are not there."""
    from hearth.accounts.models import Organisation
    from hearth.lib import tenancy
    from hearth.measures.concerns import SOURCE
    from hearth.measures.models import Response
    from hearth.safety.models import Concern

    with tenancy.within(Organisation.objects.get().pk):
        stored = dict(Response.objects.values_list("form_token", "pk"))
        raised = set(Concern.objects.filter(source_kind=SOURCE).values_list("source_id", flat=True))
    lost = sum(each.key not in stored for each in sent)
    missing = sum(stored.get(each.key) not in raised for each in sent if each.is_grave)
    return {"lost": lost, "missing": missing}


def _figures(sent: list[Sent], *, seconds: float, lost: int, missing: int) -> dict[str, Any]:
    grave = sorted(each.seconds for each in sent if each.is_grave)
    p99 = grave[min(len(grave) - 1, int(0.99 * len(grave)))]
    return {
        "answers": figure(len(sent), "answers", ANSWERS, better="more"),
        "minutes": figure(round(seconds / 60, 2), "min", SECONDS / 60 + 0.1),  # the last one is answered, too
        "answers_lost": figure(lost, "answers", 0),
        "concerns_missing": figure(missing, "concerns", 0),
        "refused": figure(sum(not each.done for each in sent), "answers", 0),
        "concerns": figure(len(grave), "concerns", None),
        "concern_p99": figure(round(p99, 3), "s", P99),
        "concern_median": figure(round(statistics.median(grave), 3), "s", None),
        "concern_slowest": figure(round(grave[-1], 3), "s", None),
    }


if __name__ == "__main__":
    sys.exit(main())
