"""What keeps a session's form closed, what the house knows of readiness, the day after; and the texts themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.program.reading import reading_age
from hearth.safety.rules import ANSWER_WITHIN
from hearth.trauma.rules import (
    ANSWER_BY,
    OPENS,
    REVIEW_KEEPS,
    Answers,
    Choice,
    Closed,
    Known,
    Linger,
    Sign,
    Standing,
    closed,
    day_after,
    linger,
    severity_of,
    signs,
)
from hearth.trauma.texts import LANGUAGES, choice_text, lines_for, methods, readiness_lines

TODAY = date(2026, 11, 24)
DENVER = ZoneInfo("America/Denver")
OPEN = Standing(
    is_individual=True,
    is_here=True,
    choice=Choice.WORK,
    begins=True,
    reviewed_on=TODAY,
    has_signal=True,
    trained=frozenset({"emdr"}),
)
NUMBERS = st.integers(0, 10)


def test_with_everything_in_place_the_form_is_open():
    assert closed(OPEN, today=TODAY) == ()
    assert closed(OPEN, today=TODAY + REVIEW_KEEPS) == ()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"is_individual": False}, Closed.NOT_INDIVIDUAL),
        ({"is_here": False}, Closed.NOT_HERE),
        ({"choice": ""}, Closed.NOT_CHOSEN),
        ({"choice": Choice.STEADY}, Closed.NOT_CHOSEN),
        ({"choice": Choice.NOT_NOW}, Closed.NOT_CHOSEN),
        ({"begins": None, "reviewed_on": None}, Closed.NOT_REVIEWED),
        ({"begins": False}, Closed.STEADY_FIRST),
        ({"reviewed_on": TODAY - REVIEW_KEEPS - timedelta(days=1)}, Closed.REVIEW_OLD),
        ({"has_signal": False}, Closed.NO_SIGNAL),
        ({"trained": frozenset()}, Closed.NOT_TRAINED),
        ({"is_locked": True}, Closed.NOTE_SIGNED),
    ],
)
def test_each_thing_that_is_missing_is_named_alone(changed, why):
    assert closed(replace(OPEN, **changed), today=TODAY) == (why,)


@given(
    st.builds(
        Standing,
        is_individual=st.booleans(),
        is_here=st.booleans(),
        choice=st.sampled_from(["", *Choice]),
        begins=st.none() | st.booleans(),
        reviewed_on=st.none() | st.dates(date(2026, 1, 1), TODAY),
        has_signal=st.booleans(),
        trained=st.frozensets(st.sampled_from(["emdr", "narrative-exposure"])),
    )
)
def test_nothing_opens_the_form_against_the_choice_of_the_student(standing):
    if standing.choice != Choice.WORK:
        assert Closed.NOT_CHOSEN in closed(standing, today=TODAY)


def test_every_line_of_the_checklist_has_what_the_house_knows_beside_it():
    assert set(signs(Known())) == {line.id for line in readiness_lines()}
    assert {line.id for line in lines_for(is_minor=True)} - {line.id for line in lines_for(is_minor=False)} == {
        "who_agrees"
    }


@pytest.mark.parametrize(
    ("known", "line", "sign"),
    [
        (Known(choice="work"), "wants", Sign.FOR),
        (Known(choice="steady"), "wants", Sign.AGAINST),
        (Known(), "wants", Sign.NOTHING),
        (Known(plan_made_on=TODAY), "safety_plan", Sign.FOR),
        (Known(plan_made_on=TODAY, plan_waits=True), "safety_plan", Sign.AGAINST),
        (Known(concerns_open=1), "no_danger", Sign.AGAINST),
        (Known(concern_on=TODAY), "no_danger", Sign.NOTHING),
        (Known(practised=3), "grounding", Sign.FOR),
        (Known(practised=2), "grounding", Sign.NOTHING),
        (Known(withdrawal_on=TODAY), "steady", Sign.AGAINST),
        (Known(next_on=TODAY), "between", Sign.FOR),
        (Known(own_consent_on=TODAY), "who_agrees", Sign.NOTHING),
    ],
)
def test_what_is_known_speaks_for_a_line_or_against_it_and_where_it_cannot_know_says_nothing(known, line, sign):
    assert signs(known)[line] is sign


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (5, 3, ()),
        (None, None, ()),
        (3, 5, (Linger.HIGHER,)),
        (9, 7, (Linger.STILL_HIGH,)),
        (6, 8, (Linger.HIGHER, Linger.STILL_HIGH)),
    ],
)
def test_who_is_worse_or_still_high_is_asked_to_stay_a_while(before, after, found):
    assert linger(before, after) == found


@given(NUMBERS, st.sampled_from(["yes", "unsure", "no"]), st.booleans())
def test_whoever_is_not_safe_or_wants_a_call_gets_a_person(distress, safe, wants_call):
    found = severity_of(Answers(distress, safe, wants_call))
    assert found is None or found in ANSWER_WITHIN
    assert (found == "emergency") == (safe == "no")
    assert (found is None) == (safe == "yes" and not wants_call and distress < 8)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_the_day_after_is_the_next_day_on_the_clock_of_the_house(session_at):
    window = day_after(session_at, zone=DENVER)
    assert window.day == session_at.astimezone(DENVER).date() + timedelta(days=1)
    assert session_at < window.opens_at < window.answer_by
    assert (window.opens_at.astimezone(DENVER).time(), window.answer_by.astimezone(DENVER).time()) == (OPENS, ANSWER_BY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_of_the_choice_is_whole_and_reads_at_twelve(language):
    text = choice_text(language)
    assert [option.id for option in text.options] == list(Choice)
    assert reading_age(text.plain, language) <= 12
    assert all(name[language] for name in methods().values())
    assert all(line.words[language] and line.source for line in readiness_lines())


def test_each_language_has_its_own_digest():
    assert choice_text("en").digest != choice_text("es-MX").digest
    assert choice_text("fr") == choice_text("en")
