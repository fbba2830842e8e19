"""The program's rule on contact outside (contact_rule.toml): what in a text is held for a human. Pure."""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from hearth.lib import phrases


@cache
def rules() -> tuple[phrases.PhraseRule, ...]:
    """Every rule, as contact_rule.toml has it."""
    return phrases.read(Path(__file__).with_suffix(".toml"))


def found_in(text: str, *, names: Collection[str] = ()) -> tuple[phrases.PhraseRule, ...]:
    """The rules that `text` meets. `names` are those of the circle: `@Maya` speaks to Maya, and is no other app's."""
    for name in names:
        text = re.sub(rf"@{re.escape(name)}(?!\w)", name, text, flags=re.IGNORECASE)
    return phrases.found_in(text, rules())
