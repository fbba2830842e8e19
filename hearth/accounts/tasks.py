"""What the worker does for signing in.

Asking for a link or code posts one job, whether or not anyone has that address: the answer takes the same time
and shows nothing. Only the worker looks who it is.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hearth.accounts import sign_in, throttle
from hearth.accounts.browsers import SessionStore
from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.outbox import services as outbox

Kind = sign_in.Kind


@app.task(name="accounts.send_link", queue="outbox")
def send_link(email: str, ask_id: str) -> None:
    """Mail a sign-in link to `email`, if it is someone's; to staff one to choose a new password, for each house."""
    now = timezone.now()
    users = sign_in.users_reached_by(email=email)
    for user in users:
        if user.is_staff:
            _mail_new_password(user, email, ask_id, now)
    others = [user for user in users if not user.is_staff]
    if others:
        _mail_link(others, email, ask_id, now)


def _mail_new_password(user: User, email: str, ask_id: str, now: datetime) -> None:
    with tenancy.within(user.organisation_id), translation.override(user.language):
        text = sign_in.make_secret(user=user, kind=Kind.PASSWORD, by=None, at=now)
        address = settings.BASE_URL + reverse("accounts:new-password", args=[text])
        body = _(
            "Hello %(name)s,\n\nstaff sign in with a password or passkey and a second step, so this is no sign-in "
            "link. If you forgot your password, choose a new one here within 30 minutes:\n\n%(address)s\n\n"
            "If you did not ask for it, there is nothing to do."
        ) % {"name": user.first_name, "address": address}
        subject, key = _("Your sign-in link"), f"sign-in-link:{ask_id}"
        outbox.post_mail(to=email, subject=subject, body=body, key=key, about=user.pk, at=now)


def _mail_link(users: list[User], email: str, ask_id: str, now: datetime) -> None:
    """One mail opens each of this person's accounts; which, they say after coming in."""
    text = _one_secret(users, Kind.LINK, now)
    with tenancy.within(users[0].organisation_id), translation.override(users[0].language):
        address = settings.BASE_URL + reverse("accounts:link", args=[text])
        body = _(
            "Hello %(name)s,\n\nopen this page to sign in. It works once, within 15 minutes:\n\n%(address)s\n\n"
            "If you did not ask for it, there is nothing to do."
        ) % {"name": users[0].first_name, "address": address}
        subject, key = _("Your sign-in link"), f"sign-in-link:{ask_id}"
        outbox.post_mail(to=email, subject=subject, body=body, key=key, about=users[0].pk, at=now)


def _one_secret(users: list[User], kind: sign_in.Kind, now: datetime) -> str:
    text = ""
    for user in users:
        text = sign_in.make_secret(user=user, kind=kind, by=None, at=now, text=text)
    return text


@app.task(name="accounts.send_text", queue="outbox")
def send_text(phone: str, ask_id: str) -> None:
    """Text a sign-in code to `phone`, if it is the phone of someone who is not staff."""
    users = [user for user in sign_in.users_reached_by(phone=phone) if not user.is_staff]
    if not users:
        return
    now = timezone.now()
    code = _one_secret(users, Kind.SMS, now)
    with tenancy.within(users[0].organisation_id), translation.override(users[0].language):
        body = _("%(code)s is your sign-in code. It works once, within 10 minutes. Tell it to nobody.") % {"code": code}
        key = f"sign-in-text:{ask_id}"
        outbox.post_sms(to=str(users[0].phone), body=body, key=key, about=users[0].pk, at=now)


@app.task(name="accounts.note_refusal", queue="outbox")
def note_refusal(way: str, address: str) -> None:
    """Write down that signing in to an account was refused (45 CFR 164.308(a)(5)(ii)(C))."""
    for user in sign_in.users_reached_by(email=address) or sign_in.users_reached_by(phone=address):
        with tenancy.within(user.organisation_id):
            audit.record("accounts.sign_in_refused", by=None, about=user, at=timezone.now(), way=way)


@app.periodic(cron="17 4 * * *")
@app.task(name="accounts.clear_old", queue="outbox")
def clear_old(timestamp: int) -> None:
    """Once a night: forget counts and secrets that no longer open anything."""
    now = timezone.now()
    throttle.clear_old(at=now)
    sign_in.clear_old(at=now)
    SessionStore.clear_expired()
