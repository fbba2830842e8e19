"""How fast people come into the video room, what they see there, and what Janus needs for it.

    python bench/room.py [--quick] [--people 2,4,8] [--loss 0,2,5] [--alone 8,12] [--json FILE]

Starts an embedded database, a web server, a Janus and one headless Chromium with a made-up camera for each person. Loss
is made by a small UDP relay between browser and Janus. Goals: join p95 of 3 s at most; at 4 people without loss 95 % of
pairs decode 10 frames a second or more; Janus under 10 % of a core at 8 people. A round in which somebody did not
see everyone in time is told as not measured, and the others stand. What Janus needs for more people than these
browsers carry is measured with Janus alone: everyone sends and receives as a browser does, and nobody draws.
"""

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parts.janus_alone import Alone, janus_alone
from parts.report import figure, finish
from parts.usage import cpu, memory

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from hearth.lib.testing import RunningJanus

ROOT = Path(__file__).parent.parent
JOIN_P95, FPS, PAIRS, JANUS_CORE = 3.0, 10.0, 95.0, 10.0  # the goals: seconds, frames, percent, percent
A_CROWD = 7  # people, from whom on the room sends 12 frames a second: what a camera gives beyond them goes nowhere
CHROMIUM = os.environ.get("HEARTH_CHROMIUM", "/usr/bin/chromium-headless-shell")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection"),
    "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
    "--disable-blink-features=OnDeviceWebSpeechAvailable",  # asked whether it can write captions, this build crashes
)
# Everything a browser sends to Janus goes through the relay: Janus's candidates are rewritten, ours never told.
THROUGH_THE_RELAY = r"""
const CANDIDATE = /(a=candidate:\S+ \d+ udp \d+) \S+ (\d+) /gi;
const set = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = async function ({ type, sdp }) {
  const through = {};
  for (const [, , port] of sdp.matchAll(CANDIDATE)) through[port] ??= await window.relayFor(Number(port));
  const rewritten = sdp.replace(CANDIDATE, (_all, head, port) => `${head} 127.0.0.1 ${through[port]} `);
  return set.call(this, { type, sdp: rewritten });
};
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) {
  const words = JSON.parse(text);
  if (words.do !== "trickle" || words.candidate === null) send.call(this, text);
};
"""
SEEN = """() => [...document.querySelectorAll('.video-face:not(.mine) video')].map(
  (each) => each.getVideoPlaybackQuality().totalVideoFrames)"""
SEES_ALL = f"(others) => {{ const seen = ({SEEN})(); return seen.length >= others && seen.every((each) => each > 0) }}"


def main() -> int:
    options = _options()
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as var:
        Path(var).chmod(0o711)  # PostgreSQL and Janus may run as another user, who must be able to enter
        os.environ |= {"HEARTH_VAR": var, "DJANGO_SETTINGS_MODULE": "hearth.settings", "HEARTH_DEMO": "1"}
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
        sys.path.insert(0, str(ROOT))
        for people in options.people:
            for loss in options.loss if people == 4 else (0.0,):
                rounds.append(_round(Path(var), people, loss, options.seconds))
                print(rounds[-1].as_row(), flush=True)
        alone = _alone(options.alone, options.seconds)
    ran = {(each.people, each.loss) for each in rounds if not each.trouble}
    whole = {(4, 0), (8, 0)} <= ran and 8 in options.alone
    return finish("room", _figures(rounds) | _figures_alone(alone), to=options.json, whole=whole)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The video room with real browsers.")
    parser.add_argument("--quick", action="store_true", help="stay under ten minutes (5 s of watching each)")
    many = "how many take part (default: 2,4,8,12; 2,4,8 with --quick)"
    parser.add_argument("--people", type=_numbers, help=many)
    parser.add_argument("--loss", type=_numbers, default=[0, 2, 5], help="percent lost with 4 people (default: 0,2,5)")
    parser.add_argument("--alone", type=_numbers, default=[8, 12], help="people with Janus alone (default: 8,12)")
    parser.add_argument("--json", help="write the figures to this file")
    options = parser.parse_args()
    options.people = options.people or ([2, 4, 8] if options.quick else [2, 4, 8, 12])
    options.seconds = 5.0 if options.quick else 20.0
    return options


def _numbers(words: str) -> list[int]:
    return [int(each) for each in words.split(",")]


