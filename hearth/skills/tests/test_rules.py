import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.skills.lesson_text import safe_html, sections
from hearth.skills.rules import Feeling, pattern

FEELINGS = st.builds(
    Feeling,
    name=st.sampled_from(["shame", "Shame", "fear", "anger "]),
    before=st.integers(0, 100),
    after=st.none() | st.integers(0, 100),
)


def test_records_together_show_the_mean_drop_and_the_feeling_named_most():
    found = pattern([[Feeling("Shame", 80, 40), Feeling("fear", 60, 50)], [Feeling("shame", 70, None)]])
    assert (found.rated, found.mean_drop, found.most_named) == (1, 25, "Shame")


def test_without_records_there_is_no_pattern():
    found = pattern([])
    assert (found.rated, found.mean_drop, found.most_named) == (0, None, None)


@given(st.lists(st.lists(FEELINGS, max_size=3), max_size=6))
def test_the_mean_lies_between_the_least_and_the_greatest_drop(records):
    drops = [one.drop for feelings in records for one in feelings if one.drop is not None]
    mean = pattern(records).mean_drop
    assert (mean is None) == (not drops)
    assert mean is None or min(drops) <= mean <= max(drops)


def test_a_lesson_comes_section_by_section():
    found = sections("## Read\n\nSome **words**.\n\n## Try it\n\n- one\n")
    assert [one.title for one in found] == ["Read", "Try it"]
    assert "<strong>words</strong>" in found[0].html


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "[x](javascript:alert(1))"]
)
def test_nothing_that_runs_passes_from_a_lesson(text):
    html = safe_html(text)
    for harm in ("<script", "<img", 'href="javascript'):
        assert harm not in html
