"""The plan's pages for the student, their counselor, a colleague and a stranger."""

import pytest
from django.urls import reverse

from hearth.admission.testing import make_episode
from hearth.plan.models import CarePlan, Goal
from hearth.plan.services import draft_plan


@pytest.fixture
def plan(maya, dana, now):
    return draft_plan(episode=make_episode(maya, by=dana, at=now), weeks=14, by=dana, at=now)


def test_the_counselor_sees_signs_and_adds(as_user, dana, maya, plan):
    client = as_user(dana)
    page = reverse("plan:of-patient", args=[maya.pk])
    assert b"Sign version 1" in client.get(page).content
    client.post(page, {"form": "goal", "words": "Evenings without drinking", "first_step": ""})
    client.post(reverse("plan:sign", args=[plan.pk]))
    shown = client.get(page).content.decode()
    assert "Evenings without drinking" in shown
    assert "Sign version" not in shown


def test_a_colleague_and_another_student_may_not(as_user, theo, jonah, maya, plan):
    page = reverse("plan:of-patient", args=[maya.pk])
    assert as_user(theo).get(page).status_code == 403
    assert as_user(jonah.user).get(page).status_code == 403
    assert as_user(theo).post(reverse("plan:sign", args=[plan.pk])).status_code == 403


def test_a_dose_below_the_level_is_refused_in_words_and_kept_as_typed(as_user, dana, maya, plan):
    answers: dict[str, object] = {"form": "dose", "days": "3", "weeks": "14", "why": "Works double shifts now"}
    for kind, (count, minutes) in {
        "group": (1, 60),
        "skills": (1, 90),
        "individual": (1, 60),
        "family": (0, 60),
    }.items():
        answers |= {f"{kind}_count": count, f"{kind}_minutes": minutes}
    page = as_user(dana).post(reverse("plan:of-patient", args=[maya.pk]), answers)
    assert page.status_code == 422
    assert b"less than the level of care asks for" in page.content
    assert b"Works double shifts now" in page.content
    assert CarePlan.objects.count() == 1


def test_the_student_reads_agrees_and_moves_a_goal(as_user, maya, plan):
    client = as_user(maya.user)
    client.post(reverse("plan:mine"), {"words": "Sleep before one", "first_step": ""})
    goal = Goal.objects.get()
    client.post(reverse("plan:move-goal", args=[goal.pk]), {"progress": "4", "status": "active"})
    client.post(reverse("plan:agree"))
    shown = client.get(reverse("plan:mine")).content.decode()
    assert "Sleep before one" in shown
    assert "You agreed to this" in shown
    assert Goal.objects.get().progress == 4


def test_a_goal_of_somebody_else_does_not_open(as_user, jonah, maya, plan, dana, now):
    goal = Goal.objects.create(
        episode=plan.episode, patient=maya, number=1, words="Mine", agreed_at=now, changed_at=now
    )
    assert as_user(jonah.user).get(reverse("plan:move-goal", args=[goal.pk])).status_code == 403
