"""What is too large to be anything we take is refused before any of it is kept, in memory or on a disk."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

LARGEST = 100_000_000  # bytes: many referral files at once; a product default


async def serve(application: Any, scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Let `application` answer this request (ASGI), unless its body is or becomes larger than LARGEST.

    One that says so itself is read to its end, so that the browser listens, and kept nowhere. One that says nothing
    breaks off where it passes the limit.
    """
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > LARGEST:
        while (await receive()).get("more_body"):
            pass
        await _refuse(send)
        return
    taken = 0

    async def counted() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LARGEST else {"type": "http.disconnect"}

    await application(scope, counted, send)


async def _refuse(send: Any) -> None:
    said = []
    for language in ("en", "es"):
        with translation.override(language):
            told = _("What you sent is larger than %(most)s MB. Nothing of it was kept. Go back and send less at once.")
            said.append(told % {"most": LARGEST // 1_000_000})
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": "\n\n".join(said).encode()})
