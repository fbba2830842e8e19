"""Whatever is written into the record has words in the access log."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import hearth
from hearth.consent.deeds import DEEDS, EARLIER, PARTS, deed

COMPLETED = {
    "measures.rule_": {"added", "changed", "paused", "resumed"},
    "program.leave_": {"confirmed", "declined"},
    "sessions.make_up_": {"accepted", "declined", "lapsed", "not_needed"},
    "timetable.": {"cover_asked", "proposal_asked", "what_if_asked"},
    "timetable.change_": {"accepted", "declined", "lapsed", "withdrawn"},
    "timetable.place_": {"accepted", "expired", "passed"},
    "timetable.waitlist_": {"placed", "removed"},
}
"""Beginnings of verbs that the code completes with what something came to."""


@cache
def sources() -> tuple[str, ...]:
    paths = Path(hearth.__file__).parent.rglob("*.py")
    return tuple(each.read_text() for each in paths if not {"tests", "migrations"} & set(each.parts))


parsed = cache(ast.parse)


def nodes[Node: ast.AST](kind: type[Node], words: Iterable[str]) -> Iterator[tuple[Node, ast.Module]]:
    """Every node of this kind, with its module, in the modules with one of these words: to parse all takes long."""
    has_one = re.compile(rf"\b({'|'.join(words)})\b")
    for module in (parsed(source) for source in sources() if has_one.search(source)):
        yield from ((node, module) for node in ast.walk(module) if isinstance(node, kind))


def calls_of(names: set[str]) -> Iterator[tuple[ast.Call, ast.Module]]:
    """Every call in Hearth of something with one of these names, and its module."""
    for node, module in nodes(ast.Call, names):
        if {getattr(node.func, "attr", ""), getattr(node.func, "id", "")} & names:
            yield node, module


def that_record() -> set[str]:
    """The functions that are given a verb for the record."""
    return {
        node.name for node, _ in nodes(ast.FunctionDef, ["verb"]) if "verb" in {each.arg for each in node.args.args}
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
    for node, module in calls_of(that_record()):
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


def test_what_only_older_rows_say_still_has_words():
    assert deed("notebook.entry_kept") == "Kept a notebook entry"
    assert deed("outcomes.read") == "Opened the outcomes, without names"
    assert not set(EARLIER) & {verb for verb, _is_whole in verbs()}
    assert not set(EARLIER) & set(DEEDS)


def test_every_part_of_a_chart_that_is_opened_has_words():
    opened = {
        str(word.value.value)
        for node, _ in calls_of({"access_chart", "access_charts"})
        for word in node.keywords
        if word.arg == "what" and isinstance(word.value, ast.Constant)
    }
    assert "notes" in opened
    assert sorted(opened - set(PARTS)) == []
