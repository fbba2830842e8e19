"""A safety plan's sections and looks, as plain data."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from hearth.safety.crisis import LIFELINE, Number
from hearth.safety.plan_rules import Helper, Looks, Review, Section, Sections, changed_sections, empty_sections, review

DAY = datetime(2026, 11, 24, tzinfo=UTC)
FULL = Sections(
    signs="I stop answering.",
    coping="Cold water.",
    places="The library.",
    helpers=(Helper("Alma", "303 555 0117"),),
    professionals=(Helper("Dana Kim", "303 555 0100"),),
    means="The pills are with Alma.",
    means_with="Alma",
    reasons="Breakfast with her.",
)


def on(day):
    return None if day is None else DAY + timedelta(days=day)


def test_an_empty_plan_misses_all_seven_and_a_full_one_none():
    assert empty_sections(Sections()) == tuple(Section)
    assert empty_sections(FULL) == ()
    assert empty_sections(Sections(means_with="Alma")) == tuple(each for each in Section if each != Section.MEANS)


def test_a_change_names_its_sections():
    other = Sections.read(FULL.as_json() | {"signs": "", "means_with": "Robin"})
    assert changed_sections(FULL, other) == (Section.SIGNS, Section.MEANS)
    assert changed_sections(FULL, Sections.read(FULL.as_json())) == ()


def test_a_number_is_dialled_without_what_people_write_around_it():
    for phone in ("+1 (303) 555-0117", "303 555 0117", "1-303-555-0117"):
        assert Helper("Alma", phone).tel == "+13035550117"
    assert Helper("Lifeline", "9-8-8").tel == "988"
    for nothing in ("ask at the desk", "", "303 555 0117 or 720 555 0118", "303 555 0117, ext. 5", "988, then 1", "12"):
        assert Helper("Alma", nothing).tel == ""


def test_a_number_that_cannot_be_dialled_is_still_shown():
    numbers = [Number("Alma", "303 555 0117, ext. 5", "users"), LIFELINE]
    shown = render_to_string("safety/_numbers.html", {"numbers": numbers})
    assert "303 555 0117, ext. 5" in shown
    assert shown.count('href="tel:') == shown.count('href="tel:988"') == 1


@pytest.mark.parametrize(
    ("saved", "looked", "concern", "found"),
    [
        (None, None, None, Review.NOTHING),
        (None, None, 0, Review.NO_PLAN),
        (None, 1, 0, Review.NO_PLAN),  # "we looked at it" does not make one
        (0, None, None, Review.CHANGED),
        (0, 0, None, Review.NOTHING),
        (0, 1, 2, Review.SINCE_CONCERN),
        (0, None, 2, Review.SINCE_CONCERN),
        (0, 2, 2, Review.NOTHING),
        (0, 3, 2, Review.NOTHING),
        (4, 3, 2, Review.CHANGED),
        (4, 1, 2, Review.SINCE_CONCERN),
    ],
)
def test_who_must_look_at_a_plan(saved, looked, concern, found):
    assert review(Looks(on(saved), on(looked), on(concern))) == found


days = st.none() | st.integers(0, 9)


@given(saved=days, looked=days, concern=days)
def test_a_look_after_everything_settles_every_plan_that_exists(saved, looked, concern):
    assert review(Looks(on(0 if saved is None else saved), on(10), on(concern))) == Review.NOTHING
    if concern is not None and (looked is None or looked < concern):
        assert review(Looks(on(saved), on(looked), on(concern))) in (Review.NO_PLAN, Review.SINCE_CONCERN)
