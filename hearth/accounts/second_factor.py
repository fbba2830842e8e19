"""The second factor: authenticator app, passkeys and recovery codes, on django-allauth's `mfa`.

Its models and algorithms are used here and nowhere else; pages and doors are ours.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy

PERIOD = 30  # seconds a code of an authenticator app lasts (RFC 6238)
TOLERANCE = 1  # periods a phone's clock may be off
Type = Authenticator.Type


@dataclass(frozen=True, slots=True)
class Held:
    """What someone has set up."""

    app: Authenticator | None
    passkeys: Sequence[Authenticator]
    recovery_codes_left: int

    @property
    def any(self) -> bool:
        return bool(self.app or self.passkeys)


def held_by(user: User) -> Held:
    """The second factors of `user`, in one query."""
    rows = list(Authenticator.objects.filter(user_id=user.pk).order_by("pk"))
    recovery = next((row for row in rows if row.type == Type.RECOVERY_CODES), None)
    return Held(
        app=next((row for row in rows if row.type == Type.TOTP), None),
        passkeys=[row for row in rows if row.type == Type.WEBAUTHN],
        recovery_codes_left=len(RecoveryCodes(recovery).get_unused_codes()) if recovery else 0,
    )


def is_enrolled(user: User) -> bool:
    """Whether `user` has set up an authenticator app or a passkey."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=[Type.TOTP, Type.WEBAUTHN]).exists()


def new_totp_secret() -> str:
    """160 random bits in base 32, as authenticator apps read them."""
    return totp.generate_totp_secret()


def totp_address(user: User, secret: str) -> str:
    """The `otpauth:` address that an authenticator app reads from the picture."""
    issuer = quote(user.organisation.name)
    return f"otpauth://totp/{issuer}:{quote(user.email or user.name)}?secret={secret}&issuer={issuer}"


def code_now(secret: str, *, at: float | None = None) -> str:
    """The six figures an authenticator app shows for `secret` at `at` (seconds since 1970)."""
    return totp.format_hotp_value(totp.hotp_value(secret, int((time.time() if at is None else at) // PERIOD)))


def current_code(user: User) -> str:
    """What this user's authenticator app shows now; "" without one. For the demo alone."""
    return current_codes([user]).get(user.pk, "")


def current_codes(users: Sequence[User]) -> dict[UUID, str]:
    """What the authenticator apps of `users` show now, by user; in one query. For the demo's page of codes."""
    rows = Authenticator.objects.filter(user_id__in=[user.pk for user in users], type=Type.TOTP)
    return {row.user_id: code_now(decrypt(row.data["secret"])) for row in rows}


@transaction.atomic
def enrol_totp(user: User, secret: str, *, at: datetime) -> None:
    """Set up an authenticator app with `secret` (base 32), in the place of an earlier one."""
    Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP).delete()
    totp.TOTP.activate(user, secret)
    _note("accounts.authenticator_app_added", user, at)


def fits(secret: str, code: str, *, at: float) -> int | None:
    """The period whose code `code` is, if it is near enough to `at` (seconds since 1970)."""
    now = int(at // PERIOD)
    typed = "".join(code.split())
    for period in range(now - TOLERANCE, now + TOLERANCE + 1):
        if compare_user_code(actual=typed, expected=totp.format_hotp_value(totp.hotp_value(secret, period))):
            return period
    return None


@transaction.atomic
def accept_code(user: User, code: str, *, at: datetime) -> bool:
    """Whether `code` is this user's: of the authenticator app (each period once, RFC 6238 5.2) or a recovery code."""
    rows = Authenticator.objects.select_for_update().filter(user_id=user.pk).exclude(type=Type.WEBAUTHN)
    for row in rows:
        if row.type == Type.TOTP:
            period = fits(decrypt(row.data["secret"]), code, at=at.timestamp())
            if period is not None and period > row.data.get("last_period", 0):
                row.data["last_period"] = period
                row.last_used_at = at
                row.save(update_fields=["data", "last_used_at"])
                return True
        elif RecoveryCodes(row).validate_code(code.strip()):
            _note("accounts.recovery_code_used", user, at)
            return True
    return False


@transaction.atomic
def new_recovery_codes(user: User, *, at: datetime) -> list[str]:
    """Ten new recovery codes, shown once to be printed; earlier ones are void."""
    Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(user).get_unused_codes()
    _note("accounts.recovery_codes_made", user, at)
    return codes


def ask_for_passkey(user: User | None) -> dict[str, Any]:
    """What the browser needs to ask for a passkey: of `user`, or of anyone. The challenge is kept in the session."""
    return webauthn.begin_authentication(user)


def ask_for_new_passkey(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey that also signs in by itself."""
    return webauthn.begin_registration(user, True)


@transaction.atomic
def add_passkey(user: User, name: str, credential: Mapping[str, Any], *, at: datetime) -> None:
    """Keep a passkey the browser made. Raises ValidationError if it does not answer our challenge."""
    webauthn.parse_registration_response(credential)
    made = webauthn.complete_registration(dict(credential))
    if not made.is_user_verified():
        raise ValidationError("not verified")
    webauthn.WebAuthn.add(user, name, dict(credential))
    _note("accounts.passkey_added", user, at)


def accept_passkey(credential: Mapping[str, Any], *, user: User | None, at: datetime) -> User:
    """Whose passkey answered our challenge (`user`'s, where named). Raises ValidationError if nobody's."""
    webauthn.parse_authentication_response(credential)
    owner = cast(User, user or webauthn.extract_user_from_response(dict(credential)))
    passkey = webauthn.complete_authentication(owner, dict(credential))
    if not owner.is_active:
        raise ValidationError("not active")
    passkey.last_used_at = at
    passkey.save(update_fields=["last_used_at"])
    return owner


@transaction.atomic
def remove(user: User, authenticator_id: int, *, at: datetime) -> bool:
    """Take away one passkey or the authenticator app. False where staff would be left without a second factor."""
    rows = Authenticator.objects.select_for_update().filter(user_id=user.pk, type__in=[Type.TOTP, Type.WEBAUTHN])
    found = {row.pk: row for row in rows}
    if authenticator_id not in found or (user.is_staff and len(found) == 1):
        return False
    found[authenticator_id].delete()
    if len(found) == 1:
        Authenticator.objects.filter(user_id=user.pk).delete()  # recovery codes alone recover nothing
    _note("accounts.second_factor_removed", user, at)
    return True


@transaction.atomic
def clear(user: User, *, by: User, at: datetime) -> None:
    """Take away every second factor of `user`, who has lost them all and must set up anew."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    audit.record("accounts.second_factor_cleared", by=by, about=user, at=at)


def _note(verb: str, user: User, at: datetime) -> None:
    with tenancy.within(user.organisation_id):
        audit.record(verb, by=user, about=user, at=at)
