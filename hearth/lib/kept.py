"""Whose the things are that a browser keeps for a while, and the key they are sealed with there.

The key comes from the server to somebody signed in, and is forgotten by the browser when they sign out. What is still
kept then can be opened by nobody until the same person signs in again.
"""

import base64
from typing import Any

from django.utils.crypto import salted_hmac

OWNER, KEY = "hearth.kept.owner", "hearth.kept.key"


def owner_of(pk: Any) -> str:
    """A name for this person that tells nothing, the same on every device."""
    return salted_hmac(OWNER, str(pk), algorithm="sha256").hexdigest()[:32]


def key_of(pk: Any) -> str:
    """Their key: 32 bytes in base64."""
    return base64.b64encode(salted_hmac(KEY, str(pk), algorithm="sha256").digest()).decode()
