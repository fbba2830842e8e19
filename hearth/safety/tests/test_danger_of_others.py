"""Each rule finds its own examples and passes the harmless ones."""

import pytest

from hearth.safety.danger_of_others import rules, severity_of

FINDS = [(rule.severity, text) for rule in rules() for text in rule.finds]
PASSES = [text for rule in rules() for text in rule.passes]


@pytest.mark.parametrize(("severity", "text"), FINDS)
def test_danger_of_another_is_found(severity, text):
    assert severity_of(text) == severity


@pytest.mark.parametrize("text", PASSES)
def test_what_is_harmless_raises_nothing(text):
    assert severity_of(text) == ""


def test_what_families_write_of_themselves_is_read_too():
    assert severity_of("I want to die") == "urgent"
