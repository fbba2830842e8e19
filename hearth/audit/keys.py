"""The key that signs heads: Ed25519, made on first use, its public half beside it for whoever verifies."""

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from hearth.audit import rules
from hearth.lib import secrets_file

PRIVATE = "audit.key"
PUBLIC = "audit.pub"


def sign(head: Mapping[str, Any]) -> str:
    """The signature of this head, in base64."""
    return base64.b64encode(_private_key().sign(rules.canonical(head))).decode()


def is_ours(head: Mapping[str, Any], signature: str) -> bool:
    """Whether this installation's key made `signature` for `head`."""
    try:
        _public_key().verify(base64.b64decode(signature, validate=True), rules.canonical(head))
    except (InvalidSignature, ValueError):
        return False
    return True


def _private_key() -> Ed25519PrivateKey:
    text = secrets_file.read_or_make(settings.HEARTH_KEY_DIR / PRIVATE, make=_new_key)
    key = serialization.load_pem_private_key(text.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{settings.HEARTH_KEY_DIR / PRIVATE} is not an Ed25519 key.")
    public = settings.HEARTH_KEY_DIR / PUBLIC
    if not public.exists():
        public.write_bytes(_public_bytes(key.public_key()))
    return key


def _public_key() -> Ed25519PublicKey:
    """From the public file, so that a copy of it is all that verifying elsewhere needs."""
    path = settings.HEARTH_KEY_DIR / PUBLIC
    if not path.exists():
        return _private_key().public_key()
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path} is not an Ed25519 public key.")
    return key


def _new_key() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def _public_bytes(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
