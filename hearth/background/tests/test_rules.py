"""What may answer, what asks for a person, and that the way through always ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.background import rules
from hearth.background.questionnaire import questions
from hearth.background.rules import DECLINED, UnusableAnswer, alerts, applicable, more, next_section, read

ASKED = questions()
ITEMS = {item.id: item for item in ASKED.items}
SECTIONS = {section.id: section for section in ASKED.sections}


@pytest.mark.parametrize(
    ("item", "given", "kept"),
    [
        ("brings", "  I cannot sleep.\r\nStill. ", "I cannot sleep.\nStill."),
        ("brings", "", ""),
        ("since", "months", "months"),
        ("since", "", ""),
        ("since", DECLINED, DECLINED),
        ("substances", ["none", "alcohol"], ("alcohol",)),
        ("substances", ["none"], ("none",)),
        ("substances", ["cannabis", "alcohol"], ("alcohol", "cannabis")),
        ("substances", [], ()),
    ],
)
def test_an_answer_is_kept_plainly(item, given, kept):
    assert read(ITEMS[item], given) == kept


@pytest.mark.parametrize(("item", "given"), [("since", "tuesday"), ("substances", ["glue"]), ("brings", "x" * 4001)])
def test_what_is_no_answer_is_refused(item, given):
    with pytest.raises(UnusableAnswer):
        read(ITEMS[item], given)


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        ("Some days I want to die.", "urgent"),
        ("I don't want to wake up", "urgent"),
        ("Ya no quiero vivir, estarían mejor sin mí", "urgent"),
        ("Pienso en hacerme daño", "urgent"),
        ("I want to diet, and my skill is cooking", None),
        ("The die is cast", None),
        ("", None),
    ],
)
def test_words_of_danger_ask_for_a_person(words, severity):
    found = alerts(ITEMS["brings"], words)
    assert [one.severity for one in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("item", "value", "severities"),
    [
        ("danger", "no", []),
        ("danger", "thoughts", ["urgent"]),
        ("danger", "now", ["emergency"]),
        ("others", "plan", ["emergency"]),
        ("home", "unsafe", ["urgent"]),
        ("stopping", ("shakes", "seizure"), ["urgent"]),
        ("danger", DECLINED, []),
        ("good_at", "I want to end my life", ["urgent"]),
        ("risk_seen", "Says: I want to end my life", []),  # staff's own words are their finding
    ],
)
def test_a_grave_answer_asks_for_a_person(item, value, severities):
    assert [one.severity for one in alerts(ITEMS[item], value)] == severities


def test_what_follows_from_an_answer_is_asked_once_it_is_known():
    section = SECTIONS["substances"]
    first = applicable(section, {}, who="student")
    assert [item.id for item in first] == ["substances"]
    assert more(section, first, {"substances": ("alcohol",)}, who="student")
    assert not more(section, first, {"substances": ("none",)}, who="student")


def test_students_are_not_asked_what_staff_write_down():
    everything = {item.id: item.choices for item in ASKED.items}
    for section in ASKED.sections:
        assert all(item.asks != "staff" for item in applicable(section, everything, who="student"))


def values_of(item):
    if item.kind == "text":
        return st.sampled_from(["", "some words"])
    if item.kind == "one":
        return st.sampled_from(["", DECLINED, *item.choices])
    return st.lists(st.sampled_from(item.choices), unique=True)


@given(st.data())
def test_no_combination_of_answers_and_skips_keeps_anybody_from_the_end(data):
    """Every screen is sent or skipped, and the way ends after no more than two screens a section."""
    values: dict[str, rules.Value] = {}
    looked_at: set[str] = set()
    screens = 0
    while (section := next_section(ASKED, looked_at)) is not None:
        shown = applicable(section, values, who="student")
        while True:
            screens += 1
            looked_at.add(section.id)
            if data.draw(st.booleans(), label=f"skip {section.id}"):
                break
            for item in shown:
                values[item.id] = read(item, data.draw(values_of(item), label=item.id))
            if not more(section, shown, values, who="student"):
                break
            shown = applicable(section, values, who="student")
    assert screens <= 2 * len(ASKED.sections)


@given(st.text(max_size=200))
def test_any_words_are_kept_or_refused_and_never_break(words):
    kept = rules.read(ITEMS["brings"], words)
    assert {one.reason for one in rules.alerts(ITEMS["brings"], kept)} <= {"words"}
