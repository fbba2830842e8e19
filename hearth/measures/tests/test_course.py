from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures import course, instrument

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
