"""Incidents by kind and month, for those who lead."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from hearth.measures.outcomes import FEWEST
from hearth.safety.tests.test_incidents import report
from hearth.web.incident_figures import MONTHS, incident_figures

ADDRESS = "/incidents/figures/"


def row_of(figures, label):
    return [count for _column, count in dict(figures.rows)[label]]


def test_incidents_are_counted_by_kind_and_month_and_nothing_is_told_of_few(ruth, dana, now):
    for _number in range(12):
        report(dana, now)
    found = incident_figures(viewer=ruth, at=now, near_misses=False)
    assert len(found.months) == MONTHS
    assert found.months[-1] == "Nov 2026"
    assert row_of(found, "Fall or injury")[-2:] == [12, 12]
    assert row_of(found, "Death")[-1] == 0
    report(dana, now, kind="privacy")
    fewer = incident_figures(viewer=ruth, at=now, near_misses=False)
    assert row_of(fewer, "Privacy")[-2:] == [None, None]
    told = [count for _label, cells in fewer.rows for _column, count in cells if count]
    assert all(count >= FEWEST for count in told)


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
