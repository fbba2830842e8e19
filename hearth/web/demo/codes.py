"""The demo's authenticator apps on one page: what each member of staff would read on their phone now."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hearth.accounts.doors import debug_only
from hearth.accounts.models import User
from hearth.accounts.requests import Request
from hearth.web.demo.house import PASSWORD
from hearth.web.demo.signing_in import staff_addresses

PERIOD = 30  # seconds a code lasts


@dataclass(frozen=True, slots=True)
class Code:
    """One person's code of this half minute."""

    user: User
    code: str


@require_safe
@debug_only
def codes(request: Request) -> HttpResponse:
    """The current codes of the named staff of the demo; of nobody else."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__email__in=staff_addresses())
    found = {row.user_id: decrypt(row.data["secret"]) for row in rows}
    users = User.objects.filter(pk__in=list(found), organisation=request.organisation).order_by("name")
    now = int(request.now.timestamp())
    return render(
        request,
        "web/demo/codes.html",
        {
            "codes": [Code(user, _code(found[user.pk], now)) for user in users],
            "seconds_left": PERIOD - now % PERIOD,
            "password": PASSWORD,
        },
    )


def _code(secret: str, now: int) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, now // PERIOD)))
