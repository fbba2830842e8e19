"""A family asks, somebody named answers, and nothing is confirmed that may not be."""

from uuid import uuid4

import pytest
from django.urls import reverse

from hearth.audit.models import Event
from hearth.consent import services as consents
from hearth.consent.testing import make_release
from hearth.family import asking
from hearth.family.models import Question
from hearth.people.models import CareTeamMember, Relationship
from hearth.people.testing import make_patient
from hearth.safety.models import Concern

ASK = reverse("family:questions")


def ask(browser, tie, text="When may I visit?", token=None):
    return browser.post(ASK, {"token": token or uuid4(), "tie": tie.pk, "text": text}, follow=True)


def address():
    return reverse("family:question", args=[Question.objects.get().pk])


def test_a_question_reaches_the_primary_counselor_and_the_answer_bears_a_name(as_user, lee, carmen, dana, theo, ruth):
    token = uuid4()
    for _ in range(2):
        assert "Waits for an answer" in ask(as_user(carmen.person), carmen, token=token).text
    assert address() in as_user(dana).get("/today/").text
    assert address() not in as_user(theo).get("/today/").text + as_user(ruth).get("/today/").text
    page = as_user(dana).get(address()).text
    assert "Dana Kim answers for it" in page
    assert "When and where sessions are" in page
    as_user(dana).post(address(), {"confirming": "on", "words": "Lee and you are welcome on Monday."})
    assert "Dana Kim answered" in as_user(carmen.person).get(ASK).text
    assert "welcome on Monday" in as_user(carmen.person).get(ASK).text
    assert address() not in as_user(dana).get("/today/").text
    assert set(Event.objects.filter(patient_id=lee.pk, verb__startswith="family.").values_list("verb", flat=True)) == {
        "family.asked", "family.read", "family.answered",
    }  # fmt: skip


def test_the_same_form_sent_again_with_other_words_is_another_question(as_user, lee, carmen, dana, now):
    token = uuid4()
    for text in ("When may I visit?", "He says he wants to die", "He says he wants to die"):
        ask(as_user(carmen.person), carmen, text, token=token)
    assert set(Question.objects.values_list("text", flat=True)) == {"When may I visit?", "He says he wants to die"}
    assert Question.objects.count() == 2
    assert Concern.objects.get().patient == lee
    sister = make_patient("Ines", "Castellan", at=now)
    about_her = Relationship.objects.create(patient=sister, person=carmen.person, kind="parent")
    asking.ask(tie=about_her.pk, text="When may I visit?", token=token, by=carmen.person, at=now)
    assert Question.objects.filter(patient=sister).count() == 1


def test_where_nobody_is_primary_a_supervisor_finds_it(as_user, lee, carmen, ruth):
    CareTeamMember.objects.filter(patient=lee).update(is_primary=False)
    ask(as_user(carmen.person), carmen)
    assert address() in as_user(ruth).get("/today/").text


def test_where_nothing_may_be_confirmed_the_words_offered_say_neither_yes_nor_no(as_user, maya, alex, dana):
    page = ask(as_user(alex.person), alex).text
    assert "Maya" not in page
    browser = as_user(dana)
    page = browser.get(address()).text
    assert "Confirm nothing" in page
    assert "does not let us say" in page
    refused = browser.post(address(), {"words": "maya is doing well."})
    assert refused.status_code == 422
    assert "name the student" in refused.text
    browser.post(address(), {"words": "Thank you for writing."})
    assert "Thank you for writing." in as_user(alex.person).get(ASK).text


def test_what_may_be_said_may_change_while_somebody_writes_and_after(as_user, maya, alex, dana, now):
    ask(as_user(alex.person), alex)
    words = {"confirming": "on", "words": "See you both on Monday."}
    changed = as_user(dana).post(address(), words)
    assert "has changed while you wrote" in changed.text
    assert ">\nSee you both on Monday.</textarea>" in changed.text
    release = make_release(maya, "Alex Duarte", at=now)
    as_user(dana).post(address(), words)
    assert "See you both" in as_user(alex.person).get(ASK).text
    consents.revoke(pk=release.pk, by=maya.user, at=now)
    page = as_user(alex.person).get(ASK).text
    assert "See you both" not in page
    assert "not shown any more" in page


def test_of_several_who_may_not_be_named_the_asker_writes_whom_they_mean_and_learns_nothing(as_user, maya, alex, now):
    brother = make_patient("Tomás", "Reyes", at=now)
    Relationship.objects.create(patient=brother, person=alex.person, kind="other")
    browser = as_user(alex.person)
    page = browser.get(ASK)
    assert page.text.count("Their first name") == 1
    assert "Reyes" not in page.text
    form = page.context["form"]
    said = {"tie": form.initial["tie"], "text": "Is he well?"}
    assert browser.post(ASK, {**said, "token": uuid4(), "name": ""}).status_code == 422
    told = [
        browser.post(ASK, {**said, "token": uuid4(), "name": name}, follow=True).context["messages"]
        for name in ("Tomas", "Nobody")
    ]
    assert len({str(message) for messages in told for message in messages}) == 1
    assert set(Question.objects.values_list("patient", "text")) == {
        (brother.pk, "Tomas: Is he well?"),
        (form.unnamed[0].patient_id, "Nobody: Is he well?"),
    }


def test_words_of_danger_raise_a_concern_that_names_nobody(as_user, maya, alex):
    page = ask(as_user(alex.person), alex, "She says she wants to die").text
    assert "988" in page
    assert "You do not have to carry this alone" in page
    concern = Concern.objects.get(patient=maya)
    assert (concern.raised_by, "die" in concern.summary) == (None, False)


def test_nobody_asks_for_another_or_answers_from_outside(as_user, lee, maya, alex, carmen, dana, theo, jonah):
    assert ask(as_user(alex.person), carmen).status_code == 422
    assert ask(as_user(maya.user), alex).status_code == 403
    ask(as_user(carmen.person), carmen)
    for person in (theo, alex.person, carmen.person, lee.user, jonah.user):
        assert as_user(person).get(address()).status_code == 403
        as_user(person).post(address(), {"confirming": "on", "words": "Yes."})
    assert Question.objects.get().answer == ""


@pytest.mark.parametrize("where", ["asker", "owner"])
def test_many_questions_ask_the_database_no_more_than_one(as_user, lee, carmen, dana, count_queries, where):
    ask(as_user(carmen.person), carmen)
    viewer, page = (carmen.person, ASK) if where == "asker" else (dana, "/today/")
    few = count_queries(as_user(viewer), page)
    for _ in range(3):
        ask(as_user(carmen.person), carmen)
    assert count_queries(as_user(viewer), page) == few
