"""Words of danger in what families write: of themselves by the list of the house, of another by our own. Pure."""

from functools import cache
from pathlib import Path

from hearth.lib import phrases
from hearth.safety.danger import WORST_FIRST, signs_in


@cache
def rules() -> tuple[phrases.PhraseRule, ...]:
    """Every rule on danger of another person, as danger_of_others.toml has it."""
    return phrases.read(Path(__file__).with_name("danger_of_others.toml"))


def severity_of(text: str) -> str:
    """The worst that `text` tells of; empty where it tells of no danger."""
    found = {rule.severity for rule in (*signs_in(text), *phrases.found_in(text, rules()))}
    return next((severity for severity in WORST_FIRST if severity in found), "")
