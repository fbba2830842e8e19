"""Two write in one draft at the same time: nothing is lost, whatever the order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.sessions.rules.merging import Change, Fields, at_version, flat, joins, merge, unflat
from hearth.sessions.rules.notes import Draft, Line

NAMES = ("text", "plan", "m-text", "m-took_part", "j-text")
words = st.sampled_from(["", "Quiet.", "Spoke of Tuesday.", "Both."])
drafts = st.fixed_dictionaries(dict.fromkeys(NAMES, words))


def test_what_only_one_of_two_changed_is_taken_over():
    base = {"text": "A", "m-text": "B"}
    merged = merge(base=base, current={"text": "A", "m-text": "theirs"}, mine={"text": "mine", "m-text": "B"})
    assert merged.fields == {"text": "mine", "m-text": "theirs"}
    assert merged.changed == {"text": ("A", "mine")}
    assert merged.beside == {}


def test_a_field_that_both_changed_keeps_the_stored_text_and_the_other_beside_it():
    merged = merge(base={"text": "A"}, current={"text": "theirs"}, mine={"text": "mine"})
    assert (merged.fields, merged.beside, merged.changed) == ({"text": "theirs"}, {"text": "mine"}, {})


def test_sets_come_together_and_what_either_took_out_is_out():
    merged = merge(
        base={"interventions": ("role-play", "exposure")},
        current={"interventions": ("role-play", "mindfulness")},
        mine={"interventions": ("role-play", "exposure", "family-work")},
    )
    assert merged.fields == {"interventions": ("role-play", "mindfulness", "family-work")}
    assert merged.beside == {}


@given(base=drafts, theirs=drafts, mine=drafts)
def test_every_word_that_somebody_changed_stands_or_is_kept_beside(base, theirs, mine):
    merged = merge(base=base, current=theirs, mine=mine)
    for name in NAMES:
        if theirs[name] != base[name]:
            assert merged.fields[name] == theirs[name]
        if mine[name] != base[name]:
            assert mine[name] in (merged.fields[name], merged.beside.get(name))
        if mine[name] == base[name]:
            assert merged.fields[name] == theirs[name]


@given(base=drafts, theirs=drafts, mine=drafts)
def test_saving_the_same_again_changes_nothing(base, theirs, mine):
    once = merge(base=base, current=theirs, mine=mine)
    again = merge(base=base, current=once.fields, mine=mine)
    assert (again.fields, again.beside, dict(again.changed)) == (once.fields, once.beside, {})


@given(st.lists(drafts, min_size=1, max_size=6))
def test_any_version_can_be_found_again(states):
    """Each field of any earlier version is what it was, or empty where it still was nothing."""
    history: list[Change] = []
    seen: list[Fields] = [{}]
    current: Fields = {}
    for number, draft in enumerate(states, start=1):
        merged = merge(base=current, current=current, mine=draft)
        history.append(Change(number, merged.changed))
        current = merged.fields
        seen.append(dict(current))
    for number, fields in enumerate(seen):
        found = at_version(current, history, {}, base=number)
        assert {name: found.get(name) or "" for name in NAMES} == {name: fields.get(name) or "" for name in NAMES}


def test_a_single_field_may_have_been_begun_from_an_older_version():
    history = [Change(1, {"text": (None, "A")}), Change(2, {"text": ("A", "B")}), Change(3, {"plan": (None, "P")})]
    current = {"text": "B", "plan": "P"}
    assert at_version(current, history, {"text": 1}, base=3) == {"text": "A", "plan": "P"}
    assert at_version({"text": "old"}, [], {}, base=0) == {"text": "old"}


lines = st.builds(Line, text=words, took_part=st.none() | st.integers(1, 5), plan=words)


@given(st.builds(Draft, text=words, process=words, lines=st.dictionaries(st.uuids().map(str), lines, max_size=3)))
def test_a_draft_is_the_same_after_being_taken_apart(draft):
    assert unflat(flat(draft)) == draft


@pytest.mark.parametrize(("field", "can"), [("text", True), ("m-plan", True), ("m-risk", False), ("m-goal", False)])
def test_words_can_stand_one_after_the_other_and_choices_cannot(field, can):
    assert joins(field) is can
