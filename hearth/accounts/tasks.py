"""What the worker does for signing in.

Asking for a link or code posts one job, whether or not anyone has that address: the answer takes the same time
and shows nothing. Only the worker looks who it is.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hearth.accounts import rules, sign_in, throttle
from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.outbox import services as outbox

Kind = sign_in.Kind


@app.task(name="accounts.send_link", queue="outbox")
def send_link(email: str, ask_id: str) -> None:
    """Mail a sign-in link to `email`, if it is someone's; to staff one to choose a new password."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).select_related("organisation").first()
    if user is None:
        return
    now = timezone.now()
    with tenancy.within(user.organisation_id), translation.override(user.language):
        if user.is_staff:
            text = sign_in.make_secret(user=user, kind=Kind.PASSWORD, by=None, at=now)
            address = settings.BASE_URL + reverse("accounts:new-password", args=[text])
            body = _(
                "Hello %(name)s,\n\nstaff sign in with a password or passkey and a second step, so this is no sign-in "
                "link. If you forgot your password, choose a new one here within 30 minutes:\n\n%(address)s\n\n"
                "If you did not ask for it, there is nothing to do."
            ) % {"name": user.first_name, "address": address}
        else:
            text = sign_in.make_secret(user=user, kind=Kind.LINK, by=None, at=now)
            address = settings.BASE_URL + reverse("accounts:link", args=[text])
            body = _(
                "Hello %(name)s,\n\nopen this page to sign in. It works once, within 15 minutes:\n\n%(address)s\n\n"
                "If you did not ask for it, there is nothing to do."
            ) % {"name": user.first_name, "address": address}
        outbox.post_mail(to=email, subject=_("Your sign-in link"), body=body, key=f"sign-in-link:{ask_id}", at=now)


@app.task(name="accounts.send_text", queue="outbox")
def send_text(phone: str, ask_id: str) -> None:
    """Text a sign-in code to `phone`, if it is the phone of someone who is not staff."""
    number = rules.plain_phone(phone)
    user = User.objects.filter(phone=number, is_active=True).first() if number else None
    if user is None or user.is_staff:
        return
    now = timezone.now()
    with tenancy.within(user.organisation_id), translation.override(user.language):
        code = sign_in.make_secret(user=user, kind=Kind.SMS, by=None, at=now)
        body = _("%(code)s is your sign-in code. It works once, within 10 minutes. Tell it to nobody.") % {"code": code}
        outbox.post_sms(to=number, body=body, key=f"sign-in-text:{ask_id}", at=now)


@app.task(name="accounts.note_refusal", queue="outbox")
def note_refusal(way: str, address: str) -> None:
    """Write down that signing in to an account was refused (45 CFR 164.308(a)(5)(ii)(C))."""
    email, number = address.strip().lower(), rules.plain_phone(address)
    user = User.objects.filter(email=email).first() or (User.objects.filter(phone=number).first() if number else None)
    if user is None:
        return
    with tenancy.within(user.organisation_id):
        audit.record("accounts.sign_in_refused", by=None, about=user, at=timezone.now(), way=way)


@app.periodic(cron="17 4 * * *")
@app.task(name="accounts.clear_old", queue="outbox")
def clear_old(timestamp: int) -> None:
    """Once a night: forget counts and secrets that no longer open anything."""
    now = timezone.now()
    throttle.clear_old(at=now)
    sign_in.clear_old(at=now)
