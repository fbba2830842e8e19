"""Questions read out by staff: the student's answers, the reader's hand, and help as if they had answered alone."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.audit.models import Event
from hearth.measures import fhir_response, instrument, services
from hearth.measures.models import How, Response
from hearth.measures.testing import PHQ_9_MILD, PHQ_9_WITH_ITEM_9, make_response
from hearth.safety.models import Concern

NO = "declined"


def read_page(patient, name="phq-9"):
    return reverse("measures:read", args=[patient.pk, name])


def said(answers, **more):
    return {f"q-{n}": "" if value is None else value for n, value in enumerate(answers, 1)} | {"token": uuid4()} | more


def read_to(client, patient, answers, name="phq-9", **more):
    return client.post(read_page(patient, name), said(answers, **more), follow=True)


def test_the_counselor_begins_from_the_students_measures(as_user, maya, dana):
    page = as_user(dana).get(reverse("measures:of-patient", args=[maya.pk])).text
    assert f'href="{read_page(maya)}"' in page
    asked = as_user(dana).get(read_page(maya)).text
    assert "word for word" in asked
    assert "Little interest or pleasure in doing things" in asked
    assert "Read by Dana Kim" in asked
    assert asked.count('value="declined"') == 10  # each of the nine, and how hard it made life


def test_the_answers_are_the_students_and_the_hand_is_the_readers(as_user, maya, dana):
    read_to(as_user(dana), maya, PHQ_9_MILD)
    response = Response.objects.get()
    assert (response.patient, response.answered_by, response.how) == (maya, dana, How.INTERVIEW)
    assert (response.total, response.band) == (7, "mild")
    chart = as_user(dana).get(reverse("measures:of-patient", args=[maya.pk])).text
    assert "read by Dana Kim" in chart
    assert Event.objects.get(verb="measures.answered").detail["how"] == How.INTERVIEW


def test_the_student_finds_it_among_their_own_and_reads_who_read_it_to_them(as_user, maya, dana):
    read_to(as_user(dana), maya, PHQ_9_MILD)
    client = as_user(maya.user)
    assert "read to you by Dana Kim" in client.get(reverse("measures:mine")).text
    result = client.get(reverse("measures:result", args=[Response.objects.get().pk])).text
    assert "Dana Kim read the questions to you. The answers are yours." in result


def test_a_grave_answer_raises_the_same_concern_and_shows_the_same_help(as_user, maya, dana, now):
    make_response(maya, "phq-9", PHQ_9_WITH_ITEM_9, at=now)
    page = read_to(as_user(dana), maya, PHQ_9_WITH_ITEM_9)
    alone, together = Concern.objects.order_by("raised_at")
    assert (alone.severity, alone.summary) == (together.severity, together.summary)
    assert together.raised_by == dana
    main = page.text.split("<main", 1)[1]
    assert main.index("help-at-once") < main.index("<h1")
    for words in ("tel:988", "sms:988", "303 555 0142", reverse("safety:concern", args=[together.pk])):
        assert words in main
    assert reverse("safety:concern", args=[alone.pk]) not in main


def test_a_mild_result_shows_the_kind_words_and_no_alarm(as_user, maya, dana):
    page = read_to(as_user(dana), maya, PHQ_9_MILD)
    assert "some low mood" in page.text
    assert "help-at-once" not in page.text


def test_help_is_on_the_page_before_anything_is_sent(as_user, maya, dana):
    page = as_user(dana).get(read_page(maya)).text
    assert 'data-help-from="1"' in page
    assert "tel:988" in page.split("data-reading", 1)[1]


def test_any_question_may_be_declined_and_it_is_kept_as_declined(as_user, maya, dana):
    page = read_to(as_user(dana), maya, [1, NO, 1, 1, 1, 1, 1, 0, 0])
    response = Response.objects.get()
    assert (response.answers["2"], response.declined, response.is_complete) == (None, ["2"], False)
    assert "You left some questions out" in page.text
    assert "declined" in as_user(dana).get(reverse("measures:of-patient", args=[maya.pk])).text


def test_what_was_forgotten_is_asked_for_once_and_is_not_declined(as_user, maya, dana):
    client = as_user(dana)
    left = [1, None, 1, 1, 1, 1, 1, 0, 0]
    assert "Question 2 has no answer" in read_to(client, maya, left).text
    assert not Response.objects.exists()
    read_to(client, maya, left, leave_out="yes")
    assert Response.objects.get().declined == []


def test_a_safety_question_declined_leads_to_the_last_one_and_counts_as_a_yes(as_user, maya, dana):
    client = as_user(dana)
    assert "Question 5 has no answer" in read_to(client, maya, [0, NO, 0, 0, None], "asq").text
    read_to(client, maya, [0, NO, 0, 0, NO], "asq")
    assert Response.objects.get().declined == ["2", "5"]
    assert Concern.objects.exists()


def test_declining_is_offered_to_who_is_read_to_alone(as_user, maya):
    link = reverse("measures:answer", args=["phq-9"])
    client = as_user(maya.user)
    assert 'value="declined"' not in client.get(link).text
    assert client.post(link, said([NO, 1, 1, 1, 1, 1, 1, 0, 0])).status_code == 422


def test_an_answer_beside_a_declining_counts(maya, dana, now):
    response = services.store_answers(
        patient=maya, instrument_id="gad-7", answers=[1] * 7, language="en", by=dana, at=now, declined=["2", "nine"]
    )
    assert (response.declined, response.total) == ([], 7)


def test_the_questions_are_read_in_the_students_language_unless_another_is_chosen(as_user, maya, dana):
    maya.languages = ["es", "en"]
    maya.save()
    client = as_user(dana)
    assert "Poco interés" in client.get(read_page(maya)).text
    assert "Little interest" in client.get(read_page(maya) + "?language=en").text
    page = read_to(client, maya, PHQ_9_MILD)
    assert Response.objects.get().language == "es"
    assert '<div class="stack wide reading" lang="es">' in page.text


def test_a_form_sent_twice_is_stored_once(as_user, maya, dana):
    client, form = as_user(dana), said(PHQ_9_WITH_ITEM_9)
    assert client.post(read_page(maya), form).url == client.post(read_page(maya), form).url
    assert Response.objects.count() == Concern.objects.count() == 1


def test_a_draft_of_one_student_is_never_found_with_another(as_user, maya, jonah, ruth):
    client = as_user(ruth)
    for name in ("read", "enter"):
        drafts = [
            client.get(reverse(f"measures:{name}", args=[one.pk, "phq-9"])).text.split('data-draft="')[1].split('"')[0]
            for one in (maya, jonah)
        ]
        assert drafts[0] != drafts[1]


def test_those_who_care_for_them_read_to_them_and_nobody_else(as_user, maya, dana, ruth, theo, walt, ines, jonah):
    for member in (dana, ruth):
        assert as_user(member).get(read_page(maya)).status_code == 200
    for other in (theo, walt, ines, jonah.user, maya.user):
        assert as_user(other).get(read_page(maya)).status_code == 403
        assert as_user(other).post(read_page(maya), said(PHQ_9_MILD)).status_code == 403
    assert not Response.objects.exists()


@pytest.mark.parametrize("name", ["read-result", "as-fhir"])
def test_what_came_of_it_is_open_to_the_care_team_under_its_own_student(
    name, as_user, maya, jonah, dana, theo, ruth, now
):
    response = make_response(maya, "phq-9", PHQ_9_MILD, at=now)
    link = reverse(f"measures:{name}", args=[maya.pk, response.pk])
    assert as_user(dana).get(link).status_code == 200
    assert Event.objects.filter(verb="measures.read", actor_id=dana.pk, patient_id=maya.pk).count() == 1
    assert as_user(theo).get(link).status_code == 403
    assert as_user(ruth).get(reverse(f"measures:{name}", args=[jonah.pk, response.pk])).status_code == 403


def test_fhir_names_the_patient_as_source_and_the_reader_as_author(as_user, maya, dana):
    client = as_user(dana)
    read_to(client, maya, [1, NO, 1, 1, 1, 1, 1, 0, 0])
    response = Response.objects.get()
    found = client.get(reverse("measures:as-fhir", args=[maya.pk, response.pk]))
    assert found["Content-Type"] == "application/fhir+json"
    resource = found.json()
    assert resource["source"] == resource["subject"] == {"reference": f"Patient/{maya.pk}"}
    assert resource["author"] == {"reference": f"Practitioner/{dana.pk}"}
    assert resource["item"][0]["answer"] == [{"valueCoding": {"system": "urn:hearth:answer", "code": "1"}}]
    assert resource["item"][1]["extension"][0]["valueCode"] == "asked-declined"
    assert "answer" not in resource["item"][1]


def test_fhir_names_the_patient_as_author_of_what_they_wrote_themselves(maya, now):
    resource = fhir_response.questionnaire_response(
        instrument.get("phq-9"), pk=uuid4(), version="1", language="en", answers={"1": 2}, total=None,
        patient_id=maya.pk, authored=now,
    )  # fmt: skip
    assert resource["author"] == resource["source"]
    assert [item["linkId"] for item in resource["item"]] == ["1"]


def test_reading_asks_as_many_queries_after_many_answers_as_after_few(as_user, maya, dana, now):
    counts = []
    for many in (1, 6):
        for _ in range(many):
            last = make_response(maya, "phq-9", PHQ_9_WITH_ITEM_9, at=now)
        client = as_user(dana)
        for link in (read_page(maya), reverse("measures:read-result", args=[maya.pk, last.pk])):
            client.get(link)
            with CaptureQueriesContext(connection) as found:
                assert client.get(link).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]
