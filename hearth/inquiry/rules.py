"""Is this someone we already know? Plain data in, likely duplicates out, each with its reasons."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# What a likeness is worth. Only an identifier says enough alone: families share phones, twins a birth date.
_POINTS = {
    "same identifier": 60,
    "same name": 30,
    "same birth date": 25,
    "same email": 20,
    "same phone": 15,
}
POSSIBLE = 40
LIKELY = 55

_DIGITS_AFTER_LETTERS = re.compile(r"(?<=[^\W\d_])\d+\b")


@dataclass(frozen=True, slots=True)
class Known:
    """A person to compare; `key` is the caller's own, `identifiers` are (system, value) pairs."""

    key: str
    names: tuple[str, ...] = ()
    birth_date: date | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Someone who may be the same person: `score` is at least POSSIBLE, and `reasons` add up to it."""

    candidate: Known
    score: int
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY


def match(person: Known, others: Iterable[Known]) -> list[Match]:
    """Those among `others` who may be this person, likeliest first."""
    found = []
    for other in others:
        reasons = _likenesses(person, other)
        score = sum(_POINTS[reason] for reason in reasons)
        if score >= POSSIBLE:
            found.append(Match(other, score, reasons))
    return sorted(found, key=lambda one: (-one.score, one.candidate.key))


def traits(person: Known) -> set[str]:
    """What tells this person from others, one text each: whoever `match` finds alike shares at least one.

    A name alone is worth less than POSSIBLE, so that everyone else who is alike shares something that stands here.
    """
    found = {f"identifier {system} {value}" for system, value in _identifiers(person)}
    found |= {f"email {email}" for email in _emails(person)} | {f"phone {number}" for number in _phones(person)}
    return found | ({f"born {person.birth_date}"} if person.birth_date else set())


def display_name(text: str) -> str:
    """This name without the digits that generated test data puts after each word (`Beatris270 Towne435`)."""
    return _DIGITS_AFTER_LETTERS.sub("", " ".join(text.split()))


def name_words(text: str) -> frozenset[str]:
    """The words of a name, without case, accents and punctuation: `Acuña-Ruiz` is {acuna, ruiz}."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", display_name(text)) if not unicodedata.combining(c))
    return frozenset(re.findall(r"\w+", bare.casefold().replace("'", "").replace("’", "")))


def _likenesses(one: Known, other: Known) -> tuple[str, ...]:
    shares = {
        "same identifier": bool(_identifiers(one) & _identifiers(other)),
        "same name": any(_same_name(name_words(a), name_words(b)) for a in one.names for b in other.names),
        "same birth date": one.birth_date is not None and one.birth_date == other.birth_date,
        "same email": bool(_emails(one) & _emails(other)),
        "same phone": bool(_phones(one) & _phones(other)),
    }
    return tuple(reason for reason, is_so in shares.items() if is_so)


def _same_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """Alike if one holds all words of the other: middle names and second surnames come and go."""
    return min(len(one), len(other)) >= 2 and (one <= other or other <= one)


def _identifiers(person: Known) -> set[tuple[str, str]]:
    bare = ((system, re.sub(r"[\W_]", "", value).casefold()) for system, value in person.identifiers)
    return {(system, value) for system, value in bare if value}


def _emails(person: Known) -> set[str]:
    return {email.strip().casefold() for email in person.emails if email.strip()}


def _phones(person: Known) -> set[str]:
    """The last ten digits: a country code or an extension sign must not hide the same line."""
    digits = (re.sub(r"\D", "", phone) for phone in person.phones)
    return {number[-10:] for number in digits if len(number) >= 7}
