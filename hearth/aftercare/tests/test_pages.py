"""Aftercare's pages for the student, their counselor, a colleague, and a stranger with a link."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from hearth.admission.models import Episode
from hearth.admission.testing import make_episode
from hearth.aftercare import services
from hearth.aftercare.models import FollowUp, TransitionPlan
from hearth.aftercare.tests.test_services import complete, plan_next, sent_token
from hearth.skills.map_services import put


@pytest.fixture
def episode(maya, dana, now):
    return make_episode(maya, by=dana, at=now)


@pytest.fixture
def finished(episode, dana, now):
    plan_next(episode, by=dana, at=now)
    return complete(episode, by=dana, at=now)


def test_the_counselor_plans_and_signs_the_end(as_user, dana, maya, episode):
    client = as_user(dana)
    page = reverse("aftercare:of-patient", args=[maya.pk])
    soon = (timezone.now() + timedelta(days=4)).date().isoformat()
    plan = {"form": "transition", "next_care": "therapy", "next_provider": "Dr. Ana Ortiz", "follow_up_on": soon}
    assert client.post(page, plan).status_code == 302
    ending = {
        "form": "discharge",
        "reason": "completed",
        "level_at_discharge": "1.0",
        "course": "Came and practised.",
        "risk": "None said.",
        "naloxone": "given",
        "sure": "on",
    }
    refused = client.post(page, ending)
    assert b"Not every required point is met." in refused.content
    assert b"Came and practised." in refused.content
    assert client.post(page, ending | {"despite": "Moves to Utah."}).status_code == 302
    assert Episode.objects.get().end_reason == "completed"


def test_a_follow_up_in_the_past_is_refused_and_nothing_is_kept(as_user, dana, maya, episode):
    answers = {"form": "transition", "next_care": "group", "next_provider": "Open circle", "follow_up_on": "2026-01-01"}
    page = as_user(dana).post(reverse("aftercare:of-patient", args=[maya.pk]), answers)
    assert b"This day has passed." in page.content
    assert b"Open circle" in page.content
    assert not TransitionPlan.objects.exists()


def test_a_colleague_and_another_student_may_not(as_user, theo, jonah, maya, finished):
    for user in (theo, jonah.user):
        assert as_user(user).get(reverse("aftercare:of-patient", args=[maya.pk])).status_code == 403
        assert as_user(user).get(reverse("aftercare:summary", args=[finished.pk])).status_code == 403


def test_the_student_reads_agrees_and_opens_the_summary(as_user, maya, finished):
    client = as_user(maya.user)
    assert b"Dr. Ana Ortiz" in client.get(reverse("aftercare:mine")).content
    client.post(reverse("aftercare:agree"))
    assert b"You agreed to this" in client.get(reverse("aftercare:mine")).content
    pdf = client.get(reverse("aftercare:summary", args=[finished.pk]))
    assert pdf["Content-Type"] == "application/pdf"


def test_the_link_opens_four_questions_and_names_nobody(client, finished, now):
    later = now + timedelta(days=5)
    services.send_follow_ups(today=later.date(), at=later)
    FollowUp.objects.filter(sent_at__isnull=False).update(sent_at=timezone.now())  # open whenever this runs
    link = reverse("aftercare:answer", args=[sent_token()])
    page = client.get(link)
    assert b"Maya" not in page.content
    answers = {"token": page.context["form"]["token"].value()}
    answers |= {f"q-{number}": value for number, value in {"1": "1", "2": "2", "3": "1", "4": "1"}.items()}
    assert client.post(link, answers).status_code == 302
    assert b"Someone will call you." in client.get(link).content
    assert FollowUp.objects.filter(answered_at__isnull=False).count() == 1


def test_a_wrong_link_opens_nothing(client, finished):
    assert client.get(reverse("aftercare:answer", args=["no-such-token"])).status_code == 404


def test_the_board_asks_as_often_for_many_as_for_few(as_user, ruth, dana, finished, now, count_queries):
    from hearth.people.testing import make_patient

    client = as_user(ruth)
    few = count_queries(client, reverse("aftercare:list"))
    for number in range(8):
        patient = make_patient(f"Ben{number}", "Many", at=now)
        episode = make_episode(patient, by=ruth, at=now)
        plan_next(episode, by=ruth, at=now)
        complete(episode, by=ruth, at=now)
    assert count_queries(client, reverse("aftercare:list")) == few


def on_the_map(patient, name, *, at, effect="easier"):
    said = {"name": name, "kind": "friend", "ring": 1, "knows": "yes", "effect": effect, "note": "between us"}
    return put(by=patient.user, at=at, **said)


def test_the_student_writes_people_of_their_map_under_whom_to_call(as_user, maya, dana, episode, now):
    client, page = as_user(maya.user), reverse("aftercare:name-people")
    assert client.get(page).status_code == 404
    plan_next(episode, by=dana, at=now)
    services.agree_to_transition(episode=episode, by=maya.user, at=now)
    alma = on_the_map(maya, "Alma", at=now)
    nico = on_the_map(maya, "Nico", at=now, effect="harder")
    assert client.post(page, {"chosen": [nico.pk]}).status_code == 422
    assert client.post(page, {"chosen": [alma.pk]}).status_code == 302
    plan = TransitionPlan.objects.get()
    assert plan.people == "Alma"
    assert plan.agreed_at is not None
    assert b"Alma" in client.get(reverse("aftercare:mine")).content


def test_people_join_no_plan_that_was_signed_and_nobody_elses(as_user, maya, jonah, dana, episode, finished, now):
    alma = on_the_map(maya, "Alma", at=now)
    page = reverse("aftercare:name-people")
    assert as_user(maya.user).post(page, {"chosen": [alma.pk]}).status_code == 404
    for who in (dana, jonah.user):
        with pytest.raises(PermissionDenied):
            services.name_people(episode=episode, chosen=[alma.pk], by=who, at=now)
    with pytest.raises(PermissionDenied):
        services.name_people(episode=episode, chosen=[alma.pk], by=maya.user, at=now)
