"""Whether words tell what care is for. Pure; the words stand in telling.toml."""

from functools import cache
from pathlib import Path

from hearth.lib import phrases


@cache
def rules() -> tuple[phrases.PhraseRule, ...]:
    """Every rule of telling.toml."""
    return phrases.read(Path(__file__).with_name("telling.toml"))


def tells(words: str) -> bool:
    """Whether a stranger who reads these words could learn what somebody is treated for, or where."""
    return bool(phrases.found_in(words, rules()))
