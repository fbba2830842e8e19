"""Whom to call where: who keeps the list, who reads it, and what it refuses."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.audit.models import Event
from hearth.safety import services
from hearth.safety.models import EmergencyArea

TYPED = {
    "state": "CO",
    "county": "Denver",
    "postal_codes": "80202, 80203\n80204",
    "crisis_name": "Night team",
    "crisis_phone": "303 555 0161",
    "dispatch_phone": "(303) 555-0160",
    "source": "Called the dispatch center",
    "checked_on": "2026-11-02",
}
ADDRESS = reverse("safety:areas")


def keep(by, at, **changes):
    said = {
        "state": "CO", "county": "Denver", "postal_codes": [], "crisis_name": "", "crisis_phone": "",
        "dispatch_phone": "303 555 0160", "source": "the county", "checked_on": date(2026, 11, 2),
    }  # fmt: skip
    return services.keep_area(area=None, by=by, at=at, **(said | changes))


def test_a_lead_writes_down_whom_to_call_in_a_county(as_user, ruth):
    browser = as_user(ruth)
    assert "Nothing is known yet" in browser.get(ADDRESS).text
    assert browser.post(ADDRESS, TYPED).status_code == 302
    row = EmergencyArea.objects.get()
    assert (row.postal_codes, row.checked_by) == (["80202", "80203", "80204"], ruth)
    assert "(303) 555-0160" in browser.get(ADDRESS).text
    own = reverse("safety:area", args=[row.pk])
    browser.post(own, TYPED | {"checked_on": "2026-11-20"})
    row.refresh_from_db()
    assert row.checked_on == date(2026, 11, 20)
    assert list(Event.objects.filter(subject_id=row.pk).values_list("verb", flat=True)) == ["safety.area_kept"] * 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dispatch_phone": "911"}, "ten figures"),
        ({"crisis_phone": "+44 20 7946 0000"}, "ten figures"),
        ({"dispatch_phone": "", "crisis_phone": ""}, "at least one number"),
        ({"postal_codes": "80202 denver"}, "five figures: denver"),
        ({"checked_on": "2999-01-01"}, "still to come"),
        ({"state": "XX"}, "valid choice"),
    ],
)
def test_what_would_fail_in_an_emergency_is_not_stored(as_user, ruth, changes, words):
    refused = as_user(ruth).post(ADDRESS, TYPED | changes)
    assert refused.status_code == 422
    assert words in refused.text
    assert not EmergencyArea.objects.exists()


def test_a_county_stands_on_the_list_once(as_user, ruth, now):
    keep(ruth, now)
    assert "on the list already" in as_user(ruth).post(ADDRESS, TYPED | {"county": "denver"}).text


def test_a_counselor_reads_the_list_and_leads_keep_it(as_user, ruth, dana, priya, maya, now):
    row = keep(ruth, now)
    assert "303 555 0160" in as_user(dana).get(ADDRESS).text
    assert "One more" not in as_user(dana).get(ADDRESS).text
    with pytest.raises(PermissionDenied):
        keep(dana, now, county="Boulder")
    assert as_user(dana).get(reverse("safety:area", args=[row.pk])).status_code == 403
    for stranger in (priya, maya.user):
        assert as_user(stranger).get(ADDRESS).status_code == 403


def test_the_list_takes_as_many_queries_for_one_county_as_for_many(as_user, ruth, now):
    browser, counts = as_user(ruth), []
    browser.get(ADDRESS)  # what a browser's first page looks up
    for counties in (["Denver"], ["Boulder", "Larimer", "Weld"]):
        for county in counties:
            keep(ruth, now, county=county)
        with CaptureQueriesContext(connection) as seen:
            browser.get(ADDRESS)
        counts.append(len(seen))
    assert counts[0] == counts[1]
