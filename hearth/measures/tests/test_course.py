from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures import course, instrument, outcomes

PHQ, WHO = instrument.get("phq-9"), instrument.get("who-5")
DAY = date(2026, 3, 2)
WEEK = timedelta(days=7)


def weekly(*totals):
    return [(DAY + n * WEEK, total) for n, total in enumerate(totals)]


def test_half_of_the_way_is_expected_by_the_twelfth_week_and_more_of_it_early():
    gains = [course.PUBLISHED.gained(7 * week) for week in range(13)]
    assert gains[0] == 0
    assert gains[12] == pytest.approx(0.5)
    steps = [after - before for before, after in pairwise(gains)]
    assert steps == sorted(steps, reverse=True)


@pytest.mark.parametrize(("one", "first", "total"), [(PHQ, 18, 9), (WHO, 20, 60), (PHQ, 0, 0)])
def test_the_expected_total_moves_toward_the_good_end(one, first, total):
    assert course.expected(one, first=first, days=84, course=course.PUBLISHED) == pytest.approx(total)


def test_few_people_of_our_own_move_the_course_little_and_many_move_it_far():
    nobody_gains = weekly(20, 20, 20)
    few, many = course.fit(PHQ, [nobody_gains] * 3), course.fit(PHQ, [nobody_gains] * 300)
    assert (few.people, many.people) == (3, 300)
    assert 0.4 < few.share < 0.5
    assert many.share < 0.05
    assert course.fit(PHQ, []) == course.PUBLISHED
    assert course.fit(PHQ, [weekly(0, 0), weekly(9)]) == course.PUBLISHED  # nothing to gain, nothing to compare


def test_the_course_of_our_own_people_is_found_again():
    true = course.Course(0.7, 0)

    def stay(first):
        days = (0, 14, 28, 56, 84)
        return [
            (DAY + timedelta(days=day), round(course.expected(PHQ, first=first, days=day, course=true))) for day in days
        ]

    found = course.fit(PHQ, [stay(20 + n % 8) for n in range(3000)])
    assert found.share == pytest.approx(0.7, abs=0.02)


def test_somebody_is_off_track_when_worse_than_expected_by_real_change():
    # From 18: after four weeks 12.4 are expected, so 18.4 or more is off by six points.
    assert course.standing(PHQ, weekly(18, 18, 18, 18, 18), course.PUBLISHED) == "on"
    assert course.standing(PHQ, weekly(18, 18, 18, 18, 19), course.PUBLISHED) == "off"
    assert course.standing(PHQ, weekly(18, 27), course.PUBLISHED) == "early"
    assert course.standing(PHQ, weekly(18), course.PUBLISHED) == "unknown"
    assert course.standing(WHO, weekly(40, 40, 40, 40, 30), course.PUBLISHED) == "off"
    assert course.standing(instrument.get("asq"), weekly(1, 2, 3), course.PUBLISHED) == "unknown"


stays = st.lists(st.lists(st.integers(0, 27), min_size=1, max_size=8).map(lambda totals: weekly(*totals)), max_size=12)


@given(stays, st.integers(0, 27), st.integers(0, 400))
def test_an_expected_total_never_leaves_the_way_to_the_best(people, first, days):
    known = course.fit(PHQ, people)
    assert 0 <= known.share <= 1
    assert course.expected(PHQ, first=first, days=min(days, 84), course=known) <= first
    assert course.expected(PHQ, first=first, days=min(days, 84), course=known) >= 0


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_in_its_interval_and_the_interval_between_none_and_all(case):
    count, of = case
    found = outcomes.share(count, of)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


def test_a_share_has_wilsons_interval():
    found = outcomes.share(8, 10)
    assert found.low == pytest.approx(0.4902, abs=1e-4)
    assert found.high == pytest.approx(0.9433, abs=1e-4)


def test_a_mean_has_its_interval():
    found = outcomes.mean([-4] * 8 + [-8] * 8)
    assert found.value == -6
    assert found.high - found.value == pytest.approx(1.96 * 2.0656 / 4, abs=1e-3)


def test_nothing_is_told_of_ten_people_and_all_of_eleven():
    pairs = [(18, 6)] * 10
    assert outcomes.outcome(PHQ, pairs, asked=40) is None
    found = outcomes.outcome(PHQ, [*pairs, (10, 18)], asked=40)
    assert found is not None
    assert (found.measured, found.completeness) == (11, 11 / 40)
    assert found.change.low < found.change.value < found.change.high
    assert (found.better, found.worse) == (None, None)  # one of eleven is one person
    plenty = outcomes.outcome(PHQ, [(18, 6)] * 30 + [(10, 18)] * 20, asked=60)
    assert plenty is not None
    assert plenty.better is not None
    assert plenty.worse is not None
    assert (plenty.better.value, plenty.worse.value) == (30 / 50, 20 / 50)
    assert plenty.completeness is None  # ten were not measured


def test_a_distribution_counts_every_band():
    assert outcomes.distribution(PHQ, [0] * 12 + [5] * 11) == {
        "minimal": 12,
        "mild": 11,
        "moderate": 0,
        "moderately-severe": 0,
        "severe": 0,
    }


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((20, 3), (None, None)),  # 3 would follow from the sum
        ((40, 20, 3), (40, None, None)),
        ((40, 6, 5), (40, None, None)),  # together eleven
        ((40, 0, 3), (None, None, None)),
        ((40, 0, 0), (40, 0, 0)),
        ((11, 12, 13), (11, 12, 13)),
    ],
)
def test_fewer_than_eleven_are_neither_told_nor_found_out(counts, told):
    assert tuple(outcomes.tellable({str(at): count for at, count in enumerate(counts)}).values()) == told


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_what_is_left_out_is_nobody_or_eleven_together(counts):
    told = outcomes.tellable({str(at): count for at, count in enumerate(counts)})
    left_out = sum(counts[int(at)] for at, count in told.items() if count is None)
    assert not any(0 < count < outcomes.FEWEST for count in told.values() if count is not None)
    assert left_out == 0 or left_out >= min(outcomes.FEWEST, sum(counts))
