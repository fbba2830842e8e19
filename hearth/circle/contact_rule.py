"""The program's rule on contact outside (contact_rule.toml): what in a text is held for a human. Pure."""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from hearth.circle import likeness
from hearth.lib import phrases

ALIKE = "alike"
"""The rule without phrases of its own: what reads like the examples (likeness.py)."""

_SPOKEN_TO = re.compile(r"@([^\W\d_][\w'’-]*)")


@cache
def rules() -> tuple[phrases.PhraseRule, ...]:
    """Every rule, as contact_rule.toml has it."""
    return phrases.read(Path(__file__).with_suffix(".toml"))


def found_in(text: str, *, names: Collection[str] = ()) -> tuple[phrases.PhraseRule, ...]:
    """The rules that `text` meets. `names` are those of the circle: `@Maya` speaks to Maya, and is no other app's."""
    known = {name.split()[0].casefold() for name in names if name.strip()}
    spoken = _SPOKEN_TO.sub(lambda to: to[1] if to[1].casefold() in known else to[0], text)
    found = phrases.found_in(spoken, rules())
    return found or tuple(rule for rule in rules() if rule.id == ALIKE and likeness.reads_alike(spoken))
