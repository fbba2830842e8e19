"""Writes to accounts: inviting, joining, changing what one is called, and the organisation itself."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.accounts import facts, queries, rules, second_factor, sign_in
from hearth.accounts.models import Browser, Organisation, SignInSecret, Site, User
from hearth.accounts.roles import STAFF, Role
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.outbox import services as outbox

Kind = SignInSecret.Kind
EMPLOYED = frozenset(str(role) for role in STAFF)


class AddressInUse(Exception):
    """The e-mail or phone signs somebody else of this house in already."""


def make_student_user(
    *, name: str, by: User, at: datetime, email: str = "", phone: str = "", pronouns: str = "", language: str = "en"
) -> User:
    """An account for a student of `by`'s organisation; with neither e-mail nor phone, printed codes open it.

    Raises AddressInUse.
    """
    facts_of_user = {"name": name, "pronouns": pronouns, "language": language}
    return _make(roles=[Role.STUDENT], email=email, phone=phone, by=by, at=at, **facts_of_user)


@transaction.atomic
def invite(
    *, name: str, roles: Iterable[str], by: User, at: datetime, email: str = "", phone: str = "", title: str = ""
) -> User:
    """Make an account and mail its invitation; without an e-mail, print a code for it instead.

    Raises PermissionDenied where `by` may not give these roles, AddressInUse where the address is taken.
    """
    wanted = frozenset(str(role) for role in roles)
    _require(rules.may_invite(frozenset(by.roles), wanted, employed=EMPLOYED))
    user = _make(roles=sorted(wanted), email=email, phone=phone, by=by, at=at, name=name, title=title)
    if user.email:
        send_invitation(user=user, by=by, at=at)
    return user


@transaction.atomic
def send_invitation(*, user: User, by: User, at: datetime) -> None:
    """Mail the invitation to `user`, again if need be; the earlier one is void."""
    _same_house(user, by)
    _require(bool(user.email) and rules.may_invite(frozenset(by.roles), frozenset(user.roles), employed=EMPLOYED))
    text = sign_in.make_secret(user=user, kind=Kind.INVITATION, by=by, at=at)
    address = settings.BASE_URL + reverse("accounts:accept", args=[text])
    with translation.override(user.language):
        body = _(
            "Hello %(name)s,\n\n%(inviter)s invites you to sign in at %(house)s. Open this page within 7 days:\n\n"
            "%(address)s\n\nIf you did not expect this, there is nothing to do."
        ) % {"name": user.first_name, "inviter": by.name, "house": by.organisation.name, "address": address}
        subject = _("Your invitation")
    key = f"invitation:{user.pk}:{at.timestamp()}"
    outbox.post_mail(to=str(user.email), subject=subject, body=body, key=key, about=user.pk, at=at)
    audit.record("accounts.invited", by=by, about=user, at=at, roles=list(user.roles))


@transaction.atomic
def accept_invitation(
    *, text: str, name: str, pronouns: str, at: datetime, password: str = "", language: str = ""
) -> User | None:
    """Let the invited person in under the name they choose; None if the invitation is not usable (any more).

    Staff need a `password`; others may do without and sign in by link or code.
    """
    user = sign_in.spend(kind=Kind.INVITATION, text=text, at=at)
    if user is None:
        return None
    user.name, user.pronouns, user.joined_at = name, pronouns, at
    user.language = language or user.language
    if password:
        user.set_password(password)
    user.save()
    with tenancy.within(user.organisation_id):
        audit.record("accounts.invitation_accepted", by=user, about=user, at=at)
        facts.invitation_accepted.send(User, user_id=user.pk, at=at)
        facts.profile_changed.send(User, user_id=user.pk, at=at)
    return user


@transaction.atomic
def change_addresses(*, user: User, email: str, phone: str, by: User, at: datetime) -> None:
    """Keep the e-mail and phone somebody signs in with; the caller has checked that `by` may help them.

    Raises AddressInUse.
    """
    _same_house(user, by)
    _require(not user.is_staff)
    user.email, user.phone = _free_addresses(email, phone, house=user.organisation_id, besides=user)
    user.save(update_fields=["email", "phone"])
    audit.record("accounts.addresses_changed", by=by, about=user, at=at)


def family_member_with(*, email: str, of: User) -> User | None:
    """The family member of this house who already signs in with `email`, as a parent of two students does."""
    found = User.objects.filter(email=email.strip().lower(), organisation_id=of.organisation_id, is_active=True)
    return found.filter(roles__contains=[Role.FAMILY]).first()


@transaction.atomic
def print_code(*, user: User, by: User, at: datetime) -> str:
    """A code for paper, which lets `user` in once within 7 days. The caller has checked that `by` may help them."""
    _same_house(user, by)
    code = sign_in.make_secret(user=user, kind=Kind.PRINTED, by=by, at=at)
    audit.record("accounts.code_printed", by=by, about=user, at=at)
    return code


@transaction.atomic
def change_profile(*, user: User, at: datetime, **profile: Any) -> None:
    """Keep what `user` says of themself: name, pronouns, pronouns_shown_to, language, time_zone."""
    for name, value in profile.items():
        setattr(user, name, value)
    user.save(update_fields=list(profile))
    audit.record("accounts.profile_changed", by=user, about=user, at=at)
    facts.profile_changed.send(User, user_id=user.pk, at=at)


@transaction.atomic
def choose_app_name(*, user: User, app_name: str, at: datetime) -> None:
    """Keep under which name and icon Hearth stands on this person's phone."""
    user.app_name = app_name
    user.save(update_fields=["app_name"])
    audit.record("accounts.app_name_chosen", by=user, about=user, at=at)


