"""What a release for a letter says, filled in so that its student or their guardian only reads and signs it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from hearth.consent.models import Consent
from hearth.consent.signing import Terms
from hearth.letters.models import Letter

LASTS = timedelta(days=30)
"""Long enough to sign and hand over one letter. Product default."""


def release_terms(letter: Letter, begun: Sequence[Consent], *, today: date) -> Terms:
    """The terms of a release that names this letter's reader; the same as somebody who must sign, too, has signed."""
    if begun:
        first = begun[0]
        return Terms((letter.reader,), first.information, first.purpose, first.expires_on)
    # A release says that whoever receives something is told of 42 CFR part 2. With a letter that tells nothing
    # under part 2 nobody is, and what is agreed to says so (see wording).
    what = {
        True: _("The days and hours on which I received health care, with no word or legal notice that tells what for"),
        False: _("The days on which I received health care, with no word or legal notice that tells what for"),
    }[letter.with_hours]
    purpose = {
        Letter.Kind.ATTENDANCE: _("To confirm when I was in care, by letter"),
        Letter.Kind.SCHOOL: _("So that my school excuses my absence and takes me back"),
        Letter.Kind.EMPLOYER: _("So that my employer excuses my absence"),
    }[Letter.Kind(letter.kind)]
    return Terms((letter.reader,), what, purpose, today + LASTS)
