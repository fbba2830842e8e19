"""A real browser on a real server, for every journey."""

import os
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the test's thread

CHROMIUM = os.environ.get("HEARTH_CHROMIUM", "/usr/bin/chromium-headless-shell")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-blink-features=OnDeviceWebSpeechAvailable",  # asked whether it can write captions, this build crashes
)
MEDIA = (  # cameras and microphones that need no hardware, and peers found on the loopback
    "--use-fake-device-for-media-stream=fps=2",  # enough to be seen moving: a group of them shares two cores
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The Chromium of the system, never a downloaded one; without a window it needs a third less of the machine."""
    return {"executable_path": CHROMIUM, "args": [*QUIET, *MEDIA]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """Nothing moves, so that axe reads colours as they are, not half way through fading in."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def base_url(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Where the site answers; `page.goto("/help-now/")` is enough. Sees only what was committed."""
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        yield server.url
        server.stop()
