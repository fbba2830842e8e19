"""The chart's door: what is written down, and what an emergency opens."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.consent import queries, services
from hearth.consent.models import EmergencyAccess
from hearth.outbox.models import Message

REASON = "Found unresponsive in the lobby, need medications."


def open_chart(viewer, patient, at, **changes):
    return queries.access_chart(viewer=viewer, pk=patient.pk, at=at, **{"purpose": "TREAT"} | changes)


def test_a_read_is_written_down_with_who_whose_what_and_why(maya, dana, now):
    open_chart(dana, maya, now, what="notes")
    event = Event.objects.get()
    assert (event.kind, event.verb, event.purpose) == ("read", "notes.read", "TREAT")
    assert (event.actor_id, event.patient_id, event.at) == (dana.pk, maya.pk, now)


def test_reading_ones_own_chart_is_not_watched(maya, now):
    open_chart(maya.user, maya, now, purpose="PATRQT")
    assert not Event.objects.exists()


def test_a_refused_read_opens_nothing_and_is_no_read(maya, theo, now):
    with pytest.raises(PermissionDenied):
        open_chart(theo, maya, now)
    assert not Event.objects.exists()


def test_an_emergency_opens_a_chart_for_an_hour_and_every_read_says_so(maya, theo, priya, now):
    services.break_glass(patient_pk=maya.pk, reason=REASON, by=theo, at=now)
    assert open_chart(theo, maya, now + timedelta(minutes=59)) == maya
    assert Event.objects.filter(kind="read").get().purpose == "BTG"
    assert Event.objects.get(verb="consent.emergency_access_opened").reason == REASON
    with pytest.raises(PermissionDenied):
        open_chart(theo, maya, now + timedelta(minutes=60))


def test_the_privacy_officer_is_told_at_once_without_a_name_or_a_reason(maya, theo, priya, now):
    services.break_glass(patient_pk=maya.pk, reason=REASON, by=theo, at=now)
    mail = Message.objects.get()
    assert mail.to == priya.email
    assert "/privacy/emergencies/" in mail.body
    for secret in ("Maya", "Reyes", "Theo", "lobby"):
        assert secret not in mail.subject + mail.body


def test_an_emergency_needs_a_reason_and_somebody_who_could_help(maya, theo, dana, organisation, now):
    with pytest.raises(services.ReasonMissing):
        services.break_glass(patient_pk=maya.pk, reason="  ", by=theo, at=now)
    biller = make_user("Bo Lindgren", Role.BILLER, organisation=organisation)
    for somebody in (biller, maya.user):
        with pytest.raises(PermissionDenied):
            services.break_glass(patient_pk=maya.pk, reason=REASON, by=somebody, at=now)
    with pytest.raises(queries.AlreadyOpen):
        services.break_glass(patient_pk=maya.pk, reason=REASON, by=dana, at=now)


def test_an_emergency_is_reviewed_by_a_privacy_officer_who_is_not_the_one_it_is_about(maya, theo, dana, priya, now):
    access = services.break_glass(patient_pk=maya.pk, reason=REASON, by=theo, at=now)
    assert list(queries.unreviewed_emergency_accesses(viewer=priya)) == [access]
    with pytest.raises(PermissionDenied):
        services.review_emergency_access(pk=access.pk, review="Fine", by=dana, at=now)
    with pytest.raises(services.ReasonMissing):
        services.review_emergency_access(pk=access.pk, review=" ", by=priya, at=now)
    services.review_emergency_access(pk=access.pk, review="Right and needed", by=priya, at=now)
    assert list(queries.unreviewed_emergency_accesses(viewer=priya)) == []


def test_the_emergency_page_asks_why_and_then_says_until_when(as_user, maya, theo, dana, jonah):
    address = f"/students/{maya.pk}/emergency/"
    browser = as_user(theo)
    short = browser.post(address, {"reason": "help"})
    assert b"Say a little more" in short.content
    assert b"help</textarea>" in short.content
    assert browser.post(address, {"reason": REASON}).status_code == 302
    assert b"open to you until" in browser.get(address).content
    assert EmergencyAccess.objects.count() == 1
    assert as_user(dana).get(address).status_code == 302
    assert as_user(jonah.user).get(address).status_code == 403


def test_the_privacy_officer_sees_who_read_a_chart_and_what_somebody_read(as_user, maya, theo, dana, priya, now):
    open_chart(dana, maya, now, what="notes")
    services.break_glass(patient_pk=maya.pk, reason=REASON, by=theo, at=now)
    browser = as_user(priya)
    assert b"1 emergency access waits" in browser.get("/privacy/").content
    assert b"Maya Reyes" in browser.get("/privacy/?q=reyes").content
    log = browser.get(f"/privacy/students/{maya.pk}/").content
    assert b"Dana Kim" in log
    assert b"Opened session notes" in log
    assert b"Dana Kim</a>" not in browser.get(f"/privacy/students/{maya.pk}/?q=theo").content
    assert b"Maya Reyes" in browser.get(f"/privacy/people/{dana.pk}/").content
    assert REASON.encode() in browser.get("/privacy/emergencies/").content
    access = EmergencyAccess.objects.get()
    empty = browser.post(f"/privacy/emergencies/{access.pk}/review/", {"review": ""})
    assert b"Write down what you found" in empty.content
    browser.post(f"/privacy/emergencies/{access.pk}/review/", {"review": "Right and needed"})
    assert b"Every emergency access has been reviewed" in browser.get("/privacy/").content


def test_the_privacy_officers_pages_are_closed_to_everyone_else(as_user, maya, dana, walt):
    for address in (
        "/privacy/",
        f"/privacy/students/{maya.pk}/",
        f"/privacy/people/{dana.pk}/",
        "/privacy/emergencies/",
    ):
        for somebody in (dana, walt, maya.user):
            assert as_user(somebody).get(address).status_code == 403


def test_a_student_sees_who_has_seen_their_chart_and_never_anybody_elses(as_user, maya, jonah, dana, theo, priya, now):
    open_chart(dana, maya, now, what="plan")
    open_chart(dana, maya, now, what="notes")
    services.break_glass(patient_pk=maya.pk, reason=REASON, by=theo, at=now)
    open_chart(theo, maya, now)
    page = as_user(maya.user).get("/me/who-has-seen/").content.decode()
    assert page.count("Dana Kim") == 1
    assert "looked at session notes, the plan" in page
    assert "in an emergency" in page
    assert "Dana Kim" not in as_user(jonah.user).get("/me/who-has-seen/").content.decode()
    assert as_user(dana).get("/me/who-has-seen/").status_code == 403


def test_the_log_asks_as_many_questions_for_many_lines_as_for_few(
    as_user, maya, dana, theo, priya, now, django_assert_max_num_queries
):
    for number in range(60):
        open_chart(dana, maya, now, what=f"part{number}")
    browser = as_user(priya)
    with django_assert_max_num_queries(20):
        browser.get(f"/privacy/students/{maya.pk}/")


def test_in_an_emergency_somebody_is_found_by_exact_name_and_birth_date_alone(as_user, maya, theo, walt):
    asked = {"family_name": "reyes", "birth_date": maya.birth_date.isoformat()}
    page = as_user(theo).post("/emergency/", asked)
    assert f"/students/{maya.pk}/emergency/" in page.text
    assert Event.objects.filter(verb="consent.emergency_searched", actor_id=theo.pk).exists()
    assert "Nobody here" in as_user(theo).post("/emergency/", asked | {"family_name": "rey"}).text
    assert as_user(theo).post("/emergency/", {"family_name": "reyes"}).status_code == 422
    assert as_user(walt).get("/emergency/").status_code == 403
    assert as_user(maya.user).get("/emergency/").status_code == 403
