"""200 people at the self-check at once: how long pages take, whether any fails, whether any answer is lost.

    python bench/selfcheck.py [--quick] [--people 200] [--json FILE]

Each opens the check, gets the groups, thinks, sends the answers with an inquiry and sees that they were sent, as
a phone does, once somebody has been there before them; the clock runs from request to the last byte. Goals: p95 under
300 ms, no error, every answer stored.
"""

import argparse
import http.client
import json
import random
import re
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

from parts import first_look
from parts.report import figure, finish

P95_MS = 300.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def main() -> int:
    parser = argparse.ArgumentParser(description="Many people at the self-check at once.")
    parser.add_argument("--quick", action="store_true", help="think for 30 s on average, not 60")
    parser.add_argument("--people", type=int, default=200, help="how many at once (default: 200)")
    parser.add_argument("--json", help="write the figures to this file")
    options = parser.parse_args()
    with first_look.served(secure=True) as (address, house):
        _one(Found(), address, options.people, 0.0)  # whoever comes first waits for templates; a house runs for weeks
        found = _everyone(address, options.people, 30.0 if options.quick else 60.0)
        kept = _kept(house)
    slowest = _told(found.seconds)
    figures = {
        "people": figure(options.people, "people", None),
        "slowest_page_p95": figure(round(slowest, 1), "ms", P95_MS),
        "errors": figure(len(found.errors), "requests", 0),
        "answers_lost": figure(len(found.sent - kept), "answers", 0),
    }
    print(f"{len(found.sent)} sent, {len(found.sent - kept)} lost, errors: {found.errors[:5] or 'none'}")
    return finish("selfcheck", figures, to=options.json)


class Found:
    """What all of them saw."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.sent: set[tuple[str, str]] = set()
        self.lock = threading.Lock()


def _everyone(address: str, people: int, thinks: float) -> Found:
    found = Found()
    with ThreadPoolExecutor(people) as threads:
        list(threads.map(lambda number: _one(found, address, number, thinks), range(people)))
    return found


def _one(found: Found, address: str, number: int, thinks: float) -> None:
    """One person, from the first page to the last. The address they come from is their own."""
    chance = random.Random(number)  # noqa: S311 - people, not secrets
    phone = Phone(found, address, f"198.18.{number // 250}.{number % 250 + 1}")
    phone.rests(chance.uniform(0, thinks))
    try:
        page = phone.opens("check", "/check/")
        phone.opens("groups", "/check/groups/")
        phone.rests(chance.uniform(0, 2 * thinks))
        name = f"Person {number}"
        told = {"danger": "no", "home": "safe", "daily": chance.choice(["holds", "slipping", "hard"])}
        answers = json.dumps({"version": 1, "audience": "adult", "answers": told})
        form = {"asked_for": "me", "first_name": name, "reach": "call", "phone": "303 555 0161", "best_time": "any"}
        phone.sends("send", "/talk/", form | {"answers": answers, "csrfmiddlewaretoken": TOKEN.findall(page)[0]})
        with found.lock:
            found.sent.add((name, told["daily"]))
        phone.opens("sent", "/talk/thanks/")
    except (OSError, http.client.HTTPException, LookupError, ValueError) as trouble:
        with found.lock:
            found.errors.append(f"{type(trouble).__name__}: {trouble}")


class Phone:
    """A browser's requests over one connection, with its cookies."""

    def __init__(self, found: Found, address: str, own_address: str) -> None:
        where = urlsplit(address)
        self.found, self.origin = found, address
        self.connection = http.client.HTTPConnection("127.0.0.1", where.port, timeout=30)
        self.headers = {"Host": where.netloc, "X-Forwarded-For": own_address, "X-Forwarded-Proto": "https"}
        self.cookies: dict[str, str] = {}

    def rests(self, seconds: float) -> None:
        """Ask nothing for a while: a connection that idle is closed, and the next request opens another."""
        self.connection.close()
        time.sleep(seconds)

    def opens(self, name: str, path: str) -> str:
        return self._asks(name, "GET", path, None, 200)

    def sends(self, name: str, path: str, form: dict[str, str]) -> str:
        return self._asks(name, "POST", path, urlencode(form), 302)

    def _asks(self, name: str, method: str, path: str, body: str | None, status: int) -> str:
        headers = self.headers | {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if body is not None:
            origin = self.origin.replace("http:", "https:")
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin, "Referer": f"{origin}/"}
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        took = time.perf_counter() - began
        for cookie in answer.msg.get_all("Set-Cookie") or []:
            key, _is, value = cookie.split(";")[0].partition("=")
            self.cookies[key] = value
        if answer.status != status:
            raise ValueError(f"{method} {path} answered {answer.status}")
        with self.found.lock:
            self.found.seconds[name].append(took)
        return page


def _told(seconds: dict[str, list[float]]) -> float:
    """A row a page; the slowest p95 in milliseconds."""
    slowest = 0.0
    print(f"{'page':<8} {'times':>6} {'p50 ms':>8} {'p95 ms':>8} {'most ms':>8}")
    for name, values in seconds.items():
        ordered = sorted(1000 * one for one in values)
        p95 = ordered[max(0, -(-95 * len(ordered) // 100) - 1)]
        slowest = max(slowest, p95)
        print(f"{name:<8} {len(ordered):>6} {ordered[len(ordered) // 2]:>8.0f} {p95:>8.0f} {ordered[-1]:>8.0f}")
    return slowest


def _kept(house: Any) -> set[tuple[str, str]]:
    """(name, answer) of everything that was stored."""
    from hearth.inquiry.models import Inquiry
    from hearth.lib import tenancy

    with tenancy.within(house):
        return {(one.first_name, one.answers["answers"]["daily"]) for one in Inquiry.objects.all()}


if __name__ == "__main__":
    sys.exit(main())
