"""Whatever is written into the record has words in the access log."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hearth
from hearth.consent.deeds import DEEDS, PARTS

COMPLETED = {
    "program.leave_": {"confirmed", "declined"},
    "sessions.make_up_": {"accepted", "declined", "lapsed", "not_needed"},
    "timetable.": {"cover_asked", "proposal_asked", "what_if_asked"},
    "timetable.change_": {"accepted", "declined", "lapsed", "withdrawn"},
    "timetable.place_": {"accepted", "expired", "passed"},
    "timetable.waitlist_": {"placed", "removed"},
}
"""Beginnings of verbs that the code completes with what something came to."""


@cache
def modules() -> tuple[ast.Module, ...]:
    paths = Path(hearth.__file__).parent.rglob("*.py")
    return tuple(ast.parse(each.read_text()) for each in paths if not {"tests", "migrations"} & set(each.parts))


def calls() -> Iterator[tuple[str, ast.Call, ast.Module]]:
    """Every call in Hearth with the name of what is called, and its module."""
    for module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                yield getattr(node.func, "attr", "") or getattr(node.func, "id", ""), node, module


def that_record() -> set[str]:
    """The functions that are given a verb for the record."""
    return {
        node.name
        for module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and "verb" in {each.arg for each in node.args.args}
    }


def values_of(argument: ast.expr, module: ast.Module) -> list[ast.expr]:
    """What a call may be given here: the argument itself, one of two, or what its variable was set to."""
    if isinstance(argument, ast.IfExp):
        return [argument.body, argument.orelse]
    if not isinstance(argument, ast.Name) or argument.id != "verb":
        return [argument]
    return [
        each
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "verb" for to in node.targets)
        for each in values_of(node.value, module)
    ]


def verbs() -> Iterator[tuple[str, bool]]:
    """What is written down as a verb; False for one that only begins so."""
    recording = that_record()
    for called, node, module in calls():
        if called not in recording:
            continue
        for each in (value for argument in node.args for value in values_of(argument, module)):
            if isinstance(each, ast.JoinedStr) and isinstance(each.values[0], ast.Constant):
                yield str(each.values[0].value), False
            elif isinstance(each, ast.Constant) and isinstance(each.value, str) and "." in each.value:
                yield each.value, True


def test_every_verb_of_the_record_has_words():
    found = set(verbs())
    whole = {verb for verb, is_whole in found if is_whole}
    assert {"sessions.quiet_step", "sessions.checked_in", "timetable.draft_undone", "accounts.passkey_added"} <= whole
    assert {beginning for beginning, is_whole in found if not is_whole} == set(COMPLETED)
    completed = {f"{beginning}{end}" for beginning, ends in COMPLETED.items() for end in ends}
    reads = {verb for verb in whole if verb.endswith(".read")}
    assert sorted((whole | completed) - reads - set(DEEDS)) == []
    assert sorted({verb.removesuffix(".read") for verb in reads} - set(PARTS)) == []


def test_every_part_of_a_chart_that_is_opened_has_words():
    opened = {
        str(word.value.value)
        for called, node, _module in calls()
        if called in {"access_chart", "access_charts"}
        for word in node.keywords
        if word.arg == "what" and isinstance(word.value, ast.Constant)
    }
    assert "notes" in opened
    assert sorted(opened - set(PARTS)) == []
