from datetime import date, timedelta
from uuid import uuid4

from hearth.bereavement.rules import DAYS, Group, Kind, wanted

TODAY = date(2026, 11, 24)
LEAD, THEO = uuid4(), uuid4()
OWNERS = dict.fromkeys(DAYS, LEAD)


def groups_of(*groups):
    return [(one.group, one.due_on) for one in wanted(owners=OWNERS, groups=groups, today=TODAY) if one.group]


def test_the_soonest_comes_first_and_every_kind_has_an_owner():
    found = wanted(owners=OWNERS, groups=[], today=TODAY)
    assert [one.kind for one in found] == [Kind.TEAM, Kind.FAMILY, Kind.STAFF, Kind.RECORD, Kind.REVIEW]
    assert {one.owner for one in found} == {LEAD}


def test_a_group_is_told_once_when_it_meets_first():
    thursday, tuesday = TODAY + timedelta(days=2), TODAY + timedelta(days=7)
    found = groups_of(Group("Evening", THEO, tuesday, uuid4()), Group("Evening", THEO, thursday, uuid4()))
    assert found == [("Evening", thursday)]


def test_a_group_that_meets_no_more_is_called_within_two_days():
    assert groups_of(Group("Evening", THEO, None, None)) == [("Evening", TODAY + timedelta(days=2))]
