"""Every person with every content: generated, and judged by a second telling of the rule."""

from itertools import product
from uuid import UUID

import pytest

from hearth.consent.rules import Ground, Offer, family_ground
from hearth.family import wording
from hearth.family.rules import PRIVATE, Content, Tie, Why, is_called, may_confirm, sheet

TIES = [Tie(*facts) for facts in product(Ground, (True, False), (True, False), (True, False))]
CONSENT = UUID(int=1)


def expected(tie, content):
    """What the mission says, in other words than the rule does."""
    if tie.has_died or content in PRIVATE or tie.ground in (Ground.NONE, Ground.NOT_ALL_SIGNED):
        return False
    return {
        Content.SCHEDULE: tie.sees_schedule,
        Content.PROGRESS: tie.sees_schedule and tie.sees_progress,
        Content.SIGNING: tie.ground == Ground.GUARDIAN,
    }[content]


@pytest.mark.parametrize("tie", TIES, ids=str)
@pytest.mark.parametrize("content", list(Content))
def test_the_whole_matrix_of_person_and_content(tie, content):
    (line,) = [one for one in sheet(tie) if one.content == content]
    assert line.is_shown is expected(tie, content)
    assert wording.CONTENTS[line.content]
    assert wording.WHY[line.why]
    assert may_confirm(tie) is expected(tie, Content.SCHEDULE)


def test_every_content_stands_once_on_every_sheet():
    assert all([line.content for line in sheet(tie)] == list(Content) for tie in TIES)


def test_what_is_not_sure_says_so():
    assert sheet(Tie(Ground.NOT_ALL_SIGNED, True, True))[0].why is Why.NOT_ALL_SIGNED


def offer(*names, by_patient=True):
    return Offer(CONSENT, "release", names, by_patient)


@pytest.mark.parametrize(
    ("is_guardian", "guardian_too", "offers", "ground"),
    [
        (True, True, [], Ground.GUARDIAN),
        (True, False, [], Ground.NONE),  # of age since this minute
        (False, False, [], Ground.NONE),
        (False, False, [offer("alex duarte")], Ground.RELEASE),
        (False, False, [offer("Somebody else")], Ground.NONE),
        (False, True, [offer("Alex Duarte")], Ground.NOT_ALL_SIGNED),
        (False, True, [offer("Alex Duarte"), offer("Alex Duarte", by_patient=False)], Ground.RELEASE),
        (False, False, [Offer(CONSENT, "part2_tpo", ("Alex Duarte",), True)], Ground.NONE),
    ],
)
def test_being_family_is_no_ground_by_itself(is_guardian, guardian_too, offers, ground):
    assert family_ground("Alex Duarte", is_guardian=is_guardian, guardian_too=guardian_too, offers=offers) is ground


@pytest.mark.parametrize(
    ("written", "called"),
    [("Tomás", True), ("tomas", True), ("My son Tomas", True), ("Juan", True), ("Tom", False), ("", False)],
)
def test_a_name_is_found_in_what_somebody_wrote_with_accents_or_without(written, called):
    assert is_called(("Tomás", "Tomás Juan"), written) == called
