from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures import instrument, rules, wording

PHQ = instrument.get("phq-9")
GAD = instrument.get("gad-7")
DAY = date(2026, 3, 2)


def answers_adding_up_to(total, items):
    """Item points of 0 to 3 with this sum, filled from the front."""
    return [min(3, max(0, total - 3 * index)) for index in range(items)]


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately-severe"),
        (19, "moderately-severe"),
        (20, "severe"),
        (27, "severe"),
    ],
)
def test_phq_9_bands_begin_and_end_where_the_paper_says(total, band):
    verdict = rules.score(PHQ, answers_adding_up_to(total, 9))
    assert (verdict.total, verdict.band) == (total, band)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "severe"),
        (21, "severe"),
    ],
)
def test_gad_7_bands_begin_and_end_where_the_paper_says(total, band):
    verdict = rules.score(GAD, answers_adding_up_to(total, 7))
    assert (verdict.total, verdict.band) == (total, band)


@pytest.mark.parametrize(
    ("instrument_id", "total", "band"),
    [
        ("who-5", 28, "low"),
        ("who-5", 32, "reduced"),
        ("who-5", 48, "reduced"),
        ("who-5", 52, "good"),
        ("audit", 7, "low-risk"),
        ("audit", 8, "hazardous"),
        ("audit", 15, "hazardous"),
        ("audit", 16, "harmful"),
        ("audit", 19, "harmful"),
        ("audit", 20, "possible-dependence"),
        ("dast-10", 0, "none"),
        ("dast-10", 1, "low"),
        ("dast-10", 3, "moderate"),
        ("dast-10", 6, "substantial"),
        ("dast-10", 9, "severe"),
        ("core-10", 10, "low"),
        ("core-10", 11, "mild"),
        ("core-10", 15, "moderate"),
        ("core-10", 20, "moderately-severe"),
        ("core-10", 25, "severe"),
    ],
)
def test_the_other_bands_begin_where_their_papers_say(instrument_id, total, band):
    assert rules.band_of(instrument.get(instrument_id), total).name == band


@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_answer_above_zero_on_item_9_is_looked_at_the_same_day(value):
    verdict = rules.score(PHQ, [0] * 8 + [value])
    assert [(alert.item, alert.severity) for alert in verdict.alerts] == [("9", "urgent")]


def test_no_thoughts_of_death_raise_no_alert_however_high_the_total():
    assert rules.score(PHQ, [3] * 8 + [0]).alerts == ()


def test_item_9_left_out_is_named_so_that_someone_asks():
    verdict = rules.score(PHQ, [1] * 8 + [None])
    assert not verdict.complete
    assert "Item 9 was not answered: ask about it." in verdict.reasons


def test_difficulty_is_kept_but_adds_nothing():
    assert rules.score(PHQ, [1] * 9 + [3]).total == rules.score(PHQ, [1] * 9).total == 9


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ([2, 2, 2, 2, 2, 2, 2, 2, None], 18),
        ([1, 1, 1, 1, 1, 1, 1, None, None], 9),
        ([1, 0, 0, 0, 0, 0, 0, 0, None], 1),  # 9/8 = 1.125
        ([1, 1, 1, 1, 0, 0, 0, 0, None], 5),  # 4.5 is rounded up
        ([1, 1, 1, 1, 1, 1, None, None, None], None),
        ([None] * 9, None),
    ],
)
def test_up_to_two_missing_answers_count_as_the_mean_of_the_others(answers, total):
    verdict = rules.score(PHQ, answers)
    assert verdict.total == total
    assert not verdict.complete
    assert verdict.reasons


def test_answers_may_come_by_link_id():
    assert rules.score(GAD, {str(item): 1 for item in range(1, 8)}).total == 7
    assert rules.score(GAD, {"1": 3}).total is None


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([1, 2], "GAD-7 takes 7 answers, not 2."),
        ([4, 0, 0, 0, 0, 0, 0], "Item 1 takes one of 0, 1, 2, 3, not 4."),
        ([True, 0, 0, 0, 0, 0, 0], "Item 1 takes one of 0, 1, 2, 3, not True."),
        (["1", 0, 0, 0, 0, 0, 0], "Item 1 takes one of 0, 1, 2, 3, not '1'."),
        ({"sleep": 1}, "GAD-7 has no item “sleep”."),
    ],
)
def test_answers_that_do_not_fit_are_refused_in_a_sentence(answers, sentence):
    with pytest.raises(rules.UnusableAnswers) as refusal:
        rules.score(GAD, answers)
    assert sentence in refusal.value.problems


@pytest.mark.parametrize(
    ("answers", "positive", "band", "severities"),
    [
        ([0, 0, 0, 0], False, "negative", []),
        ([0, 0, 0, 1, 0], True, "non-acute-positive", ["urgent"]),
        ([1, 0, 0, 0, 1], True, "acute-positive", ["urgent", "emergency"]),
        ([1, 0, 0, 0, None], True, "positive", ["urgent"]),
        ([None, 0, 0, 0], True, "positive", ["urgent"]),
        ([1, None, 0, 0, 1], True, "acute-positive", ["urgent", "emergency", "urgent"]),
        ([0, 0, 0, 0, 1], False, "negative", ["emergency"]),
    ],
)
def test_the_asq_is_positive_at_any_yes_and_at_any_silence(answers, positive, band, severities):
    verdict = rules.score(instrument.get("asq"), answers)
    assert (verdict.total, verdict.positive, verdict.band) == (None, positive, band)
    assert [alert.severity for alert in verdict.alerts] == severities


