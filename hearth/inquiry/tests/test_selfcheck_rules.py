"""The self-check's rules: each one by itself, then every way through them."""

import re
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearth.inquiry.selfcheck import filled, reading
from hearth.inquiry.selfcheck.rules import AUDIENCES, SUGGESTIONS, asked, at_once, judge

CHECK = reading.check()
FINE: dict[str, Any] = {"danger": "no", "home": "safe", "daily": "holds", "support": "some"}
DECIDING = ("danger", "home", "daily")
SCREEN: dict[str, Any] = {"phq1": "2", "phq2": "2", "gad1": "3", "gad2": "2"}

# One line a rule: what is answered beside FINE, by whom, and what it leads to.
EACH: dict[str, tuple[str, dict[str, Any], str]] = {
    "danger_now": ("adult", {"danger": "now"}, "emergency"),
    "took_too_much": ("adult", {"danger": "took"}, "emergency"),
    "plan": ("adolescent", {"danger": "plan"}, "emergency"),
    "delirium": ("other", {"body": ("delirium",)}, "emergency"),
    "chest": ("adult", {"body": ("chest",)}, "emergency"),
    "commands": ("adult", {"mind": ("commands",)}, "emergency"),
    "birth_psychosis": ("adult", {"body": ("pregnant",), "mind": ("voices",)}, "emergency"),
    "attempt": ("adult", {"danger": "attempt"}, "higher"),
    "pregnant_using": ("adult", {"body": ("pregnant",), "what": ("substances",)}, "higher"),
    "withdrawal": ("adult", {"body": ("shakes",)}, "higher"),
    "seizure": ("adult", {"body": ("seizure",)}, "higher"),
    "eating": ("adolescent", {"body": ("eating",)}, "higher"),
    "voices": ("other", {"mind": ("voices",)}, "higher"),
    "mania": ("adult", {"mind": ("mania",)}, "higher"),
    "home_unsafe": ("adult", {"home": "unsafe"}, "higher"),
    "no_home": ("adult", {"home": "none"}, "higher"),
    "daily_stopped": ("adult", {"daily": "stopped"}, "higher"),
    "thoughts": ("adult", {"danger": "thoughts"}, "iop"),
    "opioids": ("adult", {"body": ("opioids",)}, "iop"),
    "stepping_down": ("adult", {"before": ("hospital",)}, "iop"),
    "coming_home": ("adult", {"before": ("released",)}, "iop"),
    "daily_hard": ("adult", {"daily": "hard"}, "iop"),
    "weekly_not_enough": ("adult", {"before": ("weekly",), "daily": "slipping"}, "iop"),
    "daily_use": ("adult", {"what": ("substances",), "use": "daily"}, "iop"),
    "substances_slipping": ("adult", {"what": ("substances",), "daily": "slipping"}, "iop"),
    "thin_support": ("adult", {"support": "nobody", "daily": "slipping"}, "iop"),
    "several_at_once": ("adult", {"what": ("grief", "stress", "ocd"), "daily": "slipping"}, "iop"),
    "weighs_much": ("adult", {**SCREEN, "daily": "slipping"}, "iop"),
    "unanswered": ("adult", {"danger": ()}, "iop"),
    "life_holds": ("adult", {}, "weekly"),
    "slipping_alone": ("adult", {"daily": "slipping"}, "weekly"),
    "low_mood": ("adult", {"phq1": "1", "phq2": "2"}, "weekly"),
    "worry": ("adolescent", {"gad1": "3", "gad2": "0"}, "weekly"),
    "drinking": ("adult", {"what": ("substances",), "audit1": "1", "audit2": "1", "audit3": "1"}, "weekly"),
    "perinatal": ("adult", {"body": ("pregnant",)}, "weekly"),
    "teen_guardian": ("adolescent", {"guardian": "not_yet"}, "weekly"),
    "teen_alone": ("adolescent", {"guardian": "cannot"}, "weekly"),
    "child": ("other", {"age": "child"}, "weekly"),
    "someone_else": ("other", {"wants": "unsure"}, "weekly"),
    "not_willing": ("other", {"wants": "no"}, "weekly"),
    "interpreter": ("adult", {"language": "other"}, "weekly"),
    "other_state": ("adult", {"served": "no"}, "weekly"),
}
# Answers just beside the line, where the rule must be silent.
BESIDE: dict[str, dict[str, Any]] = {
    "birth_psychosis": {"mind": ("voices",)},
    "pregnant_using": {"body": ("pregnant",)},
    "daily_use": {"what": ("substances",), "use": "most_days"},
    "weekly_not_enough": {"before": ("weekly",)},
    "substances_slipping": {"what": ("substances",)},
    "thin_support": {"support": "nobody"},
    "several_at_once": {"what": ("grief", "stress", "other"), "daily": "slipping"},
    "weighs_much": {**SCREEN, "gad2": "1", "daily": "slipping"},
    "low_mood": {"phq1": "3"},  # an item is missing: no sum
    "worry": {"gad1": "1", "gad2": "1"},
    "drinking": {"audit1": "1", "audit2": "1", "audit3": "0"},
    "unanswered": {},
}


