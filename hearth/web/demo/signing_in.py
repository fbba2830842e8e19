"""Who may sign in to the demo, and how."""

from collections.abc import Sequence

from hearth.accounts.demo_cast import DEMO_CAST
from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import DEMO_PASSWORD
from hearth.web.demo.cast import STAFF
from hearth.web.demo.house import STAFF_DOMAIN, plain


def sign_ins() -> Sequence[Sequence[str]]:
    """Who may sign in to the demo: rows of words, the first naming the columns."""
    shown = (*staff_addresses(), *DEMO_CAST)
    users = {user.email: user for user in User.objects.filter(email__in=shown)}
    found = [users[email] for email in shown if email in users]
    rows = [
        (
            str(Role(user.roles[0]).label),
            user.name,
            user.email or "",
            DEMO_PASSWORD,
            "code shown at /demo/codes/" if user.is_staff else "",
        )
        for user in found
    ]
    return [("Role", "Name", "E-mail", "Password", "Second factor"), *rows] if rows else []


def staff_addresses() -> list[str]:
    """The e-mail addresses of the named staff, in the order of the cast."""
    return [f"{plain(each.name).split()[0]}@{STAFF_DOMAIN}" for each in STAFF]
