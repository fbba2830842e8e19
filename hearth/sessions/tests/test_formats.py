"""Formats place every part of a note once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.sessions.rules.formats import FORMATS, PARTS, Heading, headings, layout


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_places_every_part_once_and_ends_with_the_plan(name):
    placed = [part for section in FORMATS[name] for part in section.parts]
    assert sorted(placed) == sorted(PARTS)
    assert headings(name)[-1] is Heading.PLAN
    assert "".join(heading[0] for heading in headings(name)) == name


@given(st.sampled_from(sorted(FORMATS)), st.frozensets(st.sampled_from(sorted(PARTS))))
def test_what_is_known_is_laid_out_whole_and_nothing_else(name, known):
    laid = layout(name, known)
    assert sorted(part for section in laid for part in section.parts) == sorted(known)
    assert all(section.parts for section in laid)
    order = headings(name)
    assert [section.heading for section in laid] == [each for each in order if each in {s.heading for s in laid}]
