"""Words that may point to another member without naming one, and texts that say the same of several. Pure.

They are pointed out, never refused: only a reader knows whether "the nurse in the room" could be anyone else
(facts.md, "Group note": no note names other members).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from hearth.sessions.rules.names import Person, initials_of

ALIKE = 0.9  # product default: from this share of equal letters on, two texts say the same
LONG_ENOUGH = 40  # letters; shorter texts are alike only where they are the same


class Points(StrEnum):
    """In what way words point to another."""

    INITIALS = "initials"
    RELATIVE = "relative"
    DESCRIBED = "described"
    ONLY_ONE = "only_one"


@dataclass(frozen=True, slots=True)
class Pointer:
    """`words` as they are written, and how they point."""

    how: Points
    words: str


@dataclass(frozen=True, slots=True)
class Member:
    """Someone on the roster, with what a reader could know them by."""

    person: Person
    age: int | None = None
    city: str = ""
    language: str = ""


def pointers(text: str, others: Iterable[Member], *, own: Member | None = None) -> list[Pointer]:
    """What in `text` may point to one of `others`, each once, in the order of `Points`."""
    people = list(others)
    found = [
        *(Pointer(Points.INITIALS, words) for words in _initials(text, people, own)),
        *(Pointer(Points.RELATIVE, each[0]) for each in _RELATIVE.finditer(text)),
        *(Pointer(Points.DESCRIBED, each[0]) for each in _DESCRIBED.finditer(text)),
        *(Pointer(Points.ONLY_ONE, words) for words in _only_ones(text, people, own)),
    ]
    return list(dict.fromkeys(found)) if people else []


def _initials(text: str, people: Sequence[Member], own: Member | None) -> list[str]:
    letters = initials_of((each.person for each in people), own=own.person if own else None)
    pairs = [each[0] for each in _BARE.finditer(text) if each[0] not in _SHORT and each[0].casefold() in letters]
    own_first = {name[:1].casefold() for name in (own.person.chosen, own.person.legal)} if own else set()
    firsts = {two[:1] for two in letters} - own_first
    return pairs + [each[1] for each in _SINGLE.finditer(text) if each[1][0].casefold() in firsts]


def _only_ones(text: str, people: Sequence[Member], own: Member | None) -> list[str]:
    """Ages, towns and languages that are true of exactly one in the room, who is not the note's own."""
    room = [*people, *([own] if own else [])]

    def only(value: object, trait: str) -> bool:
        held = [each for each in room if getattr(each, trait) == value]
        return len(held) == 1 and held[0] is not own

    found = [each[0] for each in _AGE.finditer(text) if only(int(next(filter(None, each.groups()))), "age")]
    for town in sorted({each.city for each in people if each.city and only(each.city, "city")}):
        found += re.findall(rf"(?<!\w){re.escape(town)}(?!\w)", text)
    for code, words in _LANGUAGES.items():
        if only(code, "language"):
            found += re.findall(rf"(?i)(?<!\w)(?:{words})(?!\w)", text)
    return found


def alike(texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each text that says the same as others, their keys; payers ask for what is said of each alone."""
    plain = {key: " ".join(re.findall(r"\w+", text.casefold())) for key, text in texts.items()}
    keys = [key for key, text in plain.items() if text]
    found: dict[str, list[str]] = {}
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            if _same(plain[one], plain[other]):
                found.setdefault(one, []).append(other)
                found.setdefault(other, []).append(one)
    return {key: tuple(others) for key, others in found.items()}


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < LONG_ENOUGH:
        return False
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE


_BARE = re.compile(r"(?<![\w.])[A-Z]{2}(?!\w|\.\w)")
_SINGLE = re.compile(r"(?<![\w.])([A-Z]\.)(?=,?\s+[a-z])")
_SHORT = frozenset(("AA", "CO", "ED", "ER", "HR", "ID", "IV", "MD", "NA", "NM", "OK", "PM", "PT", "RN", "TV", "UT"))
"""Two capitals that notes are full of."""

_KIN = (
    "mother|mom|father|dad|sister|brother|son|daughter|wife|husband|partner|girlfriend|boyfriend|fiancée?|aunt|uncle|"
    "cousin|grandmother|grandfather|niece|nephew|roommate|sponsor|boss|neighbor|madre|mamá|padre|papá|hermana|hermano|"
    "hij[oa]|espos[oa]|marido|novi[oa]|tí[oa]|prim[oa]|abuel[oa]|vecin[oa]"
)
_RELATIVE = re.compile(rf"(?<!\w)(?:(?:[Hh]is|[Hh]er|[Tt]heir|[Ss]u)\s+)?(?:{_KIN}),?\s+[A-ZÁÉÍÓÚÑ][a-záéíóúüñ]+(?!\w)")
_WHO = (
    "member|student|peer|client|patient|participant|groupmate|man|woman|guy|girl|boy|lady|mother|father|veteran|nurse|"
    "teacher|driver|cook|soldier|officer|pastor|doctor|lawyer|farmer|carpenter|mechanic|welder|waitress|waiter"
)
_WHO_ES = (
    "miembro|estudiante|participante|compañer[oa]|hombre|mujer|chic[oa]|señora?|veteran[oa]|enfermer[oa]|maestr[oa]"
)
_DESCRIBED = re.compile(
    rf"(?i)(?<!\w)(?:"
    rf"(?:the|an?|another|one|our)\s+(?:[\w-]+\s+){{0,2}}(?:{_WHO})\s+(?:who|whose|with|from|in\s+(?:the\s+)?(?:group|room))"
    rf"|(?:oldest|youngest|newest|only)\s+(?:[\w-]+\s+)?(?:{_WHO}|one|person)"
    rf"|(?:otr[oa]|una?|el|la)\s+(?:{_WHO_ES})\s+(?:que|cuy[oa]|con|de)"
    rf")(?!\w)"
)
_AGE = re.compile(r"(?i)(?<!\w)(?:(\d{2})[- ]years?[- ]old|aged?\s+(\d{2})|(?:de\s+)?(\d{2})\s+años)(?!\w)")
_LANGUAGES = {
    "es": "Spanish|español",
    "vi": "Vietnamese",
    "ru": "Russian",
    "zh": "Chinese|Mandarin|Cantonese",
    "ar": "Arabic",
    "ko": "Korean",
    "fr": "French",
    "pt": "Portuguese",
    "uk": "Ukrainian",
}
