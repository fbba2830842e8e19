from datetime import date

import pytest

from hearth.admission.coverage_rules import Held, Sent, taken_over

TODAY = date(2026, 11, 24)


def sent(payer="Acme Health", member="A1", status="active", starts="2026-01-01", ends=""):
    return Sent(payer, member, status, starts, ends)


def ranks(*told, held=()):
    return [(one.place, one.rank) for one in taken_over(told, held, today=TODAY)]


def test_the_first_that_holds_pays_first_and_the_next_second_and_no_third():
    three = [sent(member=each) for each in "abc"]
    assert ranks(*three) == [(0, "primary"), (1, "secondary"), (2, "other")]


@pytest.mark.parametrize("over", [sent(ends="2026-11-23"), sent(status="cancelled")])
def test_what_is_over_is_kept_on_file_alone(over):
    assert ranks(over, sent(member="b")) == [(0, "other"), (1, "primary")]


def test_what_is_written_down_already_is_not_taken_over_again():
    held = [Held("primary", "ACME  health", "a1", None, None)]
    assert ranks(sent(), sent(payer="Medicaid", member=""), held=held) == [(1, "secondary")]


def test_an_order_is_free_where_the_days_do_not_meet():
    ended = [Held("primary", "Old", "1", None, date(2025, 12, 31))]
    assert ranks(sent(), held=ended) == [(0, "primary")]
    assert ranks(sent(starts=""), held=ended) == [(0, "secondary")]  # without a first day it would meet the old one


@pytest.mark.parametrize(
    ("starts", "ends", "held"),
    [
        ("2024", "", (None, None)),
        ("2024-13-40", "", (None, None)),
        ("2024-05-01T08:00:00Z", "2027-01-01", (date(2024, 5, 1), date(2027, 1, 1))),
        ("2027-02-01", "2027-01-01", (None, date(2027, 1, 1))),
    ],
)
def test_only_whole_days_in_their_order_are_taken_over(starts, ends, held):
    [one] = taken_over([sent(starts=starts, ends=ends)], [], today=TODAY)
    assert (one.starts_on, one.ends_on) == held
