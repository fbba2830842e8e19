"""Which answers ask for a person's attention: figures taken from the papers, and what a question left out may hide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures import instrument, rules
from hearth.measures.testing import all_at, answered

ALERTS = [
    ("phq-9", "9", 1, "urgent"),
    ("phq-a", "9", 1, "urgent"),
    ("phq-a", "12", 1, "urgent"),
    ("phq-a", "13", 1, "urgent"),
    ("pcl-5", "16", 3, "watch"),
    ("core-10", "6", 1, "urgent"),
    ("bam", "8", 3, "watch"),
    ("crafft", "B1", 1, "watch"),
    ("asq", "1", 1, "urgent"),
    ("asq", "5", 1, "emergency"),
    ("c-ssrs", "1", 1, "urgent"),
    ("c-ssrs", "5", 1, "emergency"),
]


@pytest.mark.parametrize(("name", "item", "least", "severity"), ALERTS)
def test_an_alert_rings_from_its_answer_on(name, item, least, severity):
    one = instrument.get(name)
    quiet, loud = all_at(name) | {item: least - 1}, all_at(name) | {item: least}
    assert [alert for alert in rules.score(one, quiet).alerts if alert.item == item] == []
    assert [alert.severity for alert in rules.score(one, loud).alerts if alert.item == item] == [severity]


@pytest.mark.parametrize(("name", "limit"), [("audit", 20), ("dast-10", 6)])
def test_a_high_total_is_noticed(name, limit):
    one = instrument.get(name)
    assert rules.score(one, answered(name, limit - 1)).alerts == ()
    assert [alert.item for alert in rules.score(one, answered(name, limit)).alerts] == ["total"]


@pytest.mark.parametrize("item", ["4", "6"])
def test_any_use_is_noticed_once_on_the_bam(item):
    one = instrument.get("bam")
    assert rules.score(one, all_at("bam")).alerts == ()
    assert [alert.item for alert in rules.score(one, all_at("bam") | {item: 1}).alerts] == ["use"]


def alerts(name, answers):
    return [(alert.item, alert.severity) for alert in rules.score(instrument.get(name), answers).alerts]


@pytest.mark.parametrize("left_out", ["4", "5", "6"])
def test_a_question_left_out_silences_no_subscale_that_rings_without_it(left_out):
    assert alerts("bam", all_at("bam", i4=2, i5=1, i6=2) | {left_out: None}) == [("use", "watch")]
    assert alerts("bam", all_at("bam") | {left_out: None}) == []


def test_questions_left_out_silence_no_total_that_rings_without_them():
    dast = [1, 1, 0, 1, 1, 1, 1, None, None, None]
    assert rules.score(instrument.get("dast-10"), dast).total is None
    assert alerts("dast-10", dast) == [("total", "watch")]
    assert alerts("dast-10", [1, 1, 0, 1, 1, *[None] * 5]) == []
    assert alerts("who-5", [0, 0, 1, 1, None]) == [("total", "watch")]  # 28 at most
    assert alerts("who-5", [0, 1, 1, 1, None]) == []


@pytest.mark.parametrize("item", ["1", "2", "3", "4"])
def test_silence_on_the_asq_is_told_like_a_yes(item):
    assert alerts("asq", all_at("asq") | {item: None}) == [(item, "urgent")]
    assert alerts("asq", {}) == [(one, "urgent") for one in "1234"]


RINGING = [
    one
    for one in instrument.all_instruments()
    if (one.alerts or one.subscale_alerts or one.total_alerts) and not (one.silence or one.missing_allowed)
]


@given(st.sampled_from(RINGING), st.data())
def test_what_rings_with_questions_left_out_rings_whatever_their_answers_are(one, data):
    full = {item.link_id: data.draw(st.sampled_from(item.values)) for item in one.items}
    left_out = data.draw(st.sets(st.sampled_from(sorted(full))))
    partly = {key: None if key in left_out else value for key, value in full.items()}
    assert set(alerts(one.id, partly)) <= set(alerts(one.id, full))
