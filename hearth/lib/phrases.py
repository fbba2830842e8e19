"""Rules that look for phrases, read from TOML that anybody can check: what each looks for, and its examples. Pure."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from hearth.lib.folded import Run, plain, runs, squeezed, thinned, unleet


@dataclass(frozen=True, slots=True)
class Numbers:
    """What makes a run of numbers count: as many figures, or fewer where one of the `cue`s stands before it."""

    least: int
    most: int
    after_cue: int
    cue: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """One rule. What `unless` finds is taken out of the text before `phrases` are looked for."""

    id: str
    looks_for: Mapping[str, str]  # by language
    severity: str
    phrases: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    together: tuple[tuple[re.Pattern[str], ...], ...]  # finds where all of one row stand in neighbouring sentences
    numbers: Numbers | None
    finds: tuple[str, ...]  # examples it must find
    passes: tuple[str, ...]  # examples it must not

    def is_in(self, text: "Folded") -> bool:
        """Whether the text holds what this rule looks for."""
        views = [self._without_harmless(view) for view in text.views]
        if any(phrase.search(view) for phrase in self.phrases for view in views):
            return True
        if any(_stand_together(row, near) for row in self.together for view in views for near in _neighbours(view)):
            return True
        return self.numbers is not None and _holds_number(views[0], self.numbers)

    def _without_harmless(self, view: str) -> str:
        for harmless in self.unless:
            view = harmless.sub(" … ", view)
        return view


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as rules read it: without disguise, with figures read as letters, and without signs
    inside words or letters that stand three times."""

    views: tuple[str, ...]


def folded(text: str) -> Folded:
    """`text` in its readings, each once."""
    bare = plain(text)
    return Folded(tuple(dict.fromkeys((bare, unleet(bare), squeezed(bare), thinned(bare)))))


def found_in(text: str, rules: Iterable[PhraseRule]) -> tuple[PhraseRule, ...]:
    """Those of `rules` that find something in `text`."""
    views = folded(text)
    return tuple(rule for rule in rules if rule.is_in(views))


def read(path: Path) -> tuple[PhraseRule, ...]:
    """The rules of this file. `<word>` in a phrase stands for the file's own `[words]` of that name."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    words = table.get("words", {})
    return tuple(_rule(row, words) for row in table["rules"])


def _rule(row: Mapping[str, object], words: Mapping[str, str]) -> PhraseRule:
    values = dict(row)
    numbers = values.pop("numbers", None)
    phrases, unless = (_patterns(values.pop(name, []), words) for name in ("phrases", "unless"))
    return PhraseRule(
        id=str(values["id"]),
        looks_for=values["looks_for"],  # type: ignore[arg-type]
        severity=str(values.get("severity", "")),
        phrases=phrases,
        unless=unless,
        together=tuple(_patterns(together, words) for together in values.pop("together", [])),  # type: ignore[attr-defined]
        numbers=Numbers(**{**numbers, "cue": _patterns(numbers["cue"], words)}) if isinstance(numbers, dict) else None,
        finds=tuple(values["finds"]),  # type: ignore[arg-type]
        passes=tuple(values["passes"]),  # type: ignore[arg-type]
    )


def _patterns(phrases: object, words: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    assert isinstance(phrases, list)
    return tuple(re.compile(rf"(?<!\w)(?:{_with_words(phrase, words)})(?!\w)") for phrase in phrases)


def _with_words(phrase: str, words: Mapping[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda name: f"(?:{_with_words(words[name[1]], words)})", phrase)


def _neighbours(view: str) -> list[str]:
    """Every two sentences that follow one another; the text itself where it has one."""
    sentences = [one for one in re.split(r"[.!?;\n]+", view) if one.strip()]
    return [f"{one} . {other}" for one, other in pairwise(sentences)] or [view]


def _stand_together(row: tuple[re.Pattern[str], ...], text: str) -> bool:
    return all(word.search(text) for word in row)


def _holds_number(view: str, numbers: Numbers) -> bool:
    for run in runs(view):
        if numbers.least <= len(run.figures) <= numbers.most and not _is_a_list(run):
            return True
        cues = (cue.search(view, max(0, run.start - 60), run.start) for cue in numbers.cue)
        if len(run.figures) >= numbers.after_cue and any(cues):
            return True
    return False


def _is_a_list(run: Run) -> bool:
    """Whether these are years, a count up or down, one figure again and again, or a list of small numbers."""
    if all(re.fullmatch(r"(?:19|20)\d\d", number) for number in run.numbers):
        return True
    if run.is_spelled:
        return False
    values = [int(number) for number in run.numbers]
    steps = {later - earlier for earlier, later in pairwise(values)}
    if len(values) > 3 and len(steps) == 1 and max(map(len, run.numbers)) <= 3:
        return True
    has_small = max(map(len, run.numbers)) <= 2 and len(run.figures) < 10
    return has_small and all(", " in gap or "," in gap for gap in run.between)
