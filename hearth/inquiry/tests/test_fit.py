from itertools import combinations, product

import pytest

from hearth.inquiry import fit, fit_words
from hearth.inquiry.fit import Answers, Suggestion, answers_from, as_values, judge

FINE = Answers(who="me", age="adult", danger="no", daily="holds", home="safe", support="some", state="CO")
SERVED = frozenset({"CO"})


def given(**changes):
    values = {name: getattr(FINE, name) for name in FINE.__slots__} | changes
    return judge(Answers(**values), served=SERVED)


@pytest.mark.parametrize(
    ("answers", "suggestion", "reason"),
    [
        ({}, Suggestion.WEEKLY, "life_holds"),
        ({"daily": "slipping"}, Suggestion.WEEKLY, "life_holds"),
        ({"daily": "hard"}, Suggestion.IOP, "daily_hard"),
        ({"before": "hospital"}, Suggestion.IOP, "stepping_down"),
        ({"before": "released"}, Suggestion.IOP, "coming_home"),
        ({"before": "weekly"}, Suggestion.WEEKLY, "life_holds"),
        ({"before": "weekly", "daily": "slipping"}, Suggestion.IOP, "weekly_not_enough"),
        ({"what": frozenset({"substances"}), "daily": "slipping"}, Suggestion.IOP, "substances_slipping"),
        ({"home": "shaky", "daily": "slipping"}, Suggestion.IOP, "thin_support"),
        ({"danger": "thoughts"}, Suggestion.IOP, "thoughts"),
        ({"body": frozenset({"opioids"})}, Suggestion.IOP, "opioids"),
        ({"daily": "stopped"}, Suggestion.HIGHER, "daily_stopped"),
        ({"home": "unsafe"}, Suggestion.HIGHER, "home_unsafe"),
        ({"body": frozenset({"alcohol"})}, Suggestion.HIGHER, "alcohol"),
        ({"body": frozenset({"pregnant"})}, Suggestion.HIGHER, "pregnant"),
        ({"body": frozenset({"medical"})}, Suggestion.HIGHER, "medical"),
        ({"body": frozenset({"senses"})}, Suggestion.HIGHER, "senses"),
        ({"danger": "now", "body": frozenset({"alcohol"})}, Suggestion.EMERGENCY, "danger_now"),
    ],
)
def test_answers_lead_to_a_suggestion_with_its_reason(answers, suggestion, reason):
    result = given(**answers)
    assert result.suggestion == suggestion
    assert reason in result.reasons


def test_danger_withdrawal_and_an_unsafe_home_are_urgent():
    assert given(danger="now").urgent
    assert given(danger="thoughts").urgent
    assert given(body=frozenset({"alcohol"})).urgent
    assert given(home="unsafe").urgent
    assert not given(daily="stopped").urgent
    assert not given(daily="hard").urgent


def test_thoughts_of_dying_name_the_lifeline_whatever_else_is_so():
    assert "call_988" in given(danger="thoughts").next_steps
    assert given(danger="thoughts", home="unsafe").next_steps[0] == "call_988"


def test_living_elsewhere_is_said_and_nobody_is_sent_away():
    result = given(daily="hard", state="TX")
    assert "other_state" in result.next_steps
    assert "talk_iop" in result.next_steps


def every_answer():
    whole = {question.id: question for question in fit.QUESTIONS}
    body = [frozenset(some) for size in range(6) for some in combinations(whole["body"].choices, size)]
    what = [frozenset(), frozenset({"substances"}), frozenset({"grief", "stress", "anxiety"})]
    single = [("", *whole[name].choices) for name in ("who", "age", "danger", "daily", "home", "support", "before")]
    for who, age, danger, daily, home, support, before in product(*single):
        for ill in body if (who, age, support) == ("me", "adult", "some") else body[:2]:
            for matter in what:
                yield Answers(
                    who=who, age=age, danger=danger, body=ill, what=matter, daily=daily, home=home, support=support,
                    before=before, state="TX",
                )  # fmt: skip


def test_no_answer_ends_without_a_reason_a_next_step_and_a_person_or_a_lifeline():
    reached = set()
    for answers in every_answer():
        result = judge(answers, served=SERVED)
        assert result.reasons
        assert {"talk_iop", "talk_anyway", "talk_bridge", "call_988"} & set(result.next_steps)
        assert not (answers.danger == "now" and result.suggestion != Suggestion.EMERGENCY)
        reached |= {*result.reasons, *result.next_steps}
    assert reached == {*fit_words.REASONS, *fit_words.NEXT_STEPS}


def test_every_question_and_choice_has_words():
    for question in fit.QUESTIONS:
        assert question.id in fit_words.QUESTIONS
        assert set(fit_words.CHOICES[question.id]) == set(question.choices)
    assert set(fit_words.TITLES) == set(fit_words.LEADS) == set(Suggestion)


def test_no_sentence_promises_admission():
    said = " ".join(str(one) for words in (fit_words.LEADS, fit_words.NEXT_STEPS) for one in words.values())
    assert "admit" not in said
    assert "we will take you" not in said


def test_answers_survive_being_sent_along_and_nonsense_is_dropped():
    answers = answers_from(
        {"who": "me", "body": ["alcohol", "nonsense"], "danger": "nonsense", "state": "CO", "x": "y"}
    )
    assert answers == Answers(who="me", body=frozenset({"alcohol"}), state="CO")
    assert answers_from(as_values(answers)) == answers