@dataclass
class Round:
    """What was seen with so many people and so much loss."""

    people: int
    loss: float
    joins: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    janus_percent: float = 0.0
    janus_mb: float = 0.0
    trouble: str = ""  # why nothing was measured

    @property
    def good_pairs(self) -> float:
        return 100 * sum(each >= FPS for each in self.frames) / max(1, len(self.frames))

    @property
    def p50(self) -> float:
        return statistics.median(self.joins)

    @property
    def p95(self) -> float:
        return sorted(self.joins)[min(len(self.joins) - 1, int(0.95 * len(self.joins)))]

    def as_row(self) -> str:
        if self.trouble:
            return f"{self.people:>3} people, {self.loss:>3.0f} % lost: not measured: {self.trouble}"
        return (
            f"{self.people:>3} people, {self.loss:>3.0f} % lost: join p50 {self.p50:5.2f} s, p95 {self.p95:5.2f} s;"
            f" {len(self.frames)} pairs, median {statistics.median(self.frames):5.1f} frames/s,"
            f" {self.good_pairs:5.1f} % at {FPS:.0f} or more; Janus {self.janus_percent:4.1f} % of a core,"
            f" {self.janus_mb:.0f} MB"
        )


def _round(var: Path, people: int, loss: float, seconds: float) -> Round:
    """One group of `people`, from the door to `seconds` of watching. What the browsers did not do is its `trouble`."""
    from playwright.sync_api import Error

    from hearth.lib import postgres
    from hearth.lib.testing import running_janus

    found = Round(people, loss)
    with postgres.running(var), running_janus() as janus, _group(people) as group, _web(janus) as address:
        try:
            _watch(found, group, address, janus, seconds)
        except Error as trouble:
            found.trouble = (str(trouble).splitlines() or ["the browser stopped"])[0]
    return found


def _alone(crowds: list[int], seconds: float) -> list[Alone]:
    """Janus alone with each of these many people."""
    from playwright.sync_api import sync_playwright

    from hearth.lib.testing import running_janus

    found: list[Alone] = []
    with running_janus() as janus, sync_playwright() as playwright:
        camera = "--use-fake-device-for-media-stream=fps=12"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, camera])
        for people in crowds:
            found.append(janus_alone(browser, janus, people, seconds))
            print(found[-1].as_row(), flush=True)
        browser.close()
    return found


@contextmanager
def _group(people: int) -> Iterator[list[tuple[str, str]]]:
    """A session that runs now: each one's cookie and the address of their room, the leader first."""
    command = [sys.executable, "-m", "hearth.cli", "migrate", "--verbosity", "0"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    from django.db import connections
    from django.utils import timezone

    from hearth.accounts.roles import Role
    from hearth.accounts.testing import make_organisation, make_user
    from hearth.lib import tenancy
    from hearth.people.models import Modality
    from hearth.people.testing import make_patient
    from hearth.sessions.models import VideoPlace, VideoRoom
    from hearth.sessions.testing import make_session, say_where

    at, name = timezone.now(), f"bench-{time.time_ns()}"
    house = make_organisation(slug=name, name=name)
    with tenancy.within(house.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, organisation=house)
        students = [make_patient(f"Student{number}", "Bench", at=at) for number in range(1, people)]
        session = make_session(dana, *students, starts_at=at - timedelta(minutes=5), modality=Modality.VIRTUAL)
        say_where(session, *students, at=at)
        room = VideoRoom.objects.create(session=session)
        for row in session.roster.select_related("patient__user"):
            place = {"user": row.patient.user, "attendance": row, "leads": False, "asked_at": at, "admitted_at": at}
            VideoPlace.objects.create(room=room, **place)
    mine = [(_cookie(student.user), f"/my/sessions/{session.pk}/video/") for student in students]
    yield [(_cookie(dana), f"/sessions/{session.pk}/video/"), *mine]
    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]


