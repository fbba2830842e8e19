"""What a release for a letter says, filled in so that its student or their guardian only reads and signs it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hearth.consent.models import Consent
from hearth.consent.signing import Terms
from hearth.letters.models import Letter
from hearth.letters.wording import LANGUAGES

LASTS = timedelta(days=30)
"""Long enough to sign and hand over one letter. Product default."""


def release_terms(letter: Letter, begun: Sequence[Consent], *, today: date) -> Terms:
    """The terms of a release that names this letter's reader; the same as somebody who must sign, too, has signed.

    Of what was `begun` only the language and the last day are taken over: every word is written here.
    """
    if begun:
        language = next(code for code in LANGUAGES if _says(begun[0]) == _words(letter, code))
        return Terms((letter.reader,), *_words(letter, language), begun[0].expires_on)
    return Terms((letter.reader,), *_words(letter, get_language() or "en"), today + LASTS)


def written_for(letter: Letter, releases: Iterable[Consent]) -> list[Consent]:
    """Those of these releases that say what is written for this letter here, in whatever language.

    Any other may tell more, to its signer alone, and none needs to cover this letter.
    """
    said = [_words(letter, language) for language in LANGUAGES]
    return [row for row in releases if _says(row) in said]


def _says(release: Consent) -> tuple[str, str]:
    return release.information, release.purpose


def _words(letter: Letter, language: str) -> tuple[str, str]:
    """What is told, and what for."""
    # A release says that whoever receives something is told of 42 CFR part 2. With a letter that tells nothing
    # under part 2 nobody is, and what is agreed to says so (see wording).
    with translation.override(language):
        what = {
            True: _(
                "The days and hours on which I received health care, with no word or legal notice that tells what for"
            ),
            False: _("The days on which I received health care, with no word or legal notice that tells what for"),
        }[letter.with_hours]
        purpose = {
            Letter.Kind.ATTENDANCE: _("To confirm when I was in care, by letter"),
            Letter.Kind.SCHOOL: _("So that my school excuses my absence and takes me back"),
            Letter.Kind.EMPLOYER: _("So that my employer excuses my absence"),
        }[Letter.Kind(letter.kind)]
    return what, purpose
