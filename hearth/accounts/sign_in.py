"""The ways in: password, link, text message, printed code. One kind of secret, spent once."""

import secrets
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from hearth.accounts import rules
from hearth.accounts.models import SecretQuerySet, SignInSecret, User
from hearth.audit import services as audit
from hearth.lib import tenancy

Kind = SignInSecret.Kind
FOR_STAFF_TOO = frozenset({Kind.INVITATION, Kind.PASSWORD})  # neither signs in by itself


class StaffNeedTheirPassword(Exception):
    """Staff sign in with a password or passkey and a second factor, never with a link or code."""


def users_with_password(*, email: str, password: str) -> list[User]:
    """Whom this e-mail and password sign in: one account in each house at most, and mostly one in all.

    Takes as long, and says as little, where there is no such user.
    """
    found = list(_active(email=email.strip().lower()))
    if not found:
        check_password(password, UNUSABLE_PASSWORD_PREFIX)  # hashes once in every case
    return [user for user in found if check_password(password, user.password)]


def users_reached_by(*, email: str = "", phone: str = "") -> list[User]:
    """The accounts of every house that this e-mail or phone number belongs to."""
    number = rules.plain_phone(phone)
    return list(_active(email=email.strip().lower()) if email else _active(phone=number) if number else ())


def _active(**address: str) -> QuerySet[User]:
    return User.objects.filter(is_active=True, **address).select_related("organisation").order_by("joined_at", "pk")


@transaction.atomic
def make_secret(*, user: User, kind: Kind, by: User | None, at: datetime, text: str = "") -> str:
    """A new secret of `kind` for `user`, as text to be sent or printed once. Earlier ones of the kind are gone.

    `text` is one made just now for the same person's account in another house, which one mail then opens too.
    Raises StaffNeedTheirPassword for staff, except for an invitation or a new password.
    """
    if user.is_staff and kind not in FOR_STAFF_TOO:
        raise StaffNeedTheirPassword
    SignInSecret.objects.filter(user=user, kind=kind, used_at=None).delete()
    text = text or _text(kind)
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
    """Use up a printed code, an invitation or the like; whose it was, or None if it is not usable (any more)."""
    return next(iter(_use(SignInSecret.objects.filter(kind=kind, digest=_digest(kind, text)), at)), None)


@transaction.atomic
def spend_link(*, text: str, at: datetime) -> list[User]:
    """Use up a mailed link; whose it was: the same person's account in each of their houses."""
    return _use(SignInSecret.objects.filter(kind=Kind.LINK, digest=_digest(Kind.LINK, text)), at)


@transaction.atomic
def spend_texted(*, phone: str, code: str, at: datetime) -> list[User]:
    """Use up the code texted to `phone`; whose it was. Five wrong codes void it: six figures are soon guessed."""
    waiting = SignInSecret.objects.filter(kind=Kind.SMS, user__phone=rules.plain_phone(phone))
    ids = waiting.values_list("user_id", flat=True)
    digests = [_digest(Kind.SMS, rules.plain_code(code), user_id) for user_id in ids]
    users = _use(waiting.filter(digest__in=digests), at)
    if not users:
        waiting.usable(at=at).update(misses=F("misses") + 1)
    return users


def _use(secrets_found: SecretQuerySet, at: datetime) -> list[User]:
    usable = secrets_found.usable(at=at).select_for_update(of=("self",)).select_related("user__organisation")
    opened = [each for each in usable.order_by("pk") if each.user.is_active and not _is_for_others(each)]
    SignInSecret.objects.filter(pk__in=[each.pk for each in opened]).update(used_at=at)
    return [each.user for each in opened]


def _is_for_others(secret: SignInSecret) -> bool:
    """Made before its holder became staff, who do not come in this way."""
    return secret.user.is_staff and secret.kind not in FOR_STAFF_TOO


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
