from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.inquiry import services
from hearth.inquiry.models import Inquiry
from hearth.inquiry.queries import waiting_inquiries
from hearth.inquiry.testing import make_inquiry, told
from hearth.inquiry.ways_out import close
from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.people.models import Patient, SafeContact
from hearth.people.services import note_death

PERSON = {
    "chosen_name": "Sam", "family_name": "Lowell", "birth_date": "1990-05-31", "state": "CO", "modality": "virtual",
    "phone": "303 555 0161",
}  # fmt: skip


@pytest.fixture
def sam(organisation, now):
    return make_inquiry("Sam", at=now - timedelta(hours=8), words="It is too much.")


def page_of(inquiry, name="inquiry"):
    return reverse(f"inquiry:{name}", args=[inquiry.pk])


def test_intake_sees_who_waits_and_how_long(as_user, ines, sam):
    page = as_user(ines).get(reverse("inquiry:list"))
    assert "Sam" in page.content.decode()
    assert "nobody yet" in page.content.decode()


def test_one_takes_it_tries_and_answers_with_their_name(as_user, ines, sam):
    browser = as_user(ines)
    assert browser.post(page_of(sam), {"step": "take"}).status_code == 302
    browser.post(page_of(sam), {"step": "contact", "way": "call", "result": "no_answer"})
    sam.refresh_from_db()
    assert (sam.taken_by, sam.status) == (ines, "new")
    browser.post(page_of(sam), {"step": "contact", "way": "call", "result": "reached", "note": "Comes on Monday."})
    sam.refresh_from_db()
    assert (sam.answered_by, sam.status) == (ines, "answered")
    assert "Comes on Monday." in browser.get(page_of(sam)).content.decode()


def test_closing_asks_what_came_of_it(as_user, ines, sam):
    browser = as_user(ines)
    page = browser.post(page_of(sam), {"step": "close"})
    assert page.status_code == 422
    assert "so that nobody calls again for nothing" in page.content.decode()
    browser.post(page_of(sam), {"step": "close", "reason": "not_now", "note": "Found a therapist nearby."})
    sam.refresh_from_db()
    assert (sam.status, sam.outcome) == ("closed", "Found a therapist nearby.")
    assert "Sam" in browser.get(reverse("inquiry:list"), {"show": "closed"}).content.decode()
    assert browser.post(page_of(sam), {"step": "take"}).status_code == 302
    sam.refresh_from_db()
    assert sam.status == "closed"


def test_an_admission_starts_with_what_was_said(as_user, ines, sam):
    browser = as_user(ines)
    assert 'value="Sam"' in browser.get(page_of(sam, "start-admission")).content.decode()
    assert browser.post(page_of(sam, "start-admission"), PERSON).status_code == 302
    sam.refresh_from_db()
    assert sam.patient.name == "Sam Lowell"
    assert sam.patient.modality == "virtual"
    again = browser.post(page_of(sam, "start-admission"), PERSON)
    assert again.url == reverse("admission:way-in", args=[sam.patient_id])
    assert Patient.objects.count() == 1


def test_the_language_that_the_check_told_opens_the_chart_and_is_not_asked_again(as_user, ines, now):
    luz = make_inquiry("Luz", at=now, answers=told(language="es", state="CO", how="virtual"))
    form = as_user(ines).get(page_of(luz, "start-admission")).context["form"]
    assert {name: form[name].value() for name in ("chosen_name", "phone", "language", "state", "modality")} == {
        "chosen_name": "Luz", "phone": "303 555 0161", "language": "es", "state": "CO", "modality": "virtual",
    }  # fmt: skip
    as_user(ines).post(page_of(luz, "start-admission"), PERSON | {"language": "es"})
    luz.refresh_from_db()
    assert luz.patient is not None
    assert luz.patient.languages == ["es"]


@pytest.mark.parametrize(("asked_for", "kept"), [("me", True), ("other", False)])
def test_how_they_are_reached_safely_comes_along_where_they_wrote_themselves(ines, maya, now, asked_for, kept):
    asked = make_inquiry("Maya", at=now, asked_for=asked_for, reach="text", best_time="evening", message_ok=True)
    services.start_admission(inquiry=asked, person={}, patient=maya, by=ines, at=now)
    found = SafeContact.objects.filter(message_ok=True, name_us_ok=False, words="Text me, Towards evening")
    assert found.exists() == kept


def test_someone_who_is_known_is_offered_before_a_second_chart_opens(as_user, ines, sam, maya):
    browser = as_user(ines)
    hers = PERSON | {"chosen_name": "Maya", "family_name": "Reyes", "birth_date": str(maya.birth_date)}
    page = browser.post(page_of(sam, "start-admission"), hers)
    assert page.status_code == 422
    assert "Maya Reyes (same name, same birth date)" in page.content.decode()
    browser.post(page_of(sam, "start-admission"), hers | {"same_as": str(maya.pk)})
    sam.refresh_from_db()
    assert sam.patient == maya


