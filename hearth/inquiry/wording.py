"""What the pages of intake say for the codes of the rules."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

LIKENESSES = {
    "same identifier": _("same identifier"),
    "same name": _("same name"),
    "same birth date": _("same birth date"),
    "same email": _("same e-mail"),
    "same phone": _("same phone"),
}


def likeness(name: str, reasons: Iterable[str]) -> str:
    """A name, with why this may be the same person."""
    return f"{name} ({', '.join(str(LIKENESSES[reason]) for reason in reasons)})"
