"""The plan's pages for the student, their counselor, a colleague and a stranger."""

import pytest
from django.urls import reverse

from hearth.admission.testing import make_episode
from hearth.plan.models import CarePlan, Goal
from hearth.plan.services import add_step, agree_goal, draft_plan


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
    client.post(reverse("plan:goal", args=[goal.pk]), {"progress": "4", "status": "active"})
    client.post(reverse("plan:agree"))
    shown = client.get(reverse("plan:mine")).content.decode()
    assert "Sleep before one" in shown
    assert "You agreed to this" in shown
    assert Goal.objects.get().progress == 4


def test_a_goal_of_somebody_else_does_not_open(as_user, jonah, maya, plan, dana, now):
    goal = Goal.objects.create(
        episode=plan.episode, patient=maya, number=1, words="Mine", agreed_at=now, changed_at=now
    )
    assert as_user(jonah.user).get(reverse("plan:goal", args=[goal.pk])).status_code == 403


def test_student_and_counselor_see_the_same_goal_with_its_steps(as_user, maya, jonah, dana, theo, plan):
    client, chart = as_user(maya.user), reverse("plan:of-patient", args=[maya.pk])
    client.post(reverse("plan:mine"), {"words": "Sleep before one", "first_step": "Phone out", "confidence": "4"})
    goal = Goal.objects.get()
    page, steps = reverse("plan:goal", args=[goal.pk]), reverse("plan:add-step", args=[goal.pk])
    tick = reverse("plan:tick-step", args=[goal.pk, 1])
    client.post(steps, {"words": "Walk after supper"})
    client.post(tick, {"done": ""})
    client.post(page, {"progress": "5", "confidence": "7", "helped": "The blue lamp", "status": "active"})
    as_user(dana).post(chart, {"form": "step", "goal": str(goal.pk), "words": "Call on Sunday"})
    for shown in (as_user(dana).get(chart).text, as_user(maya.user).get(reverse("plan:mine")).text):
        for words in ("Phone out", "Walk after supper", "Call on Sunday", "The blue lamp", "7 / 10"):
            assert words in shown
    for other in (jonah.user, dana):
        assert as_user(other).get(page).status_code == 403
        assert as_user(other).post(steps, {"words": "x"}).status_code == 403
        assert as_user(other).post(tick, {"done": ""}).status_code == 403
    assert as_user(theo).post(chart, {"form": "step", "goal": str(goal.pk), "words": "x"}).status_code == 403
    unheard_of = reverse("plan:tick-step", args=[goal.pk, 9])
    assert as_user(maya.user).post(unheard_of, {"done": ""}).status_code == 404


def test_what_cannot_be_kept_of_a_goal_is_said_beside_it_and_stays_typed(as_user, maya, plan, dana, now):
    goal = agree_goal(episode=plan.episode, words="Sleep", first_step="", by=maya.user, at=now)
    page = reverse("plan:goal", args=[goal.pk])
    answer = as_user(maya.user).post(page, {"progress": "11", "helped": "The blue lamp", "status": "active"})
    assert answer.status_code == 422
    assert "The blue lamp" in answer.text
    answer = as_user(maya.user).post(reverse("plan:add-step", args=[goal.pk]), {"words": ""})
    assert answer.status_code == 422
    chart = reverse("plan:of-patient", args=[maya.pk])
    answer = as_user(dana).post(chart, {"form": "step", "goal": "unheard-of", "words": "The green door"})
    assert answer.status_code == 422
    assert "The green door" in answer.text


def test_many_goals_with_many_steps_ask_no_more_queries_than_one(as_user, maya, dana, plan, now, count_queries):
    counts = []
    for many in (1, 3):
        for _ in range(many):
            goal = agree_goal(episode=plan.episode, words="Sleep", first_step="One", by=maya.user, at=now)
            for _ in range(many):
                add_step(goal=goal, words="Two", by=maya.user, at=now)
        counts.append(
            [
                count_queries(as_user(maya.user), reverse("plan:mine")),
                count_queries(as_user(dana), reverse("plan:of-patient", args=[maya.pk])),
            ]
        )
    assert counts[0] == counts[1]
