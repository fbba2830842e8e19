"""What a program asks of attendance, as its pack says. Pure.

The values here are the product's defaults, the same that `packs/common/common.toml` names with their sources.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """Minutes are whole. Later than `late_after` is late, earlier than `left_early_after` is left early."""

    late_after: int = 10
    left_early_after: int = 10
    check_in_opens: int = 30  # how long before a session a student may say "I'm here"
    away_at_most: int = 5  # a shorter gap is a dropped connection or a glass of water
    attended_from: int = 1  # with fewer minutes somebody was not there
    billable_day: int = 120  # a day with fewer attended minutes is not billed
    warn_before: int = 7  # days before an authorisation runs out that staff are told
    makes_up: tuple[str, ...] = ("absent", "excused")  # what may be made up; empty: nothing is offered
    make_up_within: int = 14  # days after what was missed
    make_up_offers: int = 3  # times offered at once
    make_up_answer: int = 48  # hours to answer
    family_every: int = 0  # days within which family comes once; 0: the program does not ask for it

    @property
    def bridge(self) -> timedelta:
        return timedelta(minutes=self.away_at_most)

    @property
    def opens(self) -> timedelta:
        return timedelta(minutes=self.check_in_opens)


PRODUCT = Policy()

SETTINGS = {
    "late_after_minutes": "late_after",
    "left_early_after_minutes": "left_early_after",
    "check_in_opens_minutes": "check_in_opens",
    "away_at_most_minutes": "away_at_most",
    "attended_from_minutes": "attended_from",
    "billable_day_minutes": "billable_day",
    "authorisation_warning_days": "warn_before",
    "make_up_within_days": "make_up_within",
    "make_up_offers": "make_up_offers",
    "make_up_answer_hours": "make_up_answer",
    "family_every_days": "family_every",
}
"""The pack's settings, and what each is called here."""


def policy(numbers: Mapping[str, int], *, makes_up: tuple[str, ...] = PRODUCT.makes_up) -> Policy:
    """The policy of a pack whose settings are these numbers, and in which these misses may be made up."""
    known: dict[str, Any] = {name: numbers[key] for key, name in SETTINGS.items() if key in numbers}
    return Policy(**known, makes_up=makes_up)
