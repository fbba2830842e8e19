"""TURN: a relay for media where a network lets nothing else through, with passwords that last one session.

coturn's `use-auth-secret`: the user is `expiry:id` and the password its HMAC-SHA1 under the secret both sides know.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LIVES = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where TURN answers (`turn:host:3478?transport=udp`, …) and the secret shared with it."""

    urls: tuple[str, ...]
    secret: str


def read(environment: Mapping[str, str]) -> Turn | None:
    """What `HEARTH_TURN_URLS` and `HEARTH_TURN_SECRET` say; None without them. Raises ValueError with a sentence."""
    urls = tuple(each.strip() for each in environment.get("HEARTH_TURN_URLS", "").split(",") if each.strip())
    if not urls:
        return None
    if not all(each.startswith(("turn:", "turns:")) for each in urls):
        raise ValueError("HEARTH_TURN_URLS holds addresses like turn:host:3478?transport=udp, with commas between.")
    secret = environment.get("HEARTH_TURN_SECRET", "")
    if not secret:
        raise ValueError("HEARTH_TURN_URLS is set, so HEARTH_TURN_SECRET must be set too.")
    return Turn(urls, secret)


def ice_server(turn: Turn, *, person: str, at: datetime) -> dict[str, Any]:
    """What a browser needs to use it, for the next four hours."""
    user = f"{int((at + LIVES).timestamp())}:{person}"
    digest = hmac.new(turn.secret.encode(), user.encode(), hashlib.sha1).digest()
    return {"urls": list(turn.urls), "username": user, "credential": base64.b64encode(digest).decode()}
