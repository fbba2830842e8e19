"""The questions as data: whole in both languages, kind, and true to what they refer to."""

import pytest

from hearth.background.questionnaire import LANGUAGES, questions, words
from hearth.background.wording import REASONS
from hearth.inquiry.bundle_codes import SOCIAL_WORDS
from hearth.measures import instrument as instruments
from tests.test_words import FAMILIAR, UNKIND

ASKED = questions()


def test_the_sections_are_those_that_an_assessment_needs():
    assert [one.id for one in ASKED.sections] == [
        "history", "risk", "substances", "treatment", "trauma", "medical", "medications", "family", "work", "legal",
        "culture", "strengths",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("population", ["adult", "adolescent"])
def test_every_question_and_choice_is_said_in_both_languages(language, population):
    spoken = words(language, population)
    assert spoken.language == language
    assert set(spoken.sections) == {one.id for one in ASKED.sections}
    for item in ASKED.items:
        asked = spoken.items[item.id]
        assert asked.text
        assert tuple(code for code, _said in asked.choices) == item.choices
        assert all(said for _code, said in asked.choices)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_kind(language):
    spoken = words(language)
    said = [
        *(text for one in spoken.sections.values() for text in (one.title, one.staff, one.lead)),
        *(text for one in spoken.items.values() for text in (one.text, one.hint, *(each for _, each in one.choices))),
    ]
    assert not [one for one in said if UNKIND.search(one)]
    assert language == "en" or not [one for one in said if FAMILIAR.search(one)]


def test_ids_are_used_once():
    ids = [item.id for item in ASKED.items]
    assert len(ids) == len(set(ids))


def test_what_a_question_depends_on_is_asked_before_it():
    before: dict[str, tuple[str, ...]] = {}
    for item in ASKED.items:
        for other, codes in (item.asked_if or {}).items():
            assert set(codes) <= set(before[other])
        before[item.id] = item.choices


def test_every_answer_stands_beside_a_dimension_that_exists():
    assert {code for item in ASKED.items for code in item.dimensions} == set("123456")
    assert all(item.dimensions for item in ASKED.items)


def test_every_grave_answer_is_one_of_its_choices_and_has_its_reason_in_words():
    for item in ASKED.items:
        for code in (*item.urgent, *item.emergency):
            assert code in item.choices
            assert REASONS[f"{item.id}.{code}"]
    assert len(REASONS) == 1 + sum(len(item.urgent) + len(item.emergency) for item in ASKED.items)


def test_what_stands_beside_a_section_exists():
    about = {*SOCIAL_WORDS, "reason", "visits"}
    for section in ASKED.sections:
        assert set(section.referral) <= about
        assert set(section.measures) <= set(instruments.ids())


def test_all_of_substances_and_treatment_is_part_2_information():
    marked = {item.id for item in ASKED.items if item.part2}
    for section in ASKED.sections:
        if section.id in ("substances", "treatment"):
            assert {item.id for item in section.items} <= marked
    assert "craving" in marked
    assert "brings" not in marked
