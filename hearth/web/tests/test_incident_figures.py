"""Incidents by kind and month, for those who lead."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from hearth.safety.tests.test_incidents import report
from hearth.web.incident_figures import MONTHS, incident_figures

ADDRESS = "/incidents/figures/"


def row_of(figures, label):
    return [count for _column, count in dict(figures.rows)[label]]


def test_each_report_is_counted_by_kind_and_month_and_a_kind_of_none_has_no_line(as_user, ruth, dana, now):
    for _number in range(2):
        report(dana, now)
    report(dana, now, kind="privacy")
    earlier = now - timedelta(days=35)
    report(dana, now, happened_at=earlier, learned_at=earlier)
    found = incident_figures(viewer=ruth, at=now, near_misses=False)
    assert len(found.months) == MONTHS
    assert found.months[-1] == "Nov 2026"
    assert [label for label, _cells in found.rows] == ["Fall or injury", "Privacy", "All"]
    assert row_of(found, "Fall or injury") == [0, 0, 0, 0, 1, 2, 3]
    assert row_of(found, "Privacy") == [0, 0, 0, 0, 0, 1, 1]
    assert row_of(found, "All") == [0, 0, 0, 0, 1, 3, 4]
    assert "too few to tell" not in as_user(ruth).get(ADDRESS).text


def test_an_allegation_is_not_counted_for_staff_who_are_in_it(ruth, walt, dana, now):
    report(dana, now, kind="allegation", staff=[ruth])
    for reader, count in ((walt, 1), (ruth, 0)):
        assert row_of(incident_figures(viewer=reader, at=now, near_misses=False), "All")[-1] == count


def test_near_misses_stand_apart_and_old_ones_are_left_out(ruth, dana, now):
    for _number in range(11):
        report(dana, now, is_near_miss=True, harm="none")
        report(dana, now, happened_at=now - timedelta(days=300), learned_at=now - timedelta(days=300))
    near = incident_figures(viewer=ruth, at=now, near_misses=True)
    assert row_of(near, "All")[-1] == 11
    assert row_of(incident_figures(viewer=ruth, at=now, near_misses=False), "All")[-1] == 0


def test_the_months_cross_a_new_year(ruth, now):
    found = incident_figures(viewer=ruth, at=now.replace(year=2027, month=2), near_misses=False)
    assert found.months[0] == "Sep 2026"
    assert date(2027, 2, 1).strftime("%b %Y") == found.months[-1]


def test_the_figures_are_for_those_who_read_every_report(as_user, count_queries, ruth, walt, priya, dana, now):
    for reader in (ruth, walt, priya):
        assert as_user(reader).get(ADDRESS).status_code == 200
    one = count_queries(as_user(ruth), ADDRESS)
    for _number in range(12):
        report(dana, now)
    assert count_queries(as_user(ruth), ADDRESS) == one
    assert as_user(dana).get(ADDRESS).status_code == 403
    with pytest.raises(PermissionDenied):
        incident_figures(viewer=dana, at=now, near_misses=False)
