"""What a letter says, where it stands, and where a letter to oneself may be announced."""

from datetime import UTC, date, datetime

import pytest

from hearth.letters.rules import (
    Day,
    Reach,
    State,
    Stretch,
    days_of,
    last_day,
    may_take_back,
    plain_number,
    state_of,
    where_to,
)
from hearth.letters.telling import rules, tells
from hearth.letters.wording import signature_of

NINE, TEN, NOON, ONE = (datetime(2026, 11, 3, hour, tzinfo=UTC) for hour in (9, 10, 12, 13))


def test_a_day_is_told_once_and_the_break_between_two_sessions_is_no_time_here():
    (day,) = days_of([Stretch(NOON, ONE, 60), Stretch(NINE, TEN, 55)])
    assert day == Day(date(2026, 11, 3), NINE, ONE, 115)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ("", State.UNSEEN),
        ("agreed", State.ASKED),
        ("agreed signed", State.SIGNED),
        ("agreed signed handed_over", State.HANDED_OVER),
        ("agreed declined", State.DECLINED),
        ("agreed signed taken_back", State.TAKEN_BACK),
    ],
)
def test_a_letter_stands_where_its_last_step_left_it(steps, state):
    names = ("agreed", "signed", "handed_over", "declined", "taken_back")
    assert state_of(**{name: name in steps.split() for name in names}) is state


def test_a_letter_is_stopped_until_it_is_in_somebodys_hands():
    assert [state for state in State if may_take_back(state, to_reader=False)] == [State.UNSEEN, State.ASKED]
    assert may_take_back(State.SIGNED, to_reader=True)
    assert not may_take_back(State.HANDED_OVER, to_reader=True)


@pytest.mark.parametrize(
    ("number", "plain"),
    [
        ("LAC.0012345", "0012345"),
        ("12345", "12345"),
        ("", ""),
        ("0012345-LAC", "0012345"),
        ("LAC", ""),
        ("CO 2 LAC.0012345 (addiction)", "0012345"),
    ],
)
def test_a_licence_number_loses_the_letters_that_tell_its_kind(number, plain):
    assert plain_number(number) == plain


@pytest.mark.parametrize(
    ("reach", "where"),
    [
        (Reach(True, "safe@home.example", "", True, "own@home.example"), ("safe@home.example", "")),
        (Reach(True, "", "303 555 0117", False, "own@home.example"), ("", "303 555 0117")),
        (Reach(True, "", "", True, "own@home.example"), ("", "")),  # said no, or that only a call is safe
        (Reach(False, "", "", True, "own@home.example"), ("own@home.example", "")),
        (Reach(False, "", "", False, "own@home.example"), ("", "")),
    ],
)
def test_their_own_word_says_where_a_day_is_announced(reach, where):
    assert where_to(reach) == where


def test_a_letter_lies_five_years_at_most():
    assert last_day(date(2026, 11, 30)) == date(2031, 11, 30)
    assert last_day(date(2028, 2, 29)) == date(2033, 2, 28)


def test_words_that_tell_are_found_and_others_pass():
    for rule in rules():
        assert [words for words in rule.finds if not tells(words)] == []
        assert [words for words in rule.passes if tells(words)] == []


@pytest.mark.parametrize("name", ["Dana Kim", "Dana Kim, LAC", "Dana Kim , LAC, MAC"])
def test_what_stands_behind_a_name_is_not_signed_with(name):
    assert signature_of(name, "0012345", "CO") == "Dana Kim, license no. 0012345 (CO)"
    assert signature_of(name, "", "") == "Dana Kim"
