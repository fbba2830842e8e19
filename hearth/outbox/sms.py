"""Text messages through a gateway: one HTTPS POST, in the form or the JSON that the common gateways take.

`form` is To, From and Body as a web form, as Twilio and those that copy it read it; `json` is to, from and text, as
Telnyx, Sinch and others do. With a user's name the token is sent as HTTP Basic, alone as Bearer. The message's id goes
along as Idempotency-Key, so that a gateway that heeds it sends a text tried twice once.
"""

import base64
import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

TIMEOUT = 30  # seconds
TRY_AGAIN = frozenset({401, 403, 404, 408, 409, 425, 429})
"""Answers that an operator or a little time can mend; every other 4xx says that this text will never be taken."""
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where texts are handed over. `shape` is "form" or "json"."""

    url: str
    token: str
    user: str = ""
    sender: str = ""
    shape: str = "form"

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE)):
            raise ValueError("HEARTH_SMS_URL must begin with https://, because texts hold sign-in codes.")
        if self.shape not in ("form", "json"):
            raise ValueError("HEARTH_SMS_SHAPE is either form or json.")
        if not self.token.isascii() or any(letter.isspace() for letter in self.token):
            raise ValueError("HEARTH_SMS_TOKEN holds a letter that no token has; was it copied whole?")


class NotTaken(OSError):
    """The gateway may take this text later. Says the kind of trouble alone, never an address."""


class Refused(Exception):
    """The gateway will never take this text: the number is wrong, or asked to hear no more."""


def send(gateway: Gateway, *, to: str, body: str, key: str) -> None:
    """Hand one text over. Raises NotTaken where trying again may help, Refused where it will not."""
    parts = urlsplit(gateway.url)
    connection = (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(
        parts.hostname or "", parts.port, timeout=TIMEOUT
    )
    kind, content = _content(gateway, to, body)
    headers = {"Content-Type": kind, "Accept": "application/json", "Idempotency-Key": key} | _proof(gateway)
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", content, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as trouble:
        raise NotTaken(type(trouble).__name__) from None
    finally:
        connection.close()
    if 400 <= status < 500 and status not in TRY_AGAIN:
        raise Refused(f"the gateway refused it ({status})")
    if not 200 <= status < 300:  # a redirect is not followed: the token is for this address alone
        raise NotTaken(f"the gateway answered {status}")


def _content(gateway: Gateway, to: str, body: str) -> tuple[str, bytes]:
    if gateway.shape == "json":
        said = {"to": to, "from": gateway.sender, "text": body}
        return "application/json", json.dumps({name: value for name, value in said.items() if value}).encode()
    said = {"To": to, "From": gateway.sender, "Body": body}
    return "application/x-www-form-urlencoded", urlencode({name: text for name, text in said.items() if text}).encode()


def _proof(gateway: Gateway) -> dict[str, str]:
    if gateway.user:
        pair = base64.b64encode(f"{gateway.user}:{gateway.token}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    return {"Authorization": f"Bearer {gateway.token}"} if gateway.token else {}
