"""The time afterwards: asked only with a yes, a way back in two taps, and whether the next provider was reached."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.admission.testing import make_episode
from hearth.aftercare import services, way_back
from hearth.aftercare.models import FollowUp, FollowUpWish
from hearth.aftercare.queries import aftercare_board, missed_follow_ups, visits_to_ask_about
from hearth.aftercare.tests.test_services import complete, may_be_asked, plan_next, sent_token
from hearth.inquiry.models import Inquiry

FINE = {"q-1": "8", "q-2": "1", "q-3": "1", "q-4": "0"}


@pytest.fixture
def episode(maya, dana, now):
    return make_episode(maya, by=dana, at=now)


@pytest.fixture
def finished(episode, dana, now):
    plan_next(episode, by=dana, at=now)
    return complete(episode, by=dana, at=now)


@pytest.fixture
def link(finished, now):
    """The first follow-up's, sent so that it is open whenever this test runs."""
    later = now + timedelta(days=5)
    services.send_follow_ups(today=later.date(), at=later)
    FollowUp.objects.filter(sent_at__isnull=False).update(sent_at=timezone.now())
    return reverse("aftercare:answer", args=[sent_token()])


def answer(client, link):
    page = client.get(link)
    return client.post(link, FINE | {"token": page.context["form"]["token"].value()})


def test_nothing_is_sent_without_their_own_yes(finished, maya, dana, now):
    FollowUpWish.objects.all().delete()
    later = now + timedelta(days=8)
    assert services.send_follow_ups(today=later.date(), at=later) == 0
    assert len(missed_follow_ups(viewer=dana, at=later)) == 1  # a person asks them
    services.say_follow_up_wish(patient=maya, wants=False, way="", address="", by=maya.user, at=later)
    assert services.send_follow_ups(today=later.date(), at=later) == 0
    assert missed_follow_ups(viewer=dana, at=later) == []
    assert aftercare_board(viewer=dana, at=later).to_reach == []


def test_nobody_else_says_yes_for_them(maya, jonah, theo, now):
    for user in (jonah.user, theo):
        with pytest.raises(PermissionDenied):
            may_be_asked(maya, by=user, at=now)


def test_a_late_yes_brings_one_question_and_not_all_that_were_missed(finished, maya, dana, now):
    FollowUpWish.objects.all().delete()
    late = now + timedelta(days=100)
    assert services.send_follow_ups(today=late.date(), at=late) == 0
    may_be_asked(maya, by=dana, at=late)
    for _ in range(2):
        services.send_follow_ups(today=late.date(), at=late)
    assert FollowUp.objects.get(sent_at__isnull=False).due_on == (now + timedelta(days=90)).date()
    assert missed_follow_ups(viewer=dana, at=late) == []


def test_whoever_is_in_the_program_again_is_not_asked_how_it_is_afterwards(finished, maya, dana, now):
    later = now + timedelta(days=6)
    make_episode(maya, by=dana, at=later)
    assert services.send_follow_ups(today=later.date(), at=later) == 0
    assert missed_follow_ups(viewer=dana, at=later) == aftercare_board(viewer=dana, at=later).to_reach == []


def test_whoever_has_no_account_gets_no_link_that_would_not_open_but_a_call(finished, maya, dana, now):
    maya.user = None
    maya.save()
    due = now + timedelta(days=5)
    assert services.send_follow_ups(today=due.date(), at=due) == 0
    assert len(missed_follow_ups(viewer=dana, at=due)) == 1


def test_what_nobody_answers_in_three_days_falls_to_their_counselor_and_without_one_to_those_who_lead(
    finished, maya, dana, theo, ruth, now
):
    later = now + timedelta(days=5)
    services.send_follow_ups(today=later.date(), at=later)
    assert missed_follow_ups(viewer=dana, at=later + timedelta(days=2)) == []
    late = later + timedelta(days=3)
    assert len(missed_follow_ups(viewer=dana, at=late)) == 1
    assert missed_follow_ups(viewer=ruth, at=late) == missed_follow_ups(viewer=theo, at=late) == []
    dana.is_active = False
    dana.save()
    assert len(missed_follow_ups(viewer=ruth, at=late)) == 1


def test_a_link_that_was_forwarded_shows_nothing_of_the_answers(client, link):
    answer(client, link)
    assert b"Would something help now?" in client.get(link).content
    other = Client().get(link)
    assert other.status_code == 200
    assert b"This was answered already." in other.content
    assert (
        Client().post(reverse("aftercare:back-by-link", args=[link.split("/")[-2]]), {"wish": "call"}).status_code
        == 410
    )


