"""Words that show danger in what somebody writes (danger.toml): the one list of the house. Pure."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from hearth.lib import phrases

WORST_FIRST = ("emergency", "urgent", "watch")


@cache
def rules() -> tuple[phrases.PhraseRule, ...]:
    """Every rule on danger, as danger.toml has it."""
    return phrases.read(Path(__file__).with_name("danger.toml"))


def signs_in(text: str) -> tuple[phrases.PhraseRule, ...]:
    """What in `text` shows danger, the worst first."""
    found = phrases.found_in(text, rules())
    return tuple(sorted(found, key=lambda rule: WORST_FIRST.index(rule.severity)))


def severity_in(text: str) -> str:
    """How severe the danger is that `text` tells of its writer; empty where it tells of none."""
    return worst(rule.severity for rule in signs_in(text))


def worst(severities: Iterable[str]) -> str:
    """The worst of these; empty where there is none."""
    found = frozenset(severities)
    return next((severity for severity in WORST_FIRST if severity in found), "")
