"""Whether a post reads like those with which others tried to stay in touch. Pure.

Rules name what they look for and miss what nobody thought of. Beside them every example is counted: words, pairs and
triples of words that stand in posts that were to be held, against those of ordinary ones (naive Bayes with Laplace's
correction; Manning, Raghavan and Schütze, Introduction to Information Retrieval, chapter 13). Nothing else is learnt
and nothing is kept of what students write: whoever adds an example teaches it.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from math import log, sqrt
from pathlib import Path

from hearth.lib.folded import plain

EXAMPLES = Path(__file__).with_name("contact_examples")
TAUGHT_BY = ("tuned.toml", "taught.toml")
"""The lists that are counted. `judged.toml` never is: it judges."""

READS_ALIKE = 1.43
"""From here on a post is held: so high that of two hundred ordinary examples one was, in six-fold cross-validation
over all lists that teach."""

_WORD = re.compile(r"[a-z]+|0+|[^\w\s]")
_FIGURE = re.compile(r"\d")


def reads_alike(text: str) -> bool:
    """Whether `text` reads like the examples that are held."""
    return likeness(text, weights()) > READS_ALIKE


def likeness(text: str, weight_of: Mapping[str, float]) -> float:
    """How much more `text` resembles what is held than what is ordinary; 0 for neither."""
    found = parts_of(text)
    return sum(weight_of.get(part, 0.0) for part in found) / sqrt(len(found) or 1)


@cache
def weights() -> Mapping[str, float]:
    """What every part of the examples speaks for, from all lists that teach."""
    lists = [tomllib.loads((EXAMPLES / name).read_text(encoding="utf-8")) for name in TAUGHT_BY]
    return counted((text for one in lists for text in one["held"]), (text for one in lists for text in one["ordinary"]))


def counted(held: Iterable[str], ordinary: Iterable[str]) -> Mapping[str, float]:
    """For each part the logarithm of how much oftener it stands in a post that is held; above 0 speaks for holding."""
    sides = [[parts_of(text) for text in texts] for texts in (held, ordinary)]
    often = [Counter(part for parts in side for part in parts) for side in sides]
    return {
        part: log((often[0][part] + 1) / (len(sides[0]) + 2)) - log((often[1][part] + 1) / (len(sides[1]) + 2))
        for part in often[0] | often[1]
    }


def parts_of(text: str) -> frozenset[str]:
    """The words of `text` without disguise, and those that follow one another by two and three; all figures are 0."""
    words = _WORD.findall(_FIGURE.sub("0", plain(text)))
    pairs = [" ".join(two) for two in pairwise(words)]
    triples = [f"{two} {word}" for two, word in zip(pairs, words[2:], strict=False)]
    return frozenset((*words, *pairs, *triples))