def test_a_chart_of_somebody_recorded_as_dead_is_not_joined_before_that_is_taken_back(
    as_user, ines, ruth, sam, maya, now
):
    note_death(patient=maya, died_on=None, by=ruth, at=now)
    hers = PERSON | {"phone": maya.phone, "birth_date": str(maya.birth_date), "same_as": str(maya.pk)}
    hers |= {"chosen_name": "Maya", "family_name": "Reyes"}
    page = as_user(ines).post(page_of(sam, "start-admission"), hers, follow=True)
    assert "take it back first" in page.text
    sam.refresh_from_db()
    assert sam.patient is None


def test_someone_new_who_is_like_another_gets_their_own_chart(as_user, ines, sam, maya):
    hers = PERSON | {"phone": maya.phone, "birth_date": str(maya.birth_date), "same_as": "new"}
    assert as_user(ines).post(page_of(sam, "start-admission"), hers).status_code == 302
    assert Patient.objects.count() == 2


def test_an_inquiry_that_a_colleague_has_closed_opens_no_chart(as_user, ines, ruth, sam, now):
    close(who=sam, reason="not_care", note="Came twice.", by=ruth, at=now)
    page = as_user(ines).post(page_of(sam, "start-admission"), PERSON, follow=True)
    assert "A colleague has closed this one already." in page.text
    assert not Patient.objects.filter(chosen_name=PERSON["chosen_name"]).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"birth_date": "2999-01-01"}, "in the future"), ({"birth_date": "1790-01-01"}, "check the year")],
)
def test_an_impossible_birth_date_is_explained(as_user, ines, sam, changes, sentence):
    page = as_user(ines).post(page_of(sam, "start-admission"), PERSON | changes)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "Lowell" in page.content.decode()


def test_what_the_questions_of_today_no_longer_know_is_still_shown(as_user, ines, sam):
    sam.answers = {"version": 1, "audience": "adult", "answers": {"danger": "plan-made", "sleeps": ["badly", "little"]}}
    sam.save()
    page = as_user(ines).get(reverse("inquiry:inquiry", args=[sam.pk])).text
    assert "<dt>danger</dt><dd>plan-made</dd>" in page
    assert "<dt>sleeps</dt><dd>badly · little</dd>" in page


def test_a_counselor_has_no_business_with_inquiries(as_user, dana, sam, now):
    browser = as_user(dana)
    for page in (reverse("inquiry:list"), page_of(sam), page_of(sam, "start-admission")):
        assert browser.get(page).status_code == 403
    with pytest.raises(PermissionDenied):
        services.take_inquiry(inquiry=sam, by=dana, at=now)
    assert waiting_inquiries(viewer=dana, at=now).count == 0


def test_a_stranger_of_another_house_finds_nothing(as_user, sam):
    elsewhere = make_organisation(slug="elsewhere", name="Elsewhere")
    with tenancy.within(elsewhere.pk):
        nora = make_user("Nora Stone", Role.COORDINATOR, organisation=elsewhere)
    browser = as_user(nora)
    assert browser.get(page_of(sam)).status_code == 403
    assert "Sam" not in browser.get(reverse("inquiry:list")).content.decode()


def test_reading_and_deeds_are_written_down(as_user, ines, sam):
    browser = as_user(ines)
    browser.get(page_of(sam))
    browser.post(page_of(sam), {"step": "take"})
    verbs = list(Event.objects.filter(subject_id=sam.pk, actor_id=ines.pk).values_list("verb", flat=True))
    assert {"inquiry.read", "inquiry.taken"} <= set(verbs)


def test_what_waits_counts_the_late_and_the_oldest(ines, sam, now):
    make_inquiry("Kim", at=now)
    late = sam.promised_by + timedelta(minutes=1)
    waiting = waiting_inquiries(viewer=ines, at=late)
    assert (waiting.count, waiting.late, waiting.oldest_at) == (2, 1, sam.received_at)


def test_the_list_asks_the_database_as_often_for_many_as_for_one(as_user, ines, sam, now):
    browser = as_user(ines)
    browser.get(reverse("inquiry:list"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(reverse("inquiry:list"))
    for number in range(12):
        one = make_inquiry("Kim", at=now, address=f"192.0.2.{number + 20}")
        services.take_inquiry(inquiry=one, by=ines, at=now)
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("inquiry:list"))
    assert len(many) == len(few)
    assert Inquiry.objects.count() == 13


def test_who_told_of_danger_is_answered_first(as_user, ines, sam, now):
    later = now + timedelta(minutes=5)
    kim = make_inquiry("Kim", at=later, answers=told(danger="thoughts", daily="hard", home="safe"))
    assert kim.urgent
    page = as_user(ines).get(reverse("inquiry:list"))
    assert [row.first_name for row, _late in page.context["rows"]] == ["Kim", "Sam"]
    assert "danger told" in page.content.decode()
    assert waiting_inquiries(viewer=ines, at=later).urgent == 1
    assert "Ask first how safe they are" in as_user(ines).get(page_of(kim)).content.decode()


def test_intake_is_written_to_in_their_own_language_whatever_the_visitor_speaks(ines, now):
    with translation.override("es"):
        kim = make_inquiry("Kim", at=now, answers=told(danger="thoughts"))
    mail = Message.objects.get(to=ines.email)
    assert mail.subject == "Someone is waiting for an answer"
    assert "before others" in mail.body
    assert str(kim.pk) not in mail.body
