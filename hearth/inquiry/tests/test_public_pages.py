import json
from typing import Any

import pytest
from django.urls import reverse

from hearth.inquiry.models import Inquiry
from hearth.lib import proxies
from hearth.outbox.models import Message

TALK = {"asked_for": "me", "first_name": "Sam", "reach": "call", "phone": "303 555 0161", "best_time": "any"}
CHECK = {"audience": "adult", "judge": "yes", "danger": "no", "daily": "hard", "home": "safe"}
TOLD: dict[str, Any] = {"version": 1, "audience": "adult", "answers": {"danger": "no", "daily": "hard", "home": "safe"}}


@pytest.fixture
def visitor(client, organisation):
    return client


def post(client, page, **data):
    return client.post(reverse(f"inquiry:{page}"), data)


def test_a_person_asks_for_a_call_and_is_told_when(visitor, ines):
    page = post(visitor, "talk", **TALK, words="It is too much.")
    assert page.status_code == 302
    assert page.url == reverse("inquiry:thanks")
    kept = Inquiry.objects.get()
    assert (kept.first_name, kept.words, kept.status) == ("Sam", "It is too much.", "new")
    assert kept.promised_by > kept.received_at
    assert b"A person with a name answers by" in visitor.get(page.url).content


def test_intake_hears_that_somebody_waits_and_nothing_else(visitor, ines):
    post(visitor, "talk", **TALK, words="It is too much.")
    mail = Message.objects.get(to=ines.email)
    assert "Sam" not in mail.subject + mail.body
    assert "too much" not in mail.subject + mail.body
    assert "/inquiries/" in mail.body


def test_a_confirmation_goes_only_where_writing_is_safe(visitor, ines):
    post(visitor, "talk", **TALK, email="sam@mail.example")
    assert not Message.objects.filter(to="sam@mail.example").exists()
    post(visitor, "talk", **TALK, email="sam@mail.example", message_ok="on")
    discreet = Message.objects.get(to="sam@mail.example")
    assert "Hearthside" not in discreet.subject + discreet.body
    post(visitor, "talk", **TALK, email="kim@mail.example", message_ok="on", name_us_ok="on")
    assert "Hearthside" in Message.objects.get(to="kim@mail.example").body


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first_name": ""}, "Tell us what to call you"),
        ({"phone": ""}, "Type your phone number, or choose e-mail."),
        ({"phone": "12"}, "looks too short"),
        ({"reach": "mail"}, "Type your e-mail address"),
        ({"reach": "mail", "email": "sam at mail"}, "needs an @"),
        ({"nothing_here": "buy pills"}, "hidden field"),
    ],
)
def test_what_cannot_be_answered_is_said_beside_the_field_and_words_are_kept(visitor, changes, sentence):
    page = post(visitor, "talk", **(TALK | {"words": "Kept as typed."} | changes))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "Kept as typed." in page.content.decode()
    assert not Inquiry.objects.exists()


def test_a_flood_from_one_address_is_asked_to_call_instead(visitor, ines):
    for _ in range(5):
        assert post(visitor, "talk", **TALK).status_code == 302
    page = post(visitor, "talk", **TALK, words="Kept as typed.")
    assert page.status_code == 422
    assert "call us instead: 303 555 0100" in page.content.decode()
    assert "Kept as typed." in page.content.decode()
    assert Inquiry.objects.count() == 5
    elsewhere = visitor.post(reverse("inquiry:talk"), TALK, REMOTE_ADDR="198.51.100.4")
    assert elsewhere.status_code == 302


def test_behind_a_proxy_each_reader_is_counted_alone_whatever_they_claim(visitor, ines, settings):
    settings.PROXIES = proxies.read("1")
    flood = [
        visitor.post(reverse("inquiry:talk"), TALK, headers={"X-Forwarded-For": f"192.0.2.{turn}, 203.0.113.7"})
        for turn in range(6)
    ]
    assert [page.status_code for page in flood] == [302] * 5 + [422]
    other = visitor.post(reverse("inquiry:talk"), TALK, headers={"X-Forwarded-For": "203.0.113.8"})
    assert other.status_code == 302


def test_no_network_address_is_kept(visitor, ines):
    post(visitor, "talk", **TALK)
    assert "127.0.0.1" not in Inquiry.objects.get().sender


def test_the_check_says_what_may_fit_and_keeps_nothing(visitor):
    page = post(visitor, "self-check", **CHECK)
    assert page.status_code == 200
    assert "An intensive outpatient program may fit" in page.content.decode()
    assert not Inquiry.objects.exists()


def test_danger_leads_to_help_even_with_nothing_else_answered(visitor):
    page = post(visitor, "self-check", audience="other", judge="yes", danger="now").content.decode()
    assert "Help now, before anything else" in page
    assert 'href="tel:911"' in page


def test_every_question_may_be_skipped_and_nonsense_is_left_out(visitor):
    page = post(visitor, "self-check", audience="adult", judge="yes", danger="perhaps", what=["dragons"])
    assert page.status_code == 200
    assert "We do not know enough" in page.content.decode()


def test_without_javascript_each_audience_gets_its_own_questions(visitor):
    adult = post(visitor, "self-check", audience="adult").content.decode()
    young = post(visitor, "self-check", audience="adolescent").content.decode()
    other = post(visitor, "self-check", audience="other").content.decode()
    assert "Does a parent or guardian know" in young
    assert "Does a parent or guardian know" not in adult
    assert "Little interest or pleasure" in adult
    assert "Little interest or pleasure" not in other
    assert "How safe is the person right now?" in other


def test_leaving_at_once_is_a_link_on_every_page_of_the_check(visitor):
    for page in (visitor.get(reverse("inquiry:self-check")), post(visitor, "self-check", **CHECK)):
        assert 'href="https://www.weather.gov/"' in page.content.decode()


def test_answers_go_along_with_an_inquiry_only_when_sent(visitor, ines):
    result = post(visitor, "self-check", **CHECK, what=["grief", "stress"], times=["evening"])
    brought = result.context["talk"]
    assert (brought["asked_for"].value(), brought["best_time"].value()) == ("me", "evening")
    assert not Inquiry.objects.exists()
    post(visitor, "talk", **TALK, answers=brought["answers"].value())
    kept = Inquiry.objects.get().answers
    assert kept["audience"] == "adult"
    assert kept["answers"] == TOLD["answers"] | {"what": ["grief", "stress"], "times": ["evening"]}


def test_an_inquiry_that_tells_of_danger_is_urgent(visitor, ines):
    post(visitor, "talk", **TALK, answers=json.dumps(TOLD | {"answers": {"danger": "thoughts"}}))
    assert Inquiry.objects.get().urgent


@pytest.mark.parametrize(
    "broken", ["{", "[]", "7", '{"who": 3, "body": 4}', '{"audience": [], "answers": {"danger": {}}}']
)
def test_broken_answers_harm_nothing(visitor, ines, broken):
    assert post(visitor, "talk", from_check=broken).status_code == 200
    assert post(visitor, "self-check", change=broken).status_code == 200
    assert post(visitor, "talk", **TALK, answers=broken).status_code == 302


def test_an_answer_can_be_changed(visitor):
    result = post(visitor, "self-check", **CHECK)
    again = post(visitor, "self-check", change=result.context["answers"])
    assert again.context["form"].initial == TOLD["answers"]