def test_an_old_link_is_closed_kindly_and_so_is_a_wrong_one(client, link):
    FollowUp.objects.filter(sent_at__isnull=False).update(sent_at=timezone.now() - timedelta(days=31))
    old = client.get(link)
    assert (old.status_code, b"This link has ended." in old.content) == (410, True)
    wrong = client.get(reverse("aftercare:answer", args=["no-such-token"]))
    assert (wrong.status_code, b"This link has ended." in wrong.content) == (404, True)


def test_the_way_back_from_an_answer_is_one_tap_and_asks_nothing_again(client, link, maya):
    answer(client, link)
    page = client.post(reverse("aftercare:back-by-link", args=[link.split("/")[-2]]), {"wish": "booster"})
    assert b"Good that you asked." in page.content
    row = Inquiry.objects.get()
    assert (row.patient, row.first_name, row.email) == (maya, "Maya", "maya.reyes@students.example")


def test_an_alumnus_comes_back_in_two_taps_and_asking_twice_keeps_one(as_user, maya, finished):
    client = as_user(maya.user)
    assert reverse("aftercare:back").encode() in client.get(reverse("web:today")).content
    page = reverse("aftercare:back")
    assert client.get(page).status_code == 200
    for wish in ("call", "return", "return"):
        assert client.post(page, {"wish": wish}).status_code == 200
    assert Inquiry.objects.get().words == "Please call me\nI want to come back"
    assert client.post(page, {"wish": "else"}).status_code == 404


def test_whoever_asks_back_again_and_again_is_still_told_that_we_know(as_user, maya, dana, finished, now):
    for _time in range(7):
        page = as_user(maya.user).post(reverse("aftercare:back"), {"wish": "call"})
        assert b"Good that you asked." in page.content
        Inquiry.objects.update(status=Inquiry.Status.ANSWERED, answered_by=dana, answered_at=now)


def test_whoever_is_in_the_program_has_no_way_back(as_user, maya, episode):
    assert as_user(maya.user).get(reverse("aftercare:back")).status_code == 404


def test_only_what_they_named_as_safe_is_used(maya, dana, now):
    may_be_asked(maya, by=dana, at=now, way="text", address="+13035550199")
    row = way_back.ask_back(patient=maya, wish="call", by=maya.user, at=now)
    assert (row.phone, row.email, row.reach) == ("+13035550199", "", "text")


def test_the_student_says_yes_with_a_way_that_fits(as_user, maya, finished):
    client, page = as_user(maya.user), reverse("aftercare:my-wish")
    assert client.post(page, {"wants": "yes", "way": "mail", "address": "303"}).status_code == 422
    assert client.post(page, {"wants": "yes", "way": "text", "address": "303 555 0142"}).status_code == 302
    assert FollowUpWish.objects.get().text == "303 555 0142"
    assert client.post(page, {"wants": "no"}).status_code == 302
    assert FollowUpWish.objects.get().address == ""


def test_the_first_appointment_is_asked_about_until_somebody_knows(finished, maya, dana, theo, now):
    plan = maya.transition_plans.get()
    plan.next_at = now + timedelta(days=4)
    plan.save()
    later = now + timedelta(days=5)
    assert visits_to_ask_about(viewer=dana, at=now) == []
    assert visits_to_ask_about(viewer=dana, at=later) == [plan]
    assert visits_to_ask_about(viewer=theo, at=later) == []
    told = {"episode": plan.episode, "words": "", "by": dana, "at": later}
    services.note_first_visit(outcome="moved", on=(now + timedelta(days=9)).date(), **told)
    assert visits_to_ask_about(viewer=dana, at=later) == []
    assert visits_to_ask_about(viewer=dana, at=now + timedelta(days=10)) == [plan]
    row = services.note_first_visit(outcome="yes", on=(now + timedelta(days=6)).date(), **told)
    assert row.within_days == 6
    assert visits_to_ask_about(viewer=dana, at=now + timedelta(days=10)) == []


def test_the_counselor_writes_down_whether_it_took_place(as_user, dana, theo, maya, finished):
    page = reverse("aftercare:first-visit", args=[maya.pk])
    client = as_user(dana)
    assert client.post(page, {"outcome": "yes"}).status_code == 422
    assert client.post(page, {"outcome": "no", "words": "Her car broke down."}).status_code == 302
    assert b"It did not take place" in client.get(reverse("aftercare:of-patient", args=[maya.pk])).content
    assert as_user(theo).get(page).status_code == 403
