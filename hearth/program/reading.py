"""How old a reader must be for a text, and the words we do not use. Pure.

English: Flesch-Kincaid grade (Kincaid et al. 1975) plus five years. Spanish: Crawford's years of schooling
(Crawford 1984) plus six. Syllables are counted by rule, so a short text is only roughly placed.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+[\"”)*]*(?:\s|$)|\n")
_STRONG = "aeoáéíóú"


@cache
def reading_age(text: str, language: str) -> float:
    """Years of age at which this text reads easily; 0.0 for a text without words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(bool(_WORD.search(piece)) for piece in _SENTENCE_END.split(text))
    if language == "es":
        syllables = sum(_spanish_syllables(word.lower()) for word in words)
        per_hundred = 100 / len(words)
        return max(6.0, 6 - 3.407 - 0.205 * sentences * per_hundred + 0.049 * syllables * per_hundred)
    syllables = sum(_english_syllables(word.lower()) for word in words)
    return max(5.0, 5 - 15.59 + 0.39 * len(words) / sentences + 11.8 * syllables / len(words))


def _english_syllables(word: str) -> int:
    groups = len(_ENGLISH_VOWELS.findall(word))
    silent = re.search(r"[^aeiouylr]es?$|[^aeiouytd]ed$|[aeiouy][lr]es?$", word)
    return max(1, groups - bool(silent))


def _spanish_syllables(word: str) -> int:
    heard = re.sub(r"qu|gu(?=[eiéí])", "q", word)
    # Two strong vowels side by side are two syllables (le-er), a stressed weak one counts as strong (dí-a).
    breaks = sum(a in _STRONG and b in _STRONG for a, b in pairwise(heard))
    return max(1, len(_SPANISH_VOWELS.findall(heard)) + breaks)


def plain_text(markdown: str) -> str:
    """The sentences a reader meets: no headings, links' targets, list marks or emphasis."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(?m)^#.*$", "", text)
    text = re.sub(r"(?m)^\s*(?:[-*>]|\d+\.)\s+", "", text)
    return re.sub(r"[*_`]+", "", text)


@dataclass(frozen=True, slots=True)
class Unkind:
    """A word found on a line, with what to say instead."""

    line: int
    word: str
    instead: str


# Person-first language: NIDA, "Words Matter" (2021), and interface.md of this project.
_AVOID: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"addicts?", "a person with a substance use disorder"),
        (r"(?:an |the )alcoholics?|alcoholics", "a person with alcohol use disorder"),
        (r"junkies?|druggies?|crackheads?|drunks", "a person who uses drugs or alcohol"),
        (r"(?:drug|substance|alcohol) ab(?:use|users?|using)", "substance use"),
        (r"abusers?", "a person who uses"),
        (r"clean", "in recovery, not using, or tidy"),
        (r"dirty", "unexpected, or in need of washing"),
        (r"fail(?:s|ed|ing|ures?)?", "did not happen yet, or did not work this time"),
        (r"relapsers?|frequent flyers?", "a person who has returned to use"),
        (r"non-?complian(?:t|ce)", "not taking part yet"),
        (r"suffer(?:s|ing)? from|victims?", "lives with, or person"),
        (r"commit(?:s|ted)? suicide", "died by suicide"),
        (r"crazy|insane|schizophrenics?|mentally ill", "a person with a mental health condition"),
        (r"inmates?|convicts?|felons?|ex-cons?", "a person who has been in prison or jail"),
    ),
    "es": (
        (r"adict[oa]s?|drogadict[oa]s?", "persona con un trastorno por consumo"),
        (r"(?:un|el|la|una|los|las|es|soy) alcohólic[oa]s?", "persona con trastorno por alcohol"),
        (r"borrach[oa]s?|drog[oa]s", "persona que consume"),
        (r"abus[oa] de (?:drogas|sustancias|alcohol)", "consumo de sustancias"),
        (r"limpi[oa]s?", "en recuperación, sin consumir, u ordenado"),
        (r"suci[oa]s?", "inesperado, o por lavar"),
        (r"fracas(?:o|os|ó|ado|ada|ar|aste)|fall(?:ó|ado|aste|aron)", "esta vez no resultó"),
        (r"recaíd[oa]s en el vicio|vicios[oa]s?", "persona que volvió a consumir"),
        (r"sufre de|víctimas?", "vive con, o persona"),
        (r"cometi(?:ó|eron) suicidio", "murió por suicidio"),
        (r"loc[oa]s|está loc[oa]|esquizofrénic[oa]s?|enferm[oa]s? mental(?:es)?", "persona con un malestar mental"),
        (r"presos?|reos?|convictos?|delincuentes?", "persona que estuvo en prisión"),
    ),
}
_PATTERNS = {
    language: tuple((re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE), instead) for words, instead in rows)
    for language, rows in _AVOID.items()
}


@cache  # packs share most of their pages, and a check reads every pack
def unkind_words(text: str, languages: tuple[str, ...], *, first_line: int = 1) -> tuple[Unkind, ...]:
    """Every word in this text that speaks of people in a way that hurts, by line."""
    return tuple(
        Unkind(number, found.group(), instead)
        for number, line in enumerate(text.splitlines(), start=first_line)
        for language in languages
        for pattern, instead in _PATTERNS.get(language, ())
        for found in pattern.finditer(line)
    )
