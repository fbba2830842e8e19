"""Builders of organisations and users for tests and the demo."""

from typing import Any

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role

DEMO_PASSWORD = "three lamps by the door"  # noqa: S105 - everyone's in the demo, and shown on its front page
DEMO_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - base 32, for authenticator apps


def make_organisation(**fields: Any) -> Organisation:
    """Hearthside in Colorado, unless told otherwise."""
    facts: dict[str, Any] = {
        "name": "Hearthside IOP",
        "slug": "hearthside",
        "time_zone": "America/Denver",
        "state": "CO",
        "phone": "303 555 0100",
        "crisis_phone": "303 555 0142",
        "email": "hello@hearthside.example",
    }
    return Organisation.objects.create(**facts | fields)


def make_user(name: str, *roles: Role, organisation: Organisation, password: str | None = None, **fields: Any) -> User:
    """A user with `roles`; the e-mail follows from the name."""
    first = name.split()[0].lower()
    plain = "".join(letter for letter in first if letter.isascii()) or "user"
    fields.setdefault("email", f"{plain}@hearthside.example")
    return User.objects.create_user(
        organisation=organisation, name=name, roles=list(roles), password=password, **fields
    )
