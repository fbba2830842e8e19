"""Finding other people's names in a text, so that no student's note names another (facts.md, "Group note"). Pure.

Accents and case do not matter; word borders do. A name that is also an everyday word (Will, Hope, Park) counts only
where it is written with a capital, so that "will call her sister" is left in peace; one that any sentence may begin
with (He, So, An) only inside a sentence. Initials count where they are written with points ("J. P.").
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from hearth.sessions.rules import name_words

SHORTEST = 2  # letters; a single letter is an initial, not a name


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who must not be named in another's note."""

    chosen: str
    family: str
    legal: str = ""


def names_others(text: str, others: Iterable[Person], *, own: Person | None = None) -> list[str]:
    """The words of `text` that name one of `others`, as written there, each once, in order.

    A name that the student whose note it is (`own`) bears too is theirs and is not found.
    """
    people = list(others)
    own_forms = forms_of(own) if own else frozenset()
    forms = {form for person in people for form in forms_of(person)} - own_forms
    if not forms or not text:
        return []
    plain, origin = _plain_with_origin(text)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(forms, key=len, reverse=True))) + r")(?!\w)")
    found: list[tuple[int, str]] = []
    for match in pattern.finditer(plain):
        written = text[origin[match.start()] : origin[match.end() - 1] + 1]
        if _is_a_name(match[0], written, before=text[: origin[match.start()]]):
            found.append((origin[match.start()], written))
    letters = initials_of(people, own=own)
    found += [(each.start(), each[0]) for each in _POINTED.finditer(text) if _plain(each[1] + each[2]) in letters]
    return list(dict.fromkeys(written for _, written in sorted(found)))


def initials_of(others: Iterable[Person], *, own: Person | None = None) -> frozenset[str]:
    """The two plain letters by which each of `others` may be meant and `own` may not."""

    def letters(person: Person) -> set[str]:
        given = (name.strip()[:1] for name in (person.chosen, person.legal) if name.strip())
        return {_plain(first + person.family.strip()[:1]) for first in given}

    found = {two for person in others for two in letters(person) if len(two) == 2}
    return frozenset(found - (letters(own) if own else set()))


def _is_a_name(form: str, written: str, *, before: str) -> bool:
    if form in _GRAMMAR:
        return written[:1].isupper() and before.rstrip()[-1:] not in ("", *'.!?:;\n-–—•"“(')
    return form not in _EVERYDAY or written[:1].isupper()


def forms_of(person: Person) -> frozenset[str]:
    """Every plain form by which this person may be called: given names, family names, their parts, nicknames."""
    given = {part for name in (person.chosen, person.legal) for part in _parts(name)}
    nicknames = {nick for group in _GROUPS if not group.isdisjoint(given) for nick in group}
    whole = {_plain(name) for name in (person.chosen, person.family, person.legal)}
    forms = given | nicknames | whole | set(_parts(person.family))
    return frozenset(form for form in forms if len(form) >= SHORTEST)


def _parts(name: str) -> list[str]:
    return [part for part in re.findall(r"\w+", _plain(name)) if part not in _PARTICLES and len(part) >= SHORTEST]


def _plain(text: str) -> str:
    """Lower case without accents."""
    return _plain_with_origin(text)[0].strip()


def _plain_with_origin(text: str) -> tuple[str, list[int]]:
    """`text` without accents and case, and for each of its letters the place in `text` it came from."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(part):
                letters.append(part)
                origin.append(place)
    return "".join(letters), origin


_POINTED = re.compile(r"(?<!\w)([^\W\d_a-z])\.\s?([^\W\d_a-z])\b\.?")
_GROUPS = tuple(frozenset(_plain(line).split()) for line in name_words.NICKNAMES.strip().splitlines())
_GRAMMAR = frozenset(name_words.GRAMMAR.split())
_EVERYDAY = frozenset(name_words.EVERYDAY.split())
_PARTICLES = frozenset(name_words.PARTICLES.split())
