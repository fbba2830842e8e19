from uuid import UUID

import pytest

from hearth.audit import rules
from hearth.audit.rules import BEGINNING, Fault, Link

HOUSE = UUID(int=1)


def link(number, event, before=None, **changes):
    previous = before.hash if before else BEGINNING
    digest = rules.digest({"event": event})
    facts = {
        "organisation": HOUSE,
        "number": number,
        "event": event,
        "digest": digest,
        "previous": previous,
        "hash": rules.chain(HOUSE, number, event, digest, previous),
    }
    return Link(**facts | changes)


FIRST = link(1, 7)
SECOND = link(2, 5, FIRST)


def test_a_chain_hangs_together_in_the_order_of_sealing_whatever_the_events_are_numbered():
    assert rules.judge_link(FIRST, before=None) is None
    assert rules.judge_link(SECOND, before=FIRST) is None


@pytest.mark.parametrize(
    ("seal", "before", "fault"),
    [
        (SECOND, None, Fault.MISSING),
        (link(2, 5, FIRST, digest="0" * 64), FIRST, Fault.ALTERED),
        (link(2, 5, None), FIRST, Fault.INSERTED),
        (link(2, 5, SECOND, hash=FIRST.hash), FIRST, Fault.REORDERED),
    ],
)
def test_a_seal_that_does_not_hang_on_says_how(seal, before, fault):
    found = rules.judge_link(seal, before=before)
    assert found is not None
    assert found.fault == fault


def test_one_content_has_one_spelling():
    assert rules.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
