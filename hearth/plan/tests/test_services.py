"""Plans and goals on real PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hearth.admission.testing import make_episode
from hearth.audit.models import Event
from hearth.plan import services
from hearth.plan.models import Goal, Problem
from hearth.plan.queries import current_plan, goals_of, own_goal, plans_of
from hearth.safety.models import Concern


@pytest.fixture
def episode(maya, dana, now):
    return make_episode(maya, by=dana, at=now)


@pytest.fixture
def plan(episode, dana, now):
    return services.draft_plan(episode=episode, weeks=14, by=dana, at=now)


def test_drafting_twice_keeps_the_first(episode, plan, dana, now):
    assert services.draft_plan(episode=episode, weeks=12, by=dana, at=now) == plan


def test_a_change_makes_a_new_version_with_its_reason_and_moves_the_end(episode, plan, dana, now):
    changed = services.change_plan(
        episode=episode, dose=plan.dose, weeks=16, why="Wants more time for sleep.", by=dana, at=now
    )
    assert (changed.version, changed.signed_at) == (2, None)
    episode.refresh_from_db()
    assert episode.planned_end_on == episode.starts_on + timedelta(weeks=16)
    assert current_plan(episode) == changed


def test_a_change_that_does_not_fit_changes_nothing(episode, plan, dana, now):
    small = plan.dose | {"group": {"count": 1, "minutes": 60, "per_day": 1}}
    with pytest.raises(services.UnusablePlan, match="below_level"):
        services.change_plan(episode=episode, dose=small, weeks=14, why="x", by=dana, at=now)
    assert current_plan(episode) == plan


def test_only_clinicians_of_the_team_sign(plan, dana, theo, ines, now):
    for other in (theo, ines):
        with pytest.raises(PermissionDenied):
            services.sign_plan(plan=plan, by=other, at=now)
    signed = services.sign_plan(plan=plan, by=dana, at=now)
    again = services.sign_plan(plan=plan, by=dana, at=now + timedelta(days=1))
    assert again.signed_at == signed.signed_at == now


def test_the_student_agrees_and_nobody_else_can(plan, maya, dana, now):
    with pytest.raises(PermissionDenied):
        services.agree_to_plan(plan=plan, by=dana, at=now)
    assert services.agree_to_plan(plan=plan, by=maya.user, at=now).agreed_at == now


def test_goals_are_in_the_students_words_and_move_as_they_say(episode, maya, dana, jonah, now):
    first = services.agree_goal(episode=episode, words=" Sleep before one ", first_step="", by=maya.user, at=now)
    services.agree_goal(episode=episode, words="Call my sister", first_step="Tonight", by=dana, at=now)
    assert [(goal.number, goal.words) for goal in goals_of(maya)] == [(1, "Sleep before one"), (2, "Call my sister")]
    services.move_goal(goal=first, progress=7, status=Goal.Status.ACTIVE, by=maya.user, at=now)
    assert goals_of(maya)[0].progress == 7
    with pytest.raises(PermissionDenied):
        services.move_goal(goal=first, progress=0, status=Goal.Status.ACTIVE, by=jonah.user, at=now)
    assert Event.objects.filter(verb="plan.goal_moved", detail={"progress": 7, "status": "active"}).exists()


def test_a_goal_has_steps_how_sure_they_are_and_what_helped(episode, maya, dana, theo, now):
    goal = services.agree_goal(
        episode=episode, words="Sleep before one", first_step=" Phone out ", confidence=4, by=maya.user, at=now
    )
    services.add_step(goal=goal, words="Walk after supper", by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.add_step(goal=goal, words="Not mine to say", by=theo, at=now)
    services.move_goal(
        goal=goal, progress=3, confidence=6, helped=" Alma ", status=Goal.Status.ACTIVE, by=maya.user, at=now
    )
    (first, second) = own_goal(viewer=maya.user, pk=goal.pk).steps.all()
    for moment in (now, now + timedelta(days=1)):
        services.tick_step(step=first, is_done=True, by=maya.user, at=moment)
    shown = goals_of(maya).get()
    assert (shown.confidence, shown.helped) == (6, "Alma")
    assert [(step.words, step.done_at) for step in shown.steps.all()] == [("Phone out", now), (second.words, None)]
    services.tick_step(step=first, is_done=False, by=maya.user, at=now)
    assert own_goal(viewer=maya.user, pk=goal.pk).steps.all()[0].done_at is None


def test_a_new_main_problem_takes_the_place_of_the_old(episode, dana, now):
    for text in ("Depression", "Alcohol use disorder"):
        services.note_problem(episode=episode, text=text, is_primary=True, by=dana, at=now)
    assert list(Problem.objects.filter(is_primary=True).values_list("text", flat=True)) == ["Alcohol use disorder"]


def test_plans_of_many_episodes_come_in_one_query(episode, plan, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert plans_of(type(episode).objects.all()) == {episode.pk: plan}


@pytest.mark.parametrize("field", ["words", "first_step"])
def test_words_of_danger_in_a_goal_of_their_own_are_a_concern_at_once(episode, maya, dana, now, field):
    said: dict[str, Any] = {"words": "Sleep", "first_step": "", field: "I am going to kill myself tonight"}
    services.agree_goal(episode=episode, **said, by=dana, at=now)
    assert not Concern.objects.exists()
    services.agree_goal(episode=episode, **said, by=maya.user, at=now)
    assert Concern.objects.get().severity == "emergency"


@pytest.mark.parametrize("told", ["step", "helped"])
def test_words_of_danger_in_a_step_or_in_what_helped_are_a_concern_at_once(episode, maya, now, told):
    goal = services.agree_goal(episode=episode, words="Sleep", first_step="", by=maya.user, at=now)
    said = "I am going to kill myself tonight"
    if told == "step":
        services.add_step(goal=goal, words=said, by=maya.user, at=now)
    else:
        services.move_goal(goal=goal, progress=0, helped=said, status=Goal.Status.ACTIVE, by=maya.user, at=now)
    assert Concern.objects.get().severity == "emergency"
