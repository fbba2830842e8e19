import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.timetable.board import CLOSE, OPEN, SLOT, Dose, Part, Span
from hearth.timetable.hours import (
    BEST,
    SCHOOL,
    Change,
    Row,
    Trouble,
    as_json,
    begun,
    best_from_json,
    copied,
    from_json,
    joined,
    lack,
    minutes_in,
    read_rows,
    rows_of,
    without,
)
from hearth.timetable.week import moments

EVENING_DOSE = Dose(Part(3, 180), Part(1, 60), Part(0, 60), Part(0, 60), 1, 3)


@pytest.mark.parametrize(
    ("rows", "trouble"),
    [
        ([Row(0, "half past", "21:00")], Trouble.NOT_A_TIME),
        ([Row(0, "25:10", "26:00")], Trouble.NOT_A_TIME),
        ([Row(0, "17:30", "")], Trouble.ONE_MISSING),
        ([Row(0, "19:00", "17:00")], Trouble.ENDS_BEFORE),
        ([Row(0, "17:00", "17:00")], Trouble.ENDS_BEFORE),
        ([Row(0, "06:00", "07:30")], Trouble.OUTSIDE),
        ([Row(0, "17:05", "17:55")], Trouble.TOO_SHORT),
    ],
)
def test_hours_that_cannot_be_used_name_their_trouble(rows, trouble):
    assert read_rows(rows).troubles == {0: trouble}


def test_the_second_of_two_overlapping_rows_is_told_so():
    reading = read_rows([Row(2, "16:00", "19:00"), Row(3, "18:00", "20:00"), Row(2, "18:30", "20:00")])

    assert reading.troubles == {2: Trouble.OVERLAPS}


def test_empty_rows_say_nothing_and_touching_rows_are_one():
    reading = read_rows([Row(0), Row(0, "16:00", "18:00"), Row(0, " ", ""), Row(0, "18:00", "20:00")])

    assert reading.spans == (Span(0, 960, 1200),)
    assert not reading.troubles


def test_hours_off_the_grid_are_rounded_inward():
    reading = read_rows([Row(4, "17:10", "20:50")])

    assert reading.spans == (Span(4, 17 * 60 + 30, 20 * 60 + 30),)
    assert [one.change for one in reading.changed] == [Change.ROUNDED]


def test_hours_beyond_the_day_are_cut():
    reading = read_rows([Row(4, "06:00", "23:00")])

    assert reading.spans == (Span(4, OPEN, CLOSE),)
    assert [one.change for one in reading.changed] == [Change.CLIPPED]


times = st.integers(0, 24 * 60).map(lambda minutes: f"{minutes // 60:02d}:{minutes % 60:02d}")


@given(st.lists(st.builds(Row, st.integers(0, 6), times, times), max_size=12))
def test_whatever_is_typed_the_hours_lie_on_the_grid_apart_and_inside_what_was_said(rows):
    reading = read_rows(rows)

    assert from_json(as_json(reading.spans)) == reading.spans
    for span in reading.spans:
        assert OPEN <= span.start < span.end <= CLOSE
        assert span.start % SLOT == span.end % SLOT == 0
    assert joined(reading.spans) == reading.spans
    said = {(row.day, minute) for row in rows for minute in _minutes(row)}
    assert all((span.day, minute) in said for span in reading.spans for minute in range(span.start, span.end))


def _minutes(row):
    (a, b), (c, d) = row.start.split(":"), row.end.split(":")
    return range(int(a) * 60 + int(b), int(c) * 60 + int(d))


def test_hours_that_hold_the_dose_lack_nothing():
    spans = [Span(day, 17 * 60, 21 * 60) for day in (0, 1, 3)]

    assert lack(spans, EVENING_DOSE) is None


def test_too_few_hours_are_told_with_numbers():
    found = lack([Span(0, 17 * 60, 21 * 60), Span(1, 18 * 60, 21 * 60)], EVENING_DOSE)

    assert found
    assert (found.needed, found.held, found.days) == (600, 420, 3)
    assert (found.groups, found.groups_held) == (3, 2)


def test_hours_enough_but_in_crumbs_hold_no_groups():
    crumbs = [Span(day, start, start + 120) for day in range(5) for start in (600, 800, 1000)]

    found = lack(crumbs, EVENING_DOSE)

    assert minutes_in(crumbs) > EVENING_DOSE.minutes()
    assert found
    assert found.groups_held == 0


spans = st.builds(
    lambda day, start, length: Span(day, start, min(CLOSE, start + length)),
    st.integers(0, 6),
    st.integers(OPEN // SLOT, CLOSE // SLOT - 1).map(lambda slot: slot * SLOT),
    st.integers(1, 8).map(lambda slots: slots * SLOT),
)
busy_spans = st.builds(
    lambda day, start, length: Span(day, start, start + length),
    st.integers(0, 6), st.integers(0, 23 * 60), st.integers(1, 300),
)  # fmt: skip


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_the_best_hours_are_among_all_and_survive_being_stored_and_typed(could, best):
    stored = as_json([*could, *best], best)

    assert from_json(stored) == joined([*could, *best])
    assert best_from_json(stored) == joined(best)
    reading = read_rows(rows_of(joined([*could, *best]), best))
    assert (reading.spans, reading.best, reading.troubles) == (joined([*could, *best]), joined(best), {})


@given(st.lists(spans, max_size=8), st.lists(busy_spans, max_size=8))
def test_what_is_busy_is_gone_to_the_half_hour_and_nothing_else(free, busy):
    left = moments(tuple(without(tuple(free), busy)))

    for day, at in moments(tuple(free)):
        touched = any(one.day == day and one.start < at + SLOT and at < one.end for one in busy)
        assert ((day, at) in left) is not touched
    assert left <= moments(tuple(free))


def test_the_best_inside_the_other_hours_is_no_overlap():
    reading = read_rows([Row(0, "16:00", "21:00"), Row(0, "18:00", "20:00", BEST)])

    assert reading.troubles == {}
    assert (reading.spans, reading.best) == ((Span(0, 960, 1260),), (Span(0, 1080, 1200),))


def test_school_leaves_the_afternoons_of_a_week_not_begun():
    assert without(begun(()), SCHOOL) == tuple(Span(day, 15 * 60 + 30, CLOSE) for day in range(5))
    assert without(begun([Span(5, 600, 660)]), SCHOOL) == (Span(5, 600, 660),)


def test_a_copied_day_takes_the_place_of_what_was_there():
    week = [Span(0, 960, 1200), Span(1, 480, 540), Span(5, 600, 720)]

    assert copied(week, day=0, to=range(3)) == (
        Span(0, 960, 1200), Span(1, 960, 1200), Span(2, 960, 1200), Span(5, 600, 720),
    )  # fmt: skip
