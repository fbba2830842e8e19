"""The steps of a drug test, what is expected and due, and what signs of withdrawal ask for."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.medical import rules, wording
from hearth.medical.rules import Happened, Result, Signs, Stage, Step, Why

NOW = datetime(2026, 11, 24, 23, 48, tzinfo=UTC)
ODD, FINE = {"cocaine": "positive"}, {"cocaine": "negative"}


def stage(*steps, expected=()):
    happened = [one if isinstance(one, Happened) else Happened(one, {}) for one in steps]
    return rules.stage(happened, expected)


@pytest.mark.parametrize(
    ("steps", "waits_for"),
    [
        ([Step.ORDERED], Stage.COLLECTION),
        ([Step.ORDERED, Step.COLLECTED], Stage.RESULT),
        ([Step.ORDERED, Step.COLLECTED, Happened(Step.RESULTED, FINE)], Stage.DONE),
        ([Step.ORDERED, Step.COLLECTED, Happened(Step.RESULTED, ODD)], Stage.CONFIRMATION),
        ([Step.COLLECTED, Happened(Step.RESULTED, ODD), Happened(Step.CONFIRMED, FINE)], Stage.DONE),
        ([Step.COLLECTED, Happened(Step.RESULTED, ODD), Happened(Step.CONFIRMED, ODD)], Stage.TALK),
        ([Happened(Step.RESULTED, ODD), Happened(Step.CONFIRMED, ODD), Step.TALKED], Stage.DONE),
        ([Step.ORDERED, Step.DECLINED], Stage.TALK),
        ([Step.ORDERED, Step.DECLINED, Step.TALKED], Stage.DONE),
        ([Step.ORDERED, Step.CANCELLED], Stage.DONE),
    ],
)
def test_a_test_waits_for_what_comes_next(steps, waits_for):
    assert stage(*steps) == waits_for


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([ODD, FINE])), max_size=8))
def test_nothing_rests_on_what_no_laboratory_confirmed_and_every_way_ends_in_a_talk_or_as_expected(choices):
    happened = [Happened(Step.ORDERED, {})]
    stages = [rules.stage(happened, ())]
    for which, results in choices:
        may = sorted(rules.NEXT[stages[-1]])
        if not may:
            break
        happened.append(Happened(may[which % len(may)], results))
        stages.append(rules.stage(happened, ()))
    for before, after in pairwise(stages):
        if after == Stage.TALK:
            assert before in (Stage.CONFIRMATION, Stage.COLLECTION)
        if before == Stage.CONFIRMATION:
            assert after in (Stage.TALK, Stage.DONE)
    steps = [one.step for one in happened]
    if Step.TALKED in steps:
        assert Step.CONFIRMED in steps or Step.DECLINED in steps


def test_what_is_taken_as_prescribed_is_expected_and_its_absence_is_not():
    panel = ("buprenorphine", "cocaine", "opiates")
    expected = rules.expected_from(["Suboxone", "Buprenorphine 8 mg / naloxone 2 mg film"], panel)
    assert expected == ["buprenorphine"]
    found = {"buprenorphine": "negative", "cocaine": "negative", "opiates": "unclear"}
    assert rules.unexpected(found, expected) == ["buprenorphine", "opiates"]
    assert rules.unexpected({"buprenorphine": "positive", "cocaine": "negative"}, expected) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Suboxone film 8/2", "buprenorphine"),
        ("METHADONE 60 mg", "methadone"),
        ("Metadona", "methadone"),
        ("Vivitrol 380 mg", "naltrexone"),
        ("Sertraline", ""),
    ],
)
def test_medications_for_opioid_use_are_known_by_their_names(name, kind):
    assert rules.moud(name) == kind


@pytest.mark.parametrize(
    ("last", "changed", "why"),
    [
        (None, None, Why.START),
        (None, -1, Why.START),
        (-10, -20, None),
        (-10, None, None),
        (-10, -5, Why.CHANGED),
        (-89, -95, None),
        (-90, -95, Why.LONG_AGO),
    ],
)
def test_the_list_is_compared_at_the_start_after_a_change_and_every_ninety_days(last, changed, why):
    def moment(days):
        return None if days is None else NOW + timedelta(days=days)

    assert rules.reconciliation_due(last_at=moment(last), changed_at=moment(changed), at=NOW) == why


@pytest.mark.parametrize(
    ("at_risk", "expires_on", "is_due"),
    [
        (True, None, True),
        (True, date(2026, 11, 24), True),
        (True, date(2026, 11, 25), False),
        (False, None, False),
    ],
)
def test_naloxone_is_due_where_opioids_may_come_into_play_and_none_keeps(at_risk, expires_on, is_due):
    assert rules.naloxone_due(at_risk=at_risk, expires_on=expires_on, today=date(2026, 11, 24)) == is_due


@pytest.mark.parametrize(
    ("stopped", "signs", "severity"),
    [
        ((), (), ""),
        (("other",), (), "watch"),
        (("opioids",), ("restless",), "watch"),
        (("alcohol",), ("restless",), "urgent"),
        (("benzodiazepines",), ("restless",), "urgent"),
        (("opioids",), ("vomiting",), "urgent"),
        ((), ("pregnant",), "urgent"),
        (("alcohol",), ("seizure",), "emergency"),
        ((), ("seeing",), "emergency"),
    ],
)
def test_signs_after_stopping_ask_for_help_in_time(stopped, signs, severity):
    assert rules.withdrawal(Signs(frozenset(stopped), frozenset(signs))) == severity


@given(
    st.frozensets(st.sampled_from(sorted(wording.STOPPED))),
    st.frozensets(st.sampled_from(sorted(wording.SIGNS))),
    st.sampled_from(sorted(wording.SIGNS)),
)
def test_one_more_sign_never_makes_it_less_pressing(stopped, signs, more):
    rank = ["", "watch", "urgent", "emergency"]
    before, after = rules.withdrawal(Signs(stopped, signs)), rules.withdrawal(Signs(stopped, signs | {more}))
    assert rank.index(before) <= rank.index(after)
    assert after


def test_everything_that_can_be_said_has_words():
    assert set(wording.SUBSTANCES) == set(rules.SUBSTANCES)
    assert set(wording.STEPS) == set(Step)
    assert set(wording.STAGES) == set(Stage)
    assert set(wording.RESULTS) == set(Result)
    assert set(rules.SHOWN_BY) <= set(rules.SUBSTANCES)
    assert set(wording.SIGNS) > rules.DANGEROUS | rules.STRONG
    assert set(wording.STOPPED) >= rules.RISKY_TO_STOP
