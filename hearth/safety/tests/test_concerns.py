from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.safety import queries, services
from hearth.safety.models import Concern, Severity


def raise_one(patient, at, *, severity=Severity.URGENT, summary="PHQ-9 item 9: several days", source=None):
    return services.raise_concern(
        patient=patient,
        source_kind="measures.response",
        source_id=source or uuid4(),
        severity=severity,
        summary=summary,
        by=None,
        at=at,
    )


@pytest.fixture
def nora(organisation):
    return make_user("Nora Bell", Role.NURSE, organisation=organisation)


def test_the_same_source_raises_a_concern_once(maya, now):
    source = uuid4()
    assert raise_one(maya, now, source=source) == raise_one(maya, now, source=source)
    assert Concern.objects.count() == 1


def test_a_concern_is_seen_by_the_team_and_by_those_who_answer_for_everyone(
    maya, dana, theo, ines, ruth, walt, priya, nora, now
):
    concern = raise_one(maya, now)
    for somebody in (dana, ines, ruth, walt, nora):
        assert list(queries.open_concerns(viewer=somebody)) == [concern], somebody
    for somebody in (theo, priya, maya.user):
        assert list(queries.open_concerns(viewer=somebody)) == [], somebody
        with pytest.raises(PermissionDenied):
            queries.access_concern(viewer=somebody, pk=concern.pk, at=now)


def test_nobody_of_another_organisation_sees_it(maya, now):
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    stranger = make_user("Sam Stone", Role.SUPERVISOR, organisation=other)
    concern = raise_one(maya, now)
    assert list(queries.open_concerns(viewer=stranger)) == []
    with pytest.raises(PermissionDenied):
        services.take_concern(concern=concern, by=stranger, at=now)


def test_the_worst_comes_first_then_what_nobody_has_taken_then_the_oldest(maya, jonah, ruth, now):
    watch = raise_one(maya, now, severity=Severity.WATCH)
    taken = services.take_concern(concern=raise_one(maya, now - timedelta(minutes=90)), by=ruth, at=now)
    spoke: dict[str, Any] = {"how": "phone", "whom": "student", "reached": True, "words": ""}
    services.record_contact(concern=taken, by=ruth, at=now, **spoke)
    fresh = raise_one(maya, now)
    overdue = raise_one(maya, now - timedelta(minutes=61))
    emergency = raise_one(jonah, now, severity=Severity.EMERGENCY)
    lines = queries.open_concern_lines(viewer=ruth, at=now)
    assert [line.concern for line in lines] == [emergency, overdue, fresh, taken, watch]
    assert [line.is_overdue for line in lines] == [False, True, False, False, False]


def test_staff_raise_what_they_noticed_about_people_they_may_write_about(maya, dana, theo, walt, now):
    facts = {"patient_pk": maya.pk, "severity": "urgent", "at": now}
    row = services.raise_observation(summary=" She gave away her dog. ", by=dana, **facts)
    assert (row.raised_by, row.summary, row.source_kind) == (dana, "She gave away her dog.", "staff")
    for somebody in (theo, walt, maya.user):
        with pytest.raises(PermissionDenied):
            services.raise_observation(summary="x", by=somebody, **facts)
    with pytest.raises(services.SummaryMissing):
        services.raise_observation(summary=" ", by=dana, **facts)


def test_an_observation_keeps_what_was_typed_until_it_can_be_stored(as_user, maya, dana):
    browser = as_user(dana)
    address = f"/students/{maya.pk}/concern/"
    again = browser.post(address, {"summary": "She gave away her dog."}).content.decode()
    assert "Choose how soon somebody must act." in again
    assert "She gave away her dog." in again
    assert browser.post(address, {"summary": "She gave away her dog.", "severity": "urgent"}).status_code == 302


def test_the_pages_are_closed_to_those_whom_a_concern_is_not_for(as_user, maya, theo, priya, now):
    concern = raise_one(maya, now)
    for somebody, answers in ((theo, (200, 403, 403)), (priya, (403, 403, 403)), (maya.user, (403, 403, 403))):
        browser = as_user(somebody)
        addresses = ("/concerns/", f"/concerns/{concern.pk}/", f"/students/{maya.pk}/concern/")
        assert tuple(browser.get(address).status_code for address in addresses) == answers
    assert "Maya" not in as_user(theo).get("/concerns/").content.decode()


def test_reading_a_concern_is_written_down(as_user, maya, dana, now):
    concern = raise_one(maya, now)
    as_user(dana).get(f"/concerns/{concern.pk}/")
    assert Event.objects.get(kind="read").verb == "concern.read"


def test_the_list_asks_as_many_questions_for_many_concerns_as_for_one(
    as_user, maya, dana, now, django_assert_max_num_queries
):
    for _ in range(30):
        raise_one(maya, now)
    browser = as_user(dana)
    with django_assert_max_num_queries(18):
        browser.get("/concerns/")


def test_help_at_once_names_988_and_says_that_nobody_may_be_reading_now():
    words = render_to_string("safety/_help_now.html", {"crisis_phone": "303 555 0142", "house_name": "Hearthside"})
    assert 'href="tel:988"' in words
    assert "may not read it this minute" in words
    assert "303 555 0142" in words
