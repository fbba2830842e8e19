"""What Janus needs for a large group, with people who send and receive as a browser does and draw nothing.

Two cores do not carry eight browsers that decode each other. Here a few pages hold everybody's connections: what they
send is what the video room's page sends in a crowd, what they receive is thrown away before it is decoded.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parts.usage import cpu, memory

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from hearth.lib.testing import RunningJanus
    from hearth.lib.videoroom import Room

SCRIPT = Path(__file__).with_name("crowd.js")
PLACE = "http://localhost/bench"  # where a page may use the camera; no server is asked
PAGES = 4  # over which people are spread, so that no one thread carries all of them
LEAST = 8.0  # packets of pictures a second from which a pair counts as seen


@dataclass(frozen=True, slots=True)
class Alone:
    """What was measured with so many people: Janus's part, and how much went through it."""

    people: int
    janus_percent: float
    janus_mb: float
    packets: float  # of pictures a second, all pairs together
    flowing: float  # percent of the pairs that get pictures

    def as_row(self) -> str:
        return (
            f"{self.people:>3} people, Janus alone: {self.janus_percent:4.1f} % of a core, {self.janus_mb:.0f} MB;"
            f" {self.packets:.0f} packets of pictures a second, {self.flowing:5.1f} % of pairs get them"
        )


def janus_alone(browser: "Browser", janus: "RunningJanus", people: int, seconds: float) -> Alone:
    """Everybody comes in and sees everybody; then Janus is watched for so many seconds."""
    names = [f"person{number}" for number in range(people)]
    room = _room(janus, names)
    pages = [_page(browser) for _ in range(min(PAGES, people))]
    for number, name in enumerate(names):
        who = {"url": janus.server.url, "secret": janus.server.api_secret, "room": room.name, "id": name, "token": name}
        pages[number % len(pages)].evaluate("(who) => crowd.comes(who)", who)
    for page in pages:
        page.evaluate("(names) => crowd.watch(names)", names)
    time.sleep(3)  # senders find their rate
    before, began, used = _came(pages), time.monotonic(), cpu(janus.process.pid)
    time.sleep(seconds)
    percent, mb = 100 * (cpu(janus.process.pid) - used) / (time.monotonic() - began), memory(janus.process.pid)
    now, took = _came(pages), time.monotonic() - began
    rates = [(late - early) / took for late, early in zip(now, before, strict=True)]
    for page in pages:
        page.context.close()
    seen = sum(rate >= LEAST for rate in rates)
    return Alone(people, percent, mb, sum(rates), 100 * seen / (people * (people - 1)))


def _room(janus: "RunningJanus", tokens: list[str]) -> "Room":
    from hearth.lib import videoroom
    from hearth.lib.testing import run

    room = videoroom.Room(f"crowd-{len(tokens)}", "secret", tuple(tokens))

    async def make() -> None:
        link = await videoroom.Link.open(janus.server)
        await videoroom.make_room(link, await link.attach(), room)
        await link.close()

    run(make)
    return room


def _page(browser: "Browser") -> "Page":
    page = browser.new_context(permissions=["camera", "microphone"]).new_page()
    page.route(PLACE, lambda route: route.fulfill(body="<title>Bench</title>", content_type="text/html"))
    page.goto(PLACE)
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return page


def _came(pages: "list[Page]") -> list[float]:
    return [each for page in pages for each in page.evaluate("() => crowd.came()")]
