"""Web push without content: one POST to the browser's own push service, signed with the key of this installation.

A push that holds nothing needs no encryption (RFC 8030); who sends it is shown by a signed token (VAPID, RFC 8292). The
service worker of the browser shows words of its own.
"""

import base64
import json
from datetime import datetime, timedelta
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings

from hearth.lib import secrets_file
from hearth.outbox.sms import HERE, NotTaken, Refused

KEY = "push"
TIMEOUT = 10  # seconds; a push service that is silent holds a place of the worker for as long
LIVES = timedelta(hours=24)  # product default: the push service keeps it no longer for a device that is off
TOKEN_LIVES = timedelta(hours=12)  # RFC 8292 allows 24
GONE = frozenset({404, 410})
TRY_AGAIN = frozenset({408, 425, 429})
LONGEST = 1000  # letters of an address; those of today have about 200
TOPIC = "hearth"  # what waits for a device that is off is replaced by what comes next: one notice says it all


class Gone(Exception):
    """The browser wants nothing more there: it was forgotten, or its person said no."""


class Unknown(ValueError):
    """This is not the address of a push service that we know."""


def is_known(endpoint: str) -> bool:
    """Whether this leads to the push service of a browser, and not to wherever somebody would like us to post."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or any(map(str.isspace, endpoint)):
        return False
    try:
        parts = urlsplit(endpoint)
        _port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in HERE)
    ours = any(host == known or host.endswith(f".{known}") for known in settings.PUSH_SERVICES)
    return secure and ours and not parts.username


def public_key() -> str:
    """The key by which push services know this installation, as browsers take it."""
    return _public(_private(Path(settings.HEARTH_KEY_DIR) / KEY))


def send(endpoint: str, *, at: datetime, quiet_in: timedelta = LIVES) -> None:
    """Have the device shown that something waits, unless it is off until its quiet hours begin.

    Raises Gone, NotTaken where trying again may help, and Refused.
    """
    if not is_known(endpoint):
        raise Refused("no push service that we know")
    parts = urlsplit(endpoint)
    connection = (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(
        parts.hostname or "", parts.port, timeout=TIMEOUT
    )
    headers = {
        "Authorization": f"vapid t={_token(parts, at)}, k={public_key()}",
        "TTL": str(int(min(LIVES, quiet_in).total_seconds())),
        "Topic": TOPIC,
        "Content-Length": "0",
    }
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", headers=headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as trouble:
        raise NotTaken(type(trouble).__name__) from None
    finally:
        connection.close()
    if status in GONE:
        raise Gone
    if 400 <= status < 500 and status not in TRY_AGAIN:
        raise Refused(f"the push service refused it ({status})")
    if not 200 <= status < 300:
        raise NotTaken(f"the push service answered {status}")


def _token(parts: SplitResult, at: datetime) -> str:
    contact = settings.BASE_URL if settings.BASE_URL.startswith("https:") else f"mailto:{settings.DEFAULT_FROM_EMAIL}"
    port = f":{parts.port}" if parts.port else ""
    claims = {
        "aud": f"{parts.scheme}://{parts.hostname}{port}",
        "exp": int((at + TOKEN_LIVES).timestamp()),
        "sub": contact,
    }
    said = ".".join(_text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    key = _private(Path(settings.HEARTH_KEY_DIR) / KEY)
    halves = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{said}.{_text(b''.join(half.to_bytes(32) for half in halves))}"


@lru_cache(maxsize=4)  # tests have keys of their own
def _private(path: Path) -> ec.EllipticCurvePrivateKey:
    """The signing key at this path; made on first use."""
    key = serialization.load_pem_private_key(secrets_file.read_or_make(path, make=_new_key).encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} is not a P-256 key.")
    return key


def _new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    kind, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(kind, shape, serialization.NoEncryption()).decode()


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    point = serialization.PublicFormat.UncompressedPoint
    return _text(key.public_key().public_bytes(serialization.Encoding.X962, point))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
