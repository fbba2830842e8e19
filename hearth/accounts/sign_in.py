"""The ways in: password, link, text message, printed code. One kind of secret, spent once."""

import secrets
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from hearth.accounts import rules
from hearth.accounts.models import SecretQuerySet, SignInSecret, User
from hearth.audit import services as audit
from hearth.lib import tenancy

Kind = SignInSecret.Kind
FOR_STAFF_TOO = frozenset({Kind.INVITATION, Kind.PASSWORD})  # neither signs in by itself


class StaffNeedTheirPassword(Exception):
    """Staff sign in with a password or passkey and a second factor, never with a link or code."""


def user_with_password(*, email: str, password: str) -> User | None:
    """The user of this e-mail and password. Takes as long, and says as little, where there is no such user."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    kept = user.password if user else UNUSABLE_PASSWORD_PREFIX
    return user if check_password(password, kept) and user else None  # hashes once in every case


@transaction.atomic
def make_secret(*, user: User, kind: Kind, by: User | None, at: datetime) -> str:
    """A new secret of `kind` for `user`, as text to be sent or printed once. Earlier ones of the kind are gone.

    Raises StaffNeedTheirPassword for staff, except for an invitation or a new password.
    """
    if user.is_staff and kind not in FOR_STAFF_TOO:
        raise StaffNeedTheirPassword
    SignInSecret.objects.filter(user=user, kind=kind, used_at=None).delete()
    text = _text(kind)
    SignInSecret.objects.create(
        user=user,
        kind=kind,
        digest=_digest(kind, text, user.pk),
        made_at=at,
        made_by=by,
        expires_at=at + rules.LIVES[kind],
    )
    return text


def holder(*, kind: Kind, text: str, at: datetime) -> User | None:
    """Whose usable secret this is, without using it."""
    found = SignInSecret.objects.usable(at=at).filter(kind=kind, digest=_digest(kind, text)).select_related("user")
    secret = found.first()
    return secret.user if secret and secret.user.is_active else None


@transaction.atomic
def spend(*, kind: Kind, text: str, at: datetime) -> User | None:
    """Use up a link, printed code or invitation; whose it was, or None if it is not usable (any more)."""
    return _use(SignInSecret.objects.filter(kind=kind, digest=_digest(kind, text)), at)


@transaction.atomic
def spend_texted(*, phone: str, code: str, at: datetime) -> User | None:
    """Use up the code texted to `phone`. Five wrong codes void it: six figures are soon guessed."""
    number = rules.plain_phone(phone)
    waiting = SignInSecret.objects.filter(kind=Kind.SMS, user__phone=number)
    ids = waiting.values_list("user_id", flat=True)[:1]
    digests = [_digest(Kind.SMS, rules.plain_code(code), user_id) for user_id in ids]
    user = _use(waiting.filter(digest__in=digests), at)
    if user is None:
        waiting.usable(at=at).update(misses=F("misses") + 1)
    return user


def _use(secrets_found: SecretQuerySet, at: datetime) -> User | None:
    usable = secrets_found.usable(at=at).select_for_update(of=("self",)).select_related("user__organisation")
    secret = usable.first()
    if secret is None or not secret.user.is_active:
        return None
    if secret.user.is_staff and secret.kind not in FOR_STAFF_TOO:  # became staff after it was made
        return None
    secret.used_at = at
    secret.save(update_fields=["used_at"])
    return secret.user


def note_signed_in(*, user: User, way: str, at: datetime) -> None:
    """Write down that `user` came in by `way`."""
    with tenancy.within(user.organisation_id):
        audit.record("accounts.signed_in", by=user, about=user, at=at, way=way)


def clear_old(*, at: datetime) -> int:
    """Delete secrets that ended a month ago; how many."""
    return SignInSecret.objects.filter(expires_at__lt=at - 4 * rules.LIVES["invitation"]).delete()[0]


def _text(kind: Kind) -> str:
    if kind == Kind.SMS:
        return f"{secrets.randbelow(1_000_000):06}"
    if kind == Kind.PRINTED:
        return rules.printed("".join(secrets.choice(rules.ALPHABET) for _ in range(rules.PRINTED_LENGTH)))
    return secrets.token_urlsafe(32)


def _digest(kind: Kind, text: str, user_id: UUID | None = None) -> str:
    """Keyed, so that six figures cannot be found by trying them all; a text message's code also names its user."""
    if kind == Kind.PRINTED:
        text = rules.plain_code(text)
    whose = f"{user_id}:" if kind == Kind.SMS else ""
    return salted_hmac("hearth.accounts.secret", f"{kind}:{whose}{text}", algorithm="sha256").hexdigest()
