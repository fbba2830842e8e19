"""What the pages of intake say for the codes of the rules."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.inquiry.said import Said

LIKENESSES = {
    "same identifier": _("same identifier"),
    "same name": _("same name"),
    "same birth date": _("same birth date"),
    "same email": _("same e-mail"),
    "same phone": _("same phone"),
}


def in_words(said: Said) -> str:
    """What a reader of files said, in the reader's language."""
    if not said.values:
        return gettext(said.text)
    return gettext(said.text) % {
        name: in_words(one) if isinstance(one, Said) else one for name, one in said.values.items()
    }


def reasons(codes: Iterable[str]) -> str:
    """Why somebody may be the same person, in words."""
    return ", ".join(str(LIKENESSES[code]) for code in codes)


def likeness(name: str, codes: Iterable[str]) -> str:
    """A name, with why this may be the same person."""
    return f"{name} ({reasons(codes)})"