def judged(audience, **answers):
    return judge(CHECK, audience, {name: value for name, value in (FINE | answers).items() if value})


def rules_of(result):
    return {rule.id for rule in result.reasons}


def test_every_rule_has_its_line():
    assert EACH.keys() == {rule.id for rule in CHECK.rules}


@pytest.mark.parametrize("rule", EACH)
def test_each_rule_holds_and_leads_where_it_says(rule):
    audience, answers, suggestion = EACH[rule]
    result = judged(audience, **answers)
    assert rule in rules_of(result)
    assert result.suggestion == suggestion
    assert {step for one in result.reasons if one.id == rule for step in one.steps} <= set(result.steps)


@pytest.mark.parametrize("rule", BESIDE)
def test_each_rule_is_silent_beside_its_line(rule):
    assert rule not in rules_of(judged("adult", **BESIDE[rule]))


def test_in_pregnancy_using_or_withdrawing_is_one_path_whatever_was_said():
    for answers in ({"what": ("substances",)}, {"body": ("pregnant", "opioids")}, {"body": ("pregnant", "shakes")}):
        assert "pregnancy_care" in judged("adult", **({"body": ("pregnant",)} | answers)).steps


@pytest.mark.parametrize(
    "rule", [rule for rule in CHECK.rules if rule.urgent and rule.id != "no_home"], ids=lambda r: r.id
)
def test_what_is_urgent_is_helped_before_the_next_question(rule):
    audience, answers, _suggestion = EACH[rule.id]
    assert rule in at_once(CHECK, audience, answers)
    assert rule.steps
    assert rule.urgent


def test_an_emergency_speaks_of_nothing_that_can_wait():
    result = judged("adult", danger="now", what=("grief",), phq1="3", phq2="3", language="other", daily="hard")
    assert rules_of(result) == {"danger_now"}


def test_a_thought_of_dying_is_heard_beside_anything_else():
    result = judged("adult", danger="thoughts", daily="stopped")
    assert (result.suggestion, result.urgent) == ("higher", True)
    assert "call_988" in result.steps


def is_sound(result):
    return (
        result.steps
        and result.reasons
        and (result.steps[0] and set(CHECK.last_steps[result.suggestion]) <= set(result.steps))
        and any(rule.suggests == result.suggestion for rule in result.reasons)
    )


def test_no_combination_of_answers_ends_without_a_next_step():
    """The proof: three questions alone, in all their combinations, bring a rule that suggests something; no other
    answer can take a rule away, for nothing but those three asks for silence; and each suggestion ends with steps."""
    for audience, danger, home, daily in product(AUDIENCES, *(("", *question(name).choices) for name in DECIDING)):
        assert is_sound(judged(audience, danger=danger, home=home, daily=daily)), (audience, danger, home, daily)
    silent = {name for rule in CHECK.rules for each in rule.when for name, wanted in each.items() if wanted == []}
    assert silent == set(DECIDING)
    assert all(CHECK.last_steps[suggestion] for suggestion in SUGGESTIONS)


def test_every_pair_of_what_body_and_mind_say_is_answered_whatever_the_danger():
    seen = set()
    pairs = [(), *((one,) for one in question("body").choices), *combinations(question("body").choices, 2)]
    minds = [(), *((one,) for one in question("mind").choices)]
    for danger, body, mind in product(("", *question("danger").choices), pairs, minds):
        result = judged("adult", danger=danger, body=body, mind=mind)
        assert is_sound(result), (danger, body, mind)
        seen.add(result.suggestion)
    assert seen == set(SUGGESTIONS)


