"""How django-allauth works here: its second factors alone, with their secrets kept encrypted."""

import base64
import hashlib
from typing import cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from hearth.accounts.models import User
from hearth.lib import secrets_file


class Adapter(DefaultAccountAdapter):
    """Accounts begin with an invitation or an admission, never with a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """What an authenticator app shares with us lies encrypted in the database; its key lies outside."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """What the browser's list of passkeys shows: the chosen name, and nothing of the program."""
        person = cast(User, user)
        return {"id": person.pk.hex.encode(), "display_name": person.name, "name": person.email or person.name}


def _box() -> Fernet:
    kept = secrets_file.read_or_make(settings.HEARTH_KEY_DIR / "second-factor")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(kept.encode()).digest()))
