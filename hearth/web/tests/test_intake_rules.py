"""Where somebody stands on the way in, and what may be told of how many."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures.small_numbers import FEWEST
from hearth.web.intake.figures import suppressed
from hearth.web.intake.rules import Column, Next, Told, awaiting_consents, moves, stand, urgency

AT = datetime(2026, 11, 24, 17, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED: dict[str, Any] = {"began_at": AT - 10 * DAY}
TALK: dict[str, Any] = {"booked_at": AT - DAY, "talk_starts": AT + DAY, "talk_ends": AT + DAY + HOUR}


@pytest.mark.parametrize(
    ("told", "column", "following"),
    [
        ({}, Column.NEW, Next.ANSWER),
        ({"was_tried": True}, Column.NEW, Next.TRY_AGAIN),
        ({"is_referral": True}, Column.NEW, Next.READ),
        ({"answered_at": AT - DAY}, Column.CONTACTED, Next.BOOK),
        ({"answered_at": AT - DAY, "chart_at": AT - HOUR}, Column.CONTACTED, Next.ASSESS),
        (TALK, Column.BOOKED, Next.TALK),
        (TALK | {"talk_starts": AT - HOUR, "talk_ends": AT}, Column.BOOKED, Next.START),
        (TALK | {"urgent": True, "promised_by": AT + HOUR}, Column.BOOKED, Next.ANSWER),
        ({"chart_at": AT, "found_at": AT}, Column.ASSESSED, Next.SIGN),
        ({"found_at": AT, "signed_at": AT, "is_our_level": False}, Column.ASSESSED, Next.HAND_OVER),
        ({"found_at": AT, "signed_at": AT}, Column.ASSESSED, Next.ADMIT),
        ({"found_at": AT, "waits_since": AT}, Column.WAITLISTED, Next.WAIT),
        ({"waits_since": AT, "offered_at": AT, "offer_until": AT + DAY}, Column.OFFERED, Next.ASK),
        ({"waits_since": AT, "offered_at": AT}, Column.OFFERED, Next.SEAT),
        ({"found_at": AT, "admitted_at": AT}, Column.ADMITTED, Next.FIRST_DAY),
        ({"ended": Column.ELSEWHERE, "ended_at": AT, "is_followed": False}, Column.ELSEWHERE, Next.FOLLOW),
        ({"ended": Column.ELSEWHERE, "ended_at": AT}, Column.ELSEWHERE, Next.NOTHING),
        ({"found_at": AT, "ended": Column.CLOSED, "ended_at": AT}, Column.CLOSED, Next.NOTHING),
    ],
)
def test_a_card_stands_where_the_furthest_thing_has_happened(told, column, following):
    standing = stand(Told(**ASKED | told), at=AT)
    assert (standing.column, standing.next) == (column, following)


def test_an_admission_waits_for_consents_and_nothing_else_does():
    ready = stand(Told(**ASKED, found_at=AT, signed_at=AT), at=AT)
    assert awaiting_consents(ready).next is Next.CONSENTS
    unsigned = stand(Told(**ASKED, found_at=AT), at=AT)
    assert awaiting_consents(unsigned) == unsigned


def test_a_new_card_is_stale_once_its_promise_is_broken():
    told = Told(began_at=AT - HOUR, promised_by=AT)
    assert not stand(told, at=AT).is_late(AT)
    assert stand(told, at=AT).is_late(AT + HOUR)


def test_stale_cards_come_first_then_danger_then_the_nearest_deadline():
    late = stand(Told(began_at=AT - 9 * DAY, promised_by=AT - 2 * HOUR), at=AT)
    soon = stand(Told(began_at=AT - HOUR, promised_by=AT + HOUR), at=AT)
    later = stand(Told(began_at=AT - 2 * HOUR, promised_by=AT + 3 * HOUR), at=AT)
    cards = [("soon", soon, False), ("later", later, False), ("danger", later, True), ("late", late, False)]
    found = sorted(cards, key=lambda card: urgency(card[1], urgent=card[2], at=AT))
    assert [name for name, *_rest in found] == ["late", "danger", "soon", "later"]


def test_a_card_moves_only_by_deeds_that_exist():
    new = stand(Told(began_at=AT), at=AT)
    ends = (Column.ELSEWHERE, Column.CLOSED)
    assert moves(new, kind="inquiry", is_booked=False) == (Column.CONTACTED, Column.BOOKED, *ends)
    assert moves(new, kind="referral", is_booked=False) == ends
    talk = stand(Told(began_at=AT, **TALK), at=AT)
    assert moves(talk, kind="inquiry", is_booked=True) == ends
    assert moves(talk, kind="inquiry", is_booked=False) == (Column.BOOKED, *ends)
    assert moves(stand(Told(began_at=AT, admitted_at=AT), at=AT), kind="patient", is_booked=False) == ()


tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(tables)
def test_nothing_small_is_told_and_no_gap_can_be_worked_out(table):
    told = suppressed(table)
    whole = [[*row, sum(row)] for row in table]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    for shown, counts in zip(told, whole, strict=True):
        for cell, count in zip(shown, counts, strict=True):
            assert cell is None or (cell == count and not 0 < cell < FEWEST)
    lines = [list(zip(*pair, strict=True)) for pair in zip(told, whole, strict=True)]
    lines += [list(line) for line in zip(*lines, strict=True)]
    for line in lines:
        gaps = [count for cell, count in line if cell is None]
        if gaps:
            assert len(gaps) > 1
            if line[-1][0] is not None:
                assert sum(gaps) >= FEWEST


def followed(told):
    """The gaps that follow from what is told, by elimination: every line's parts less its sum come to nothing."""
    gaps = [(row, column) for row, cells in enumerate(told) for column, cell in enumerate(cells) if cell is None]
    last = len(told) - 1, len(told[0]) - 1
    lines = [
        [Fraction((cell[at] == line) * (-1 if cell[1 - at] == last[1 - at] else 1)) for cell in gaps]
        for at in (0, 1)
        for line in range(last[at] + 1)
    ]
    done: list[list[Fraction]] = []
    for place in range(len(gaps)):
        pivot = next((line for line in lines if line[place]), None)
        if pivot is None:
            continue
        lines.remove(pivot)
        pivot = [one / pivot[place] for one in pivot]
        lines, done = (
            [[one - line[place] * other for one, other in zip(line, pivot, strict=True)] for line in rows]
            for rows in (lines, done)
        )
        done.append(pivot)
    return [gaps[line.index(Fraction(1))] for line in done if sum(map(bool, line)) == 1]


def test_a_gap_that_two_rows_and_two_columns_would_tell_together_is_kept():
    assert followed([[5, None, 12], [20, None, 30], [25, 17, 42]])  # the check itself
    table = [[5, 6, 7, 20], [6, 5, 20, 20], [20, 20, 6, 5], [20, 20, 5, 6]]
    assert followed(suppressed(table)) == []


def test_a_table_of_few_is_kept_whole_where_a_row_and_a_column_have_nothing_left_to_show():
    assert followed(suppressed([[1, 1], [5, 11]])) == []


@given(tables)
def test_no_gap_follows_from_all_lines_together(table):
    assert followed(suppressed(table)) == []


def test_a_table_of_many_is_told_whole():
    assert suppressed([[20, 30], [11, 0]]) == [[20, 30, 50], [11, 0, 11], [31, 30, 61]]
