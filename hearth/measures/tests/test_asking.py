from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures import asking
from hearth.program.pack import DueRule

DAY = date(2026, 3, 2)


FORTNIGHTLY = DueRule("phq-9", True, 14, True, (30, 90))


@pytest.mark.parametrize(
    ("last", "today", "completed", "due"),
    [
        (None, 0, None, (0, "admission")),
        (None, 40, None, (0, "admission")),
        (None, -1, None, None),
        (0, 13, None, None),
        (0, 14, None, (14, "repeat")),
        (0, 60, None, (14, "repeat")),
        (20, 33, None, None),
        (20, 34, None, (34, "repeat")),
        (70, 84, 84, (84, "completion")),
        (84, 100, 84, None),
        (84, 114, 84, (114, "after")),
        (84, 300, 84, (174, "after")),
        (174, 300, 84, None),
    ],
)
def test_a_measure_is_due_by_its_rule_and_asked_once(last, today, completed, due):
    def on(number):
        return None if number is None else DAY + timedelta(days=number)

    verdict = asking.due(FORTNIGHTLY, started_on=DAY, last_on=on(last), today=on(today), completed_on=on(completed))
    assert (verdict and (verdict.on, verdict.why)) == (due and (on(due[0]), due[1]))


@given(st.integers(0, 200), st.integers(0, 200))
def test_nothing_is_due_on_the_day_it_was_answered(answered_on, completed_on):
    day = DAY + timedelta(days=answered_on)
    completed = DAY + timedelta(days=completed_on)
    assert asking.due(FORTNIGHTLY, started_on=DAY, last_on=day, today=day) is None
    assert asking.due(FORTNIGHTLY, started_on=DAY, last_on=day, today=day, completed_on=completed) is None


@pytest.mark.parametrize(
    ("last", "today", "asked"),
    [
        (None, 7, False),
        (None, 8, True),  # two days before
        (None, 10, True),
        (None, 11, False),  # the talk is over
        (7, 9, True),
        (8, 9, False),
    ],
)
def test_questions_before_a_talk_alone_are_asked_in_the_two_days_before_it(last, today, asked):
    verdict = asking.due(
        DueRule("who-5", before_individual=True),
        started_on=DAY,
        last_on=None if last is None else DAY + timedelta(days=last),
        today=DAY + timedelta(days=today),
        individual_on=DAY + timedelta(days=10),
    )
    assert (verdict is not None and verdict.why == "individual") is asked


def test_no_talk_alone_is_waited_for_after_completion():
    rule = DueRule("who-5", before_individual=True)
    talk = DAY + timedelta(days=1)
    assert asking.due(rule, started_on=DAY, last_on=None, today=DAY, completed_on=DAY, individual_on=talk) is None


@dataclass(frozen=True)
class Question:
    on: date
    minutes: int


def test_what_waits_longest_is_asked_first_and_what_does_not_fit_waits():
    old, long, short = Question(DAY, 6), Question(DAY + timedelta(days=1), 6), Question(DAY + timedelta(days=2), 3)
    today = DAY + timedelta(days=3)
    assert asking.within([short, long, old], minutes_a_week=10, answered=[], today=today) == [old, short]
    answered = [(today, 6), (today, 3)]
    assert asking.within([long], minutes_a_week=10, answered=answered, today=today) == []
    later = today + timedelta(days=7)
    assert asking.within([long], minutes_a_week=10, answered=answered, today=later) == [long]


questions = st.lists(st.builds(Question, st.dates(DAY, DAY + timedelta(days=60)), st.integers(1, 10)), max_size=12)


@given(questions, st.integers(10, 30))
def test_whoever_answers_all_that_is_asked_is_never_asked_for_more_minutes_in_seven_days(waiting, most):
    answered: list[tuple[date, int]] = []
    left = list(waiting)
    for n in range(200):
        today = DAY + timedelta(days=n)
        for one in asking.within(
            [each for each in left if each.on <= today], minutes_a_week=most, answered=answered, today=today
        ):
            left.remove(one)
            answered.append((today, one.minutes))
        assert sum(minutes for day, minutes in answered if today - day < timedelta(days=7)) <= most
    assert left == []  # and in the end everything was asked
