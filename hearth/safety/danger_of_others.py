"""Words of danger in what somebody writes of another person (danger_of_others.toml): families, and reports. Pure."""

from functools import cache
from pathlib import Path

from hearth.lib import phrases
from hearth.safety import danger


@cache
def rules() -> tuple[phrases.PhraseRule, ...]:
    """Every rule on danger of another person, as danger_of_others.toml has it."""
    return phrases.read(Path(__file__).with_name("danger_of_others.toml"))


def signs_in(text: str) -> tuple[phrases.PhraseRule, ...]:
    """What in `text` shows danger of another person."""
    return phrases.found_in(text, rules())


def severity_of(text: str) -> str:
    """The worst that `text` tells, of its writer or another; empty where it tells of no danger."""
    return danger.worst(rule.severity for rule in (*danger.signs_in(text), *signs_in(text)))
