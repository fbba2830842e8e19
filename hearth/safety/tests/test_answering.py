"""Tries, conversations, the assessment and closing: for those who may, and on the page."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from hearth.audit.models import Event
from hearth.people.models import Licence
from hearth.safety import queries, services
from hearth.safety.models import ConcernAssessment, ConcernContact
from hearth.safety.rules import State
from hearth.safety.services import StillMissing
from hearth.safety.tests.test_concerns import raise_one

SPOKE: dict[str, Any] = {"how": "phone", "whom": "student", "reached": True, "words": "Safe tonight, sister is there."}
FOUND: dict[str, Any] = {
    "thoughts": "passive", "means": "none", "risk": "low", "disposition": "same_day", "plan_reviewed": True,
    "found": "Known thoughts, no plan; her sister stays.", "call_on": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def licence(dana):
    """Dana is licensed; Theo, Ruth and Inés are not."""
    held = DateRange(date(2024, 1, 1), date(2030, 1, 1))
    return Licence.objects.create(holder=dana, state="CO", discipline="LPC", number="LPC.1", during=held)


@pytest.fixture
def concern(maya, now):
    return raise_one(maya, now)


def test_it_stays_open_until_somebody_spoke_a_clinician_assessed_and_says_what_was_done(concern, dana, now):
    def close(action="Called her; seen tomorrow"):
        return services.resolve_concern(concern=concern, action=action, by=dana, at=now)

    with pytest.raises(StillMissing) as refused:
        close(" ")
    assert refused.value.parts == ("contact", "assessment", "action")
    services.record_contact(concern=concern, by=dana, at=now, **SPOKE)
    with pytest.raises(StillMissing):
        close()
    services.record_assessment(concern=concern, by=dana, at=now, **FOUND)
    assert list(queries.open_concerns(viewer=dana)) == [concern]
    close()
    concern.refresh_from_db()
    assert (concern.resolved_by, concern.taken_by, concern.reached_at) == (dana, dana, now)
    assert ConcernAssessment.objects.get().licence == "LPC CO LPC.1"
    verbs = Event.objects.filter(kind="deed", verb__startswith="safety").order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == [
        "safety.concern_raised",
        "safety.contact_recorded",
        "safety.risk_assessed",
        "safety.concern_resolved",
    ]


def test_a_voicemail_or_a_talk_with_somebody_else_answers_nothing(concern, ruth, now):
    services.record_contact(concern=concern, by=ruth, at=now, **SPOKE | {"reached": False})
    services.record_contact(concern=concern, by=ruth, at=now, **SPOKE | {"whom": "contact"})
    concern.refresh_from_db()
    assert (concern.reached_at, concern.tried_at, concern.taken_by) == (None, now, ruth)
    assert concern.state(at=now + timedelta(minutes=60)) == State.OVERDUE


def test_only_a_clinician_with_a_licence_assesses_and_closes(concern, licence, dana, ruth, ines, walt, theo, now):
    services.record_contact(concern=concern, by=ines, at=now, **SPOKE)
    for somebody in (ruth, ines, walt, theo):
        with pytest.raises(PermissionDenied):
            services.record_assessment(concern=concern, by=somebody, at=now, **FOUND)
        with pytest.raises(PermissionDenied):
            services.resolve_concern(concern=concern, action="Done", by=somebody, at=now)
    licence.during = DateRange(date(2024, 1, 1), date(2026, 11, 1))
    licence.save()
    with pytest.raises(services.NotLicensed):
        services.record_assessment(concern=concern, by=dana, at=now, **FOUND)
    for somebody in (walt, theo):
        with pytest.raises(PermissionDenied):
            services.record_contact(concern=concern, by=somebody, at=now, **SPOKE)
    assert ConcernContact.objects.count() == 1


def test_the_page_leads_from_whom_to_call_to_closing_and_keeps_what_was_typed(as_user, maya, dana):
    concern = raise_one(maya, timezone.now() - timedelta(hours=2))
    browser = as_user(dana)
    address = f"/concerns/{concern.pk}/"
    listed = browser.get("/concerns/").text
    assert "Maya R." in listed
    assert "overdue: nobody has taken it" in listed
    page = browser.get(address).text
    assert 'href="tel:+13035550117"' in page
    assert 'href="tel:988"' in page
    assert browser.post(f"{address}take/").status_code == 302
    assert "overdue: Dana Kim has not reached them" in browser.get(address).text

    early = browser.post(address, {"step": "close", "action": "Called her at nine"})
    assert (early.status_code, "Called her at nine" in early.text) == (422, True)
    assert "A clinician assesses the risk first." in early.text
    unsaid = browser.post(address, {"step": "contact", "whom": "student", "how": "phone", "words": "Rang twice"})
    assert (unsaid.status_code, "Rang twice" in unsaid.text) == (422, True)
    spoke = {"step": "contact", "whom": "student", "how": "phone", "reached": "yes", "words": "Spoke at nine"}
    assert browser.post(address, spoke).status_code == 302
    found = {key: value for key, value in FOUND.items() if value is not None} | {"step": "assessment"}
    past = browser.post(address, found | {"call_on": "2020-01-01"})
    assert "That day is over." in past.text
    assert browser.post(address, found).status_code == 302
    page = browser.get(address).text
    assert "Spoke at nine" in page
    assert "her sister stays" in page
    assert browser.post(address, {"step": "close", "action": "Called her"}).status_code == 302
    assert "Called her" in browser.get(address).text
    assert "No open concerns" in browser.get("/concerns/").text


def test_a_promised_call_is_due_until_somebody_spoke_with_them_again(concern, as_user, dana, theo, now):
    services.record_contact(concern=concern, by=dana, at=now, **SPOKE)
    services.record_assessment(concern=concern, by=dana, at=now, **FOUND | {"call_on": now.date()})
    due = {"on": now.date() + timedelta(days=1)}
    assert [one.concern for one in queries.calls_due(viewer=dana, **due)] == [concern]
    assert queries.calls_due(viewer=dana, on=now.date() - timedelta(days=1)) == []
    assert queries.calls_due(viewer=theo, **due) == []
    later = now + timedelta(hours=20)
    services.record_contact(concern=concern, by=dana, at=later, **SPOKE | {"reached": False})
    services.record_contact(concern=concern, by=dana, at=later, **SPOKE | {"whom": "contact"})
    assert len(queries.calls_due(viewer=dana, **due)) == 1
    services.record_contact(concern=concern, by=dana, at=later, **SPOKE)
    assert queries.calls_due(viewer=dana, **due) == []


def test_the_promised_call_is_written_down_on_a_concern_that_was_closed(concern, as_user, dana, now):
    services.record_contact(concern=concern, by=dana, at=now, **SPOKE)
    services.record_assessment(concern=concern, by=dana, at=now, **FOUND | {"call_on": now.date()})
    services.resolve_concern(concern=concern, action="Called her", by=dana, at=now)
    browser = as_user(dana)
    assert "Calls due" in browser.get("/concerns/").text
    page = browser.get(f"/concerns/{concern.pk}/").text
    assert "Did you reach them?" in page
    assert "Sign and close this concern" not in page
    spoke = {"step": "contact", "whom": "student", "how": "phone", "reached": "yes", "words": "Well today"}
    assert browser.post(f"/concerns/{concern.pk}/", spoke).status_code == 302
    assert "Calls due" not in browser.get("/concerns/").text
