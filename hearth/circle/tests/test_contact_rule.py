"""The rules that hold posts: every example of theirs, and none that is ordinary."""

import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.circle import contact_rule, likeness, rules
from hearth.lib import phrases
from hearth.lib.folded import plain, runs
from hearth.safety import danger

EXAMPLES = Path(contact_rule.__file__).parent / "contact_examples"
EVERY = list(rules.every_rule().values())
TUNED = tomllib.loads((EXAMPLES / "tuned.toml").read_text(encoding="utf-8"))
FAMILIES = (contact_rule.rules(), danger.rules(), rules.other_rules())


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule in EVERY for text in rule.finds])
def test_a_rule_finds_its_examples(rule, text):
    assert rule.is_in(phrases.folded(text))


@pytest.mark.parametrize(
    ("family", "text"), [(family, text) for family in FAMILIES for rule in family for text in rule.passes]
)
def test_ordinary_words_pass_every_rule_of_its_file(family, text):
    assert phrases.found_in(text, family) == ()


def test_what_the_rules_were_written_with_is_held_and_its_ordinary_posts_pass():
    assert [text for text in TUNED["held"] if not contact_rule.found_in(text)] == []
    assert [text for text in TUNED["ordinary"] if rules.judge(text).is_held] == []


@pytest.mark.parametrize(
    "text",
    [
        "if you ever feel alone i am by the fountain most evenings, just say hi",
        "si quieres platicar de verdad estoy en la banca de afuera",
    ],
)
def test_what_reads_like_the_examples_is_held_without_any_phrase_of_the_rules(text):
    assert [rule.id for rule in contact_rule.found_in(text)] == [contact_rule.ALIKE]
    assert not contact_rule.found_in("Slept six hours and made my own breakfast. My dog was very proud of me.")


def test_whoever_adds_an_example_teaches_it():
    text = "the heron flies at dusk"
    before = likeness.counted(["call me"], ["I slept well"])
    taught = likeness.counted(["call me", "the heron flies at noon"], ["I slept well"])
    assert likeness.likeness(text, before) == 0 < likeness.likeness(text, taught)


@given(st.text(), st.text(), st.text())
def test_a_post_is_more_like_the_side_it_stands_on(text, held, ordinary):
    as_held = likeness.counted([held, text], [ordinary])
    as_ordinary = likeness.counted([held], [ordinary, text])
    assert likeness.likeness(text, as_held) >= likeness.likeness(text, as_ordinary)


def test_every_rule_says_in_both_languages_what_it_looks_for():
    assert all(set(rule.looks_for) == {"en", "es"} for rule in EVERY)
    assert len({rule.id for rule in EVERY}) == sum(map(len, FAMILIES))


def test_phrases_are_written_as_text_is_folded():
    patterns = [each.pattern for rule in EVERY for each in (*rule.phrases, *rule.unless)]
    assert [
        each for each in patterns if any(unicodedata.combining(sign) for sign in unicodedata.normalize("NFKD", each))
    ] == []


def test_what_judges_stands_in_no_list_that_teaches_and_is_large_enough():
    judged = tomllib.loads((EXAMPLES / "judged.toml").read_text(encoding="utf-8"))
    assert len(set(judged["held"])) >= 380
    assert len(set(judged["ordinary"])) >= 440
    taught = tomllib.loads((EXAMPLES / "taught.toml").read_text(encoding="utf-8"))
    lists = (*TUNED.values(), *taught.values())
    seen = {*(text for one in lists for text in one), *(text for rule in EVERY for text in (*rule.finds, *rule.passes))}
    assert seen.isdisjoint({*judged["held"], *judged["ordinary"]})


def test_a_name_of_the_circle_may_be_spoken_to():
    assert contact_rule.found_in("@mayita thank you")
    assert not contact_rule.found_in("@Maya thank you", names=["Maya"])
    assert contact_rule.found_in("@mayareyes", names=["Maya"])


@given(st.integers(2_000_000, 9_999_999))
def test_a_phone_number_is_held_however_it_is_set(number):
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    figures = f"720{number}"
    for dressed in (figures, " ".join(figures), ".".join(figures), " ".join(words[int(each)] for each in figures)):
        assert contact_rule.found_in(f"it is {dressed} ok")


@given(st.text())
def test_any_text_is_read_without_failing(text):
    rules.judge(text)
    runs(plain(text))


@pytest.mark.parametrize("text", ["a" * 2000, "a.b" * 660, "a_" * 1000, "let's " * 330, "1 " * 1000])
def test_a_word_without_end_is_cut_so_that_no_text_keeps_the_rules_busy(text):
    assert max(map(len, plain(text).split())) <= 60
    rules.judge(text)