def _cookie(user: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def _web(janus: "RunningJanus") -> Iterator[str]:
    from hearth.lib.supervise import end
    from hearth.lib.testing import free_port, wait_for

    port = free_port()
    environment = os.environ | {
        "HEARTH_JANUS_SERVERS": f"one={janus.server.url}",
        "HEARTH_JANUS_API_SECRET": janus.server.api_secret,
        "HEARTH_JANUS_ADMIN_KEY": janus.server.admin_key,
        "PYTHONPATH": str(ROOT),
    }
    where = ["--host", "127.0.0.1", "--port", str(port), "--interface", "asginl", "--no-access-log"]
    command = [sys.executable, "-m", "granian", *where, "--log-level", "error", "hearth.asgi:application"]
    web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(port)
        yield f"http://localhost:{port}"
    finally:
        end(web)


def _watch(found: Round, group: list[tuple[str, str]], address: str, janus: "RunningJanus", seconds: float) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, Relay(found.loss) as relay:
        camera = f"--use-fake-device-for-media-stream=fps={12 if found.people >= A_CROWD else 20}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, camera])
        pages: list[Page] = []
        for cookie, path in group:
            page = _page(browser, address, cookie, relay if found.loss else None)
            page.goto(path)
            began = time.monotonic()
            page.get_by_role("button", name="Come in with camera").click()
            page.wait_for_function(SEES_ALL, arg=len(pages), timeout=30_000)
            if pages:
                found.joins.append(time.monotonic() - began)
            else:
                page.wait_for_selector("#video[data-state='in']")
            pages.append(page)
        for page in pages:
            page.wait_for_function(SEES_ALL, arg=len(pages) - 1, timeout=30_000)
        before, began, used = [page.evaluate(SEEN) for page in pages], time.monotonic(), cpu(janus.process.pid)
        time.sleep(seconds)
        passed = time.monotonic() - began
        found.janus_percent = 100 * (cpu(janus.process.pid) - used) / passed
        found.janus_mb = memory(janus.process.pid)
        for page, earlier in zip(pages, before, strict=True):
            now = page.evaluate(SEEN)
            took = time.monotonic() - began
            found.frames += [(late - early) / took for late, early in zip(now, earlier, strict=True)]
        browser.close()


def _page(browser: "Browser", address: str, cookie: str, relay: "Relay | None") -> "Page":
    context = browser.new_context(
        base_url=address,
        service_workers="block",
        permissions=["camera", "microphone"],
        reduced_motion="reduce",
        viewport={"width": 360, "height": 640},  # a phone's: what is drawn here takes from what is measured
    )
    context.add_cookies([{"name": "hearth", "value": cookie, "url": address}])
    page = context.new_page()
    if relay:
        page.expose_function("relayFor", relay.port_for)
        page.add_init_script(THROUGH_THE_RELAY)
    return page


class Relay:
    """Passes UDP on between one browser and one port of Janus at a time, and loses some of it each way."""

    def __init__(self, loss: float) -> None:
        self.share, self.random, self.is_over = loss / 100, random.Random(7), False  # noqa: S311

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over = True

    def port_for(self, port: int) -> int:
        """A port of ours that leads to this port of Janus's."""
        near, far = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        near.bind(("127.0.0.1", 0))
        far.connect((_own_address(), port))
        peer: list[Any] = []

        def outward() -> None:
            for packet, sender in self._packets(near):
                peer[:] = [sender]
                if self.random.random() >= self.share:
                    far.send(packet)

        def inward() -> None:
            for packet, _sender in self._packets(far):
                if peer and self.random.random() >= self.share:
                    near.sendto(packet, peer[0])

        for work in (outward, inward):
            threading.Thread(target=work, daemon=True).start()
        return int(near.getsockname()[1])

    def _packets(self, door: socket.socket) -> Iterator[tuple[bytes, Any]]:
        door.settimeout(0.5)
        while not self.is_over:
            try:
                yield door.recvfrom(2048)
            except OSError:  # nothing for a while, or nobody there yet
                continue


def _own_address() -> str:
    """The address of this machine that Janus names in its candidates."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _figures(rounds: list[Round]) -> dict[str, Any]:
    """Those of each round; of one that was not measured they have no value, and its goals are not met."""
    figures: dict[str, dict[str, Any]] = {}
    for each in rounds:
        name = f"{each.people}_people_{each.loss:.0f}_percent_lost"
        plain = each.loss == 0

        def told(
            value: Callable[[Round], float], unit: str, goal: float | None = None, *, of: Round = each, **how: Any
        ) -> dict[str, Any]:
            return figure(None if of.trouble else value(of), unit, goal, places=2, **how)

        figures[f"join_p50_{name}"] = told(lambda one: one.p50, "s")
        figures[f"join_p95_{name}"] = told(lambda one: one.p95, "s", JOIN_P95 if plain else None)
        goal = PAIRS if plain and each.people == 4 else None
        figures[f"pairs_at_10_fps_{name}"] = told(lambda one: one.good_pairs, "%", goal, better="more")
        frames = told(lambda one: statistics.median(one.frames), "frames/s", better="more")
        figures[f"frames_median_{name}"] = frames
        figures[f"janus_cpu_{name}"] = told(lambda one: one.janus_percent, "% of a core")
        figures[f"janus_memory_{name}"] = told(lambda one: one.janus_mb, "MB")
    return figures


def _figures_alone(rounds: list[Alone]) -> dict[str, Any]:
    """Those of Janus alone; fewer pairs that get pictures would make its work look light."""
    figures: dict[str, Any] = {}
    for each in rounds:
        name, goal = f"alone_{each.people}_people", JANUS_CORE if each.people == 8 else None
        figures[f"janus_cpu_{name}"] = figure(each.janus_percent, "% of a core", goal, places=2)
        figures[f"janus_memory_{name}"] = figure(each.janus_mb, "MB", None, places=2)
        figures[f"pairs_with_pictures_{name}"] = figure(each.flowing, "%", PAIRS, better="more", places=2)
    return figures


if __name__ == "__main__":
    sys.exit(main())