def question(name):
    return next(one for one in CHECK.questions if one.id == name)


@st.composite
def people(draw):
    """Anybody: any audience, any question answered or skipped, any choice."""
    audience = draw(st.sampled_from(AUDIENCES))
    values = {}
    for one in CHECK.of(audience):
        if one.many:
            values[one.id] = tuple(draw(st.lists(st.sampled_from(one.choices), unique=True)))
        else:
            values[one.id] = draw(st.sampled_from(("", *one.choices)))
    return audience, {name: value for name, value in values.items() if value}


@settings(max_examples=200, deadline=None)
@given(people())
def test_anybody_gets_a_suggestion_with_reasons_sources_and_a_next_step(anybody):
    audience, answers = anybody
    result = judge(CHECK, audience, answers)
    assert is_sound(result)
    for language in reading.LANGUAGES:
        words = reading.words(language)
        assert all(words.rules[rule.id] and reading.sources()[rule.source] for rule in result.reasons)
        assert all(words.steps[step] for step in result.steps)


@settings(max_examples=200, deadline=None)
@given(people(), st.sampled_from(("now", "took", "plan")))
def test_telling_of_danger_always_ends_in_an_emergency_with_a_number_to_call(anybody, danger):
    audience, answers = anybody
    result = judge(CHECK, audience, answers | {"danger": danger})
    assert (result.suggestion, result.urgent) == ("emergency", True)
    assert "call_988" in result.steps


@settings(max_examples=50, deadline=None)
@given(people())
def test_a_worse_body_or_mind_never_lessens_the_help(anybody):
    audience, answers = anybody
    before = judge(CHECK, audience, answers)
    for name in ("body", "mind"):
        for code in question(name).choices:
            after = judge(CHECK, audience, answers | {name: (*answers.get(name, ()), code)})
            assert SUGGESTIONS.index(after.suggestion) >= SUGGESTIONS.index(before.suggestion)


@settings(max_examples=100, deadline=None)
@given(people())
def test_answers_survive_being_stored_and_only_what_was_asked_is_kept(anybody):
    audience, answers = anybody
    kept = filled.loosely(audience, answers)
    assert filled.stored(kept.as_json()) == (kept if kept.answers else None)
    assert set(kept.answers) <= {one.id for one in asked(CHECK, audience, answers)}
    assert filled.strictly(kept.as_json()) == kept


def test_danger_is_asked_first_and_times_last():
    for audience in AUDIENCES:
        assert next(iter(CHECK.of(audience))).id == "danger"
        assert [one.part for one in CHECK.of(audience)] == sorted(
            (one.part for one in CHECK.of(audience)), key=("safety", "life", "way").index
        )


def test_rules_name_only_what_is_asked():
    names = {one.id for one in CHECK.questions} | CHECK.scores.keys() | {"served"}
    for rule in CHECK.rules:
        for each in rule.when:
            assert each.keys() <= names
            for name, wanted in each.items():
                if isinstance(wanted, tuple | list) and name != "served":
                    assert {*wanted} <= {*question(name).choices}, rule.id


def test_both_languages_say_everything_and_nothing_else():
    english, spanish = (reading.words(language) for language in reading.LANGUAGES)
    assert english.rules.keys() == spanish.rules.keys() == {rule.id for rule in CHECK.rules}
    steps = {step for rule in CHECK.rules for step in rule.steps}
    steps |= {step for last in CHECK.last_steps.values() for step in last}
    assert english.steps.keys() == spanish.steps.keys() == steps
    assert reading.reach().keys() <= steps
    assert english.asked.keys() == spanish.asked.keys()
    for words in (english, spanish):
        assert set(words.titles) == set(words.leads) == set(SUGGESTIONS)
        assert set(words.parts) == {one.part for one in CHECK.questions}


def test_no_sentence_promises_admission():
    words = reading.words("en")
    said = " ".join((*words.leads.values(), *words.steps.values(), *words.rules.values())).lower()
    assert not re.search(r"\badmit|we will take you|your place is", said)


def test_screens_say_whose_words_they_are():
    words = reading.words("en")
    assert "Pfizer" in words.asked["gad1", "adult"].by
    assert words.asked["danger", "adult"].by == ""