@transaction.atomic
def choose_lock(*, user: User, minutes: int | None, at: datetime) -> None:
    """Keep after how many minutes this person's own devices ask them to sign in again; None: as the house says."""
    user.locks_after = minutes
    user.save(update_fields=["locks_after"])
    audit.record("accounts.lock_chosen", by=user, about=user, at=at)


@transaction.atomic
def allow_push(*, user: User, endpoint: str, at: datetime) -> str:
    """Let this browser show that something waits for `user`; the name of the device. Raises push.Unknown."""
    device = outbox.allow_push(person=user.pk, endpoint=endpoint, zone=user.zone.key, at=at)
    audit.record("accounts.push_allowed", by=user, about=user, at=at)
    return str(device.pk)


@transaction.atomic
def end_push(*, user: User, at: datetime, only: str = "") -> int:
    """Show it on none of this person's devices any more, or not on the one named; how many there were."""
    ended = outbox.end_push(person=user.pk, only=[only] if only else None)
    if ended:
        audit.record("accounts.push_ended", by=user, about=user, at=at, devices=ended)
    return ended


@transaction.atomic
def keep_quiet(*, user: User, start: time, end: time, at: datetime) -> None:
    """Between these hours nothing is shown on any of this person's devices."""
    outbox.keep_quiet(person=user.pk, start=start, end=end, zone=user.zone.key)
    audit.record("accounts.quiet_hours_kept", by=user, about=user, at=at)


@transaction.atomic
def change_password(*, user: User, password: str, at: datetime, here: str = "") -> None:
    """Set a new password. Other devices are signed off by it and shown nothing. `here`: the push device this is."""
    user.set_password(password)
    user.save(update_fields=["password"])
    outbox.end_push(person=user.pk, but=here)
    audit.record("accounts.password_changed", by=user, about=user, at=at)


@transaction.atomic
def sign_off_browsers(*, user: User, here: str, at: datetime, only: str = "") -> int:
    """Sign `user` off everywhere but `here` (a session's key), or at the one named `only`; how many there were."""
    ended = [each for each in queries.browsers_of(user=user, at=at) if each.key != here and only in ("", each.name)]
    keys = [each.key for each in ended]
    Browser.objects.filter(user=user, session_key__in=keys).delete()
    outbox.end_push(person=user.pk, only=[each.told for each in ended if each.told])
    if keys:
        audit.record("accounts.signed_off_elsewhere", by=user, about=user, at=at, browsers=len(keys))
    return len(keys)


@transaction.atomic
def choose_new_password(*, text: str, password: str, at: datetime) -> bool:
    """Set the password of whoever was mailed this link, once. They still sign in with their second factor."""
    user = sign_in.spend(kind=Kind.PASSWORD, text=text, at=at)
    if user is None:
        return False
    with tenancy.within(user.organisation_id):
        change_password(user=user, password=password, at=at)
    return True