@pytest.mark.parametrize(
    ("sex", "total", "band"),
    [("male", 3, "negative"), ("male", 4, "positive"), ("female", 2, "negative"), ("female", 3, "positive")],
)
def test_the_audit_c_cut_off_goes_by_sex(sex, total, band):
    answers = [min(4, total), max(0, total - 4), 0]
    assert rules.score(instrument.get("audit-c"), answers, person=rules.Person(sex=sex)).band == band


def test_the_audit_c_without_a_sex_has_no_band_and_says_why():
    verdict = rules.score(instrument.get("audit-c"), [4, 4, 4])
    assert (verdict.total, verdict.band, verdict.positive) == (12, None, None)
    assert verdict.reasons == ("The cut-off differs by sex, which was not told.",)


def test_reverse_items_count_the_other_way_round():
    assert rules.score(instrument.get("dast-10"), [0] * 10).total == 1
    assert rules.score(instrument.get("dast-10"), [0, 0, 1] + [0] * 7).total == 0
    assert rules.score(instrument.get("core-10"), [0] * 10).total == 8
    assert rules.score(instrument.get("core-10"), [0, 4, 4] + [0] * 7).total == 0


def test_audit_items_9_and_10_take_0_2_or_4():
    assert rules.score(instrument.get("audit"), [4] * 10).total == 40
    with pytest.raises(rules.UnusableAnswers):
        rules.score(instrument.get("audit"), [0] * 8 + [1, 0])


def test_a_follow_up_asking_for_a_call_or_telling_of_hard_days_is_noticed():
    def noticed(answers):
        return [alert.item for alert in rules.score(instrument.get("follow-up"), answers).alerts]

    assert noticed([7, 2, 1, 0]) == []
    assert noticed([2, 8, 0, 1]) == ["1", "2", "4"]


SUMMED = [one for one in instrument.all_instruments() if one.total == "sum"]


@st.composite
def answered(draw):
    """A summed instrument and a full set of answers that fit it."""
    one = draw(st.sampled_from(SUMMED))
    return one, {item.link_id: draw(st.sampled_from(item.values)) for item in one.items}


@given(answered())
def test_a_total_stays_in_its_range_and_has_a_band_if_there_are_any(case):
    one, answers = case
    verdict = rules.score(one, answers)
    assert verdict.total is not None
    assert one.lowest <= verdict.total <= one.highest
    assert verdict.complete
    assert not one.bands or verdict.band in {band.name for band in one.bands}


@given(answered(), st.data())
def test_a_worse_answer_never_lowers_the_total(case, data):
    one, answers = case
    item = data.draw(st.sampled_from([item for item in one.items if item.scored and not item.reverse]))
    higher = data.draw(st.sampled_from([value for value in item.values if value >= answers[item.link_id]]))
    before, after = rules.score(one, answers), rules.score(one, answers | {item.link_id: higher})
    assert before.total is not None
    assert after.total is not None
    assert after.total >= before.total


@given(answered(), st.data())
def test_leaving_answers_out_never_leaves_the_range(case, data):
    one, answers = case
    left_out = data.draw(st.sets(st.sampled_from(sorted(answers))))
    verdict = rules.score(one, {key: None if key in left_out else value for key, value in answers.items()})
    assert verdict.total is None or one.lowest <= verdict.total <= one.highest


@given(answered())
def test_a_list_and_a_mapping_say_the_same(case):
    one, answers = case
    assert rules.score(one, answers) == rules.score(one, [answers[item.link_id] for item in one.items])


@pytest.mark.parametrize(
    ("before", "after", "direction", "met"),
    [
        (15, 10, "steady", ()),
        (15, 9, "better", ("reliable",)),
        (14, 7, "better", ("reliable", "response")),
        (14, 4, "better", ("reliable", "response", "remission")),
        (6, 3, "steady", ("response", "remission")),
        (10, 16, "worse", ()),
        (10, 15, "steady", ()),
        (10, 10, "steady", ()),
        (0, 0, "steady", ()),
    ],
)
def test_phq_9_change_counts_from_six_points(before, after, direction, met):
    verdict = rules.change(PHQ, before, after)
    assert verdict is not None
    assert (verdict.direction, verdict.points, verdict.met) == (direction, after - before, met)
    assert verdict.criteria


def test_on_the_who_5_higher_is_better():
    up, down = rules.change(instrument.get("who-5"), 40, 52), rules.change(instrument.get("who-5"), 52, 40)
    assert up is not None
    assert down is not None
    assert (up.direction, down.direction) == ("better", "worse")


def test_a_trajectory_goes_from_the_first_to_the_latest():
    course = [(DAY + timedelta(days=28), 6), (DAY, 18), (DAY + timedelta(days=14), 20)]
    way = rules.trajectory(PHQ, course)
    assert way is not None
    assert way.points == -12
    assert rules.trajectory(PHQ, course[:1]) is None
    assert rules.trajectory(instrument.get("asq"), course) is None


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (0, "The same as before."),
        (-1, "1 point lower: less than the 6 that count."),
        (5, "5 points higher: less than the 6 that count."),
        (-6, "6 points lower: at least the 6 that count as real change."),
    ],
)
def test_how_far_a_total_moved_is_said_in_words(points, words):
    assert wording.moved(points, least=6) == words
