import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.measures import services
from hearth.measures.models import Response
from hearth.measures.testing import PHQ_9_MILD, PHQ_9_WITH_ITEM_9, make_response
from hearth.people.models import CareTeamMember
from hearth.program import pack
from hearth.safety.models import Concern

PHQ = reverse("measures:answer", args=["phq-9"])


def sent(answers, **more):
    return {f"q-{n}": "" if value is None else value for n, value in enumerate(answers, 1)} | {"token": uuid4()} | more


@pytest.fixture
def asked(maya, dana, now):
    rules = pack.get("adult-evening").due_for("mental-health")
    services.follow_rules(patient=maya, rules=rules, started_on=now.date() - timedelta(days=700), by=dana, at=now)
    return maya


def test_a_student_sees_what_is_due(as_user, asked):
    page = as_user(asked.user).get(reverse("measures:mine"))
    assert page.status_code == 200
    assert b"Your mood" in page.content
    assert b"Worry and tension" in page.content


def test_a_student_answers_and_reads_kind_words(as_user, maya):
    page = as_user(maya.user).post(PHQ, sent(PHQ_9_MILD), follow=True)
    assert page.status_code == 200
    assert "some low mood" in page.text
    assert "PHQ-9: 7 of 27" in page.text
    assert "help-at-once" not in page.text
    assert Response.objects.get().answered_by == maya.user


def test_item_nine_shows_help_before_anything_else_and_a_named_human(as_user, maya):
    page = as_user(maya.user).post(PHQ, sent(PHQ_9_WITH_ITEM_9), follow=True)
    main = page.text.split("<main", 1)[1]
    assert main.index("help-at-once") < main.index("<h1")
    assert "tel:988" in main
    assert "sms:988" in main
    assert "303 555 0142" in main
    assert "Dana Kim" in main.split("</section>")[0]
    assert Concern.objects.get().is_open


def test_the_page_says_who_reads_it_and_when_and_whose_words_it_uses(as_user, maya):
    page = as_user(maya.user).get(PHQ).text
    assert "Dana Kim reads your answers before your next one-to-one" in page
    assert "Developed by Drs. Robert L. Spitzer" in page
    assert "help-now" in page


def test_the_questions_come_in_spanish_where_spanish_is_read(as_user, maya):
    page = as_user(maya.user).get(PHQ, headers={"accept-language": "es"}).text
    assert "Poco interés" in page
    client = as_user(maya.user)
    assert "Poco interés" in client.get(PHQ + "?language=es").text
    client.post(PHQ + "?language=es", sent(PHQ_9_MILD))
    assert Response.objects.get().language == "es"


def test_what_was_left_out_is_asked_for_once_and_then_taken_as_it_is(as_user, maya):
    client = as_user(maya.user)
    left = [1, None, 1, 1, 1, 1, 1, 0, 0]
    page = client.post(PHQ, sent(left))
    assert page.status_code == 422
    assert "Question 2 has no answer" in page.text
    assert "This question has no answer yet." in page.text
    assert len(re.findall(r'<input type="radio"[^>]*checked', page.text)) == 8  # what was chosen is kept
    assert not Response.objects.exists()
    client.post(PHQ, sent(left, leave_out="yes"))
    assert (Response.objects.get().is_complete, Response.objects.get().answers["2"]) == (False, None)


def test_an_answer_that_is_not_on_the_form_is_refused_beside_its_question(as_user, maya):
    page = as_user(maya.user).post(PHQ, sent([9, 1, 1, 1, 1, 1, 1, 0, 0]))
    assert page.status_code == 422
    assert "Please choose one of the answers shown." in page.text


def test_a_double_tap_stores_once(as_user, maya):
    client, form = as_user(maya.user), sent(PHQ_9_WITH_ITEM_9)
    first, second = client.post(PHQ, form), client.post(PHQ, form)
    assert first.url == second.url
    assert Response.objects.count() == 1


def test_the_last_safety_question_is_asked_only_after_a_yes(as_user, maya):
    link = reverse("measures:answer", args=["asq"])
    client = as_user(maya.user)
    assert client.post(link, sent([0, 1, 0, 0, None])).status_code == 422
    assert client.post(link, sent([0, 0, 0, 0, None])).status_code == 302


@pytest.mark.parametrize("instrument", ["oci-r", "unheard-of"])
def test_questions_that_do_not_ship_or_exist_are_not_found(as_user, maya, instrument):
    assert as_user(maya.user).get(reverse("measures:answer", args=[instrument])).status_code == 404


def test_a_result_is_its_students_alone(as_user, maya, jonah, dana, now):
    link = reverse("measures:result", args=[make_response(maya, "phq-9", PHQ_9_MILD, at=now).pk])
    assert as_user(maya.user).get(link).status_code == 200
    assert as_user(jonah.user).get(link).status_code == 403
    assert as_user(dana).get(link).status_code == 403


def test_staff_see_charts_answers_and_alerts_of_their_own_students(as_user, maya, dana, theo, ruth, jonah, now):
    make_response(maya, "phq-9", [2] * 9, at=now - timedelta(days=14))
    make_response(maya, "phq-9", PHQ_9_WITH_ITEM_9, at=now)
    link = reverse("measures:of-patient", args=[maya.pk])
    page = as_user(dana).get(link)
    assert page.status_code == 200
    for words in ("moderately severe", "Answers, item by item", "self-harm", "Ask together"):
        assert words in page.text
    assert as_user(ruth).get(link).status_code == 200
    for stranger in (theo, jonah.user, maya.user):
        assert as_user(stranger).get(link).status_code == 403


def test_staff_enter_what_was_filled_in_on_paper(as_user, maya, dana, theo, walt, now):
    link = reverse("measures:enter", args=[maya.pk, "gad-7"])
    assert as_user(dana).get(link).status_code == 200
    assert as_user(dana).post(link, sent([1] * 7)).url == reverse("measures:of-patient", args=[maya.pk])
    response = Response.objects.get()
    assert (response.patient, response.answered_by) == (maya, dana)
    for other in (theo, walt):
        assert as_user(other).post(link, sent([1] * 7)).status_code == 403


def test_a_chart_of_many_answers_asks_no_more_queries_than_one_of_few(as_user, asked, dana, now):
    counts = []
    for n in range(2):
        for k in range(1 + 5 * n):
            make_response(asked, "phq-9", PHQ_9_WITH_ITEM_9, at=now - timedelta(days=20 * n + k))
        for user, link in (
            (dana, reverse("measures:of-patient", args=[asked.pk])),
            (asked.user, reverse("measures:mine")),
        ):
            client = as_user(user)
            client.get(link)
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert client.get(link).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]


def test_a_student_without_a_counselor_is_told_of_the_team(as_user, maya):
    CareTeamMember.objects.all().delete()
    page = as_user(maya.user).post(PHQ, sent(PHQ_9_WITH_ITEM_9), follow=True)
    assert "Your care team has been told" in page.text