@transaction.atomic
def change_roles(*, user: User, roles: Iterable[str], title: str, by: User, at: datetime) -> None:
    """Give a staff member these roles and this title. Raises PermissionDenied."""
    wanted = frozenset(str(role) for role in roles)
    user = _staff_of_house(user, by, wanted)
    before = list(user.roles)
    user.roles, user.title = sorted(wanted), title
    user.save(update_fields=["roles", "title"])
    audit.record("accounts.roles_changed", by=by, about=user, at=at, before=before, after=user.roles)


@transaction.atomic
def set_active(*, user: User, active: bool, by: User, at: datetime) -> None:
    """Close or reopen a staff member's account; a closed one is signed off at its next click."""
    user = _staff_of_house(user, by)
    _require(user.pk != by.pk)
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        outbox.end_push(person=user.pk)
    audit.record("accounts.reopened" if active else "accounts.closed", by=by, about=user, at=at)


@transaction.atomic
def close_account(*, user: User, by: User, at: datetime) -> bool:
    """Close the account of somebody who has died; False if it was closed before. The caller has checked `by`.

    They are signed out everywhere, and no link or code that they were given opens anything.
    """
    _same_house(user, by)
    if not user.is_active:
        return False
    user.is_active = False
    user.save(update_fields=["is_active"])
    Browser.objects.filter(user=user).delete()
    outbox.end_push(person=user.pk)
    SignInSecret.objects.filter(user=user, used_at=None).delete()
    audit.record("accounts.closed", by=by, about=user, at=at)
    return True


@transaction.atomic
def reopen_account(*, user: User, by: User, at: datetime) -> None:
    """Let somebody in again whose account was closed by mistake. The caller has checked `by`."""
    _same_house(user, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("accounts.reopened", by=by, about=user, at=at)


@transaction.atomic
def clear_second_factor(*, user: User, by: User, at: datetime) -> None:
    """Let a staff member who lost their second factor set up a new one."""
    user = _staff_of_house(user, by)
    _require(user.pk != by.pk)
    second_factor.clear(user, by=by, at=at)


def enrol_totp(user: User, secret: str, *, at: datetime) -> None:
    """Set up an authenticator app with a known `secret` (base 32), as the demo does for its staff."""
    second_factor.enrol_totp(user, secret, at=at)


@transaction.atomic
def change_organisation(*, organisation: Organisation, by: User, at: datetime, **changes: Any) -> None:
    """Keep the organisation's name, words, colour, phones and hours."""
    _require(by.has_role(Role.ADMINISTRATOR) and by.organisation_id == organisation.pk)
    for name, value in changes.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=list(changes))
    audit.record("accounts.organisation_changed", by=by, about=organisation, at=at, fields=sorted(changes))


@transaction.atomic
def keep_site(*, site: Site, by: User, at: datetime) -> Site:
    """Keep a new or changed site."""
    _require(by.has_role(Role.ADMINISTRATOR) and by.organisation_id == site.organisation_id)
    site.save()
    audit.record("accounts.site_kept", by=by, about=site, at=at)
    return site


def _make(*, roles: list[str], email: str, phone: str, by: User, at: datetime, **fields: Any) -> User:
    address, number = _free_addresses(email, phone, house=by.organisation_id)
    user = User.objects.create_user(organisation=by.organisation, roles=roles, email=address, phone=number, **fields)
    audit.record("accounts.account_made", by=by, about=user, at=at, roles=roles)
    return user


def _free_addresses(
    email: str, phone: str, *, house: UUID, besides: User | None = None
) -> tuple[str | None, str | None]:
    address, number = email.strip().lower() or None, rules.plain_phone(phone) or None
    same = Q(email__isnull=False, email=address) | Q(phone__isnull=False, phone=number)
    taken = User.objects.filter(same, organisation=house)
    if (taken.exclude(pk=besides.pk) if besides else taken).exists():
        raise AddressInUse
    return address, number


def _staff_of_house(user: User, by: User, wanted: frozenset[str] | None = None) -> User:
    """`user` locked, if `by` may change this staff member of the same organisation."""
    _same_house(user, by)
    locked = User.objects.select_for_update().get(pk=user.pk)
    held = frozenset(locked.roles)
    _require(rules.may_change_roles(frozenset(by.roles), held, wanted or held, employed=EMPLOYED))
    return locked


def _same_house(user: User, by: User) -> None:
    _require(user.organisation_id == by.organisation_id)


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
