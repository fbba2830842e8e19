"""The door the web server opens: pages, and the video room's WebSocket."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearth.settings")
pages = get_asgi_application()

from hearth.lib import large_bodies  # noqa: E402
from hearth.sessions.video import relay  # noqa: E402 - its models need the applications that were loaded above


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer one request, or stay for as long as one connection to a video room lasts."""
    if scope["type"] == "websocket":
        await relay.serve(scope, receive, send)
    else:
        await large_bodies.serve(pages, scope, receive, send)
