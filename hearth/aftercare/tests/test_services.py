"""Completing and following up on real PostgreSQL."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction

from hearth.accounts.roles import Role
from hearth.admission.models import Episode
from hearth.admission.testing import make_episode
from hearth.aftercare import services
from hearth.aftercare.models import Discharge, FollowUp
from hearth.aftercare.queries import follow_up_of_token
from hearth.aftercare.summary import Words, pdf_of
from hearth.outbox.models import Message
from hearth.people.services import note_death
from hearth.plan.services import agree_goal
from hearth.safety.models import Concern

WORDS = Words("Weekly therapy (1.0)", "Came and practised.", "", "No thoughts of suicide.", "given")


@pytest.fixture
def episode(maya, dana, now):
    episode = make_episode(maya, by=dana, at=now)
    agree_goal(episode=episode, words="Evenings without drinking", first_step="", by=dana, at=now)
    return episode


def may_be_asked(patient, *, by, at, way="mail", address="maya.reyes@students.example"):
    return services.say_follow_up_wish(patient=patient, wants=True, way=way, address=address, by=by, at=at)


def plan_next(episode, *, by, at):
    may_be_asked(episode.patient, by=by, at=at)
    return services.write_transition_plan(
        episode=episode,
        next_care="therapy",
        next_provider="Dr. Ana Ortiz",
        follow_up_on=(at + timedelta(days=5)).date(),
        by=by,
        at=at,
    )


def complete(episode, *, by, at, despite="She moved and asked to finish early."):
    return services.discharge(episode=episode, reason="completed", words=WORDS, despite=despite, by=by, at=at)


def sent_token():
    found = re.search(r"/how-are-you/([^/]+)/", Message.objects.latest("posted_at").body)
    assert found
    return found.group(1)


def test_nobody_leaves_without_a_next_step(episode, dana, now):
    with pytest.raises(services.NotReady, match="no_transition_plan"):
        complete(episode, by=dana, at=now)
    assert Episode.objects.active().exists()


def test_completing_with_something_missing_says_why(episode, dana, now):
    plan_next(episode, by=dana, at=now)
    with pytest.raises(services.NotReady, match="criteria_missing"):
        complete(episode, by=dana, at=now, despite=" ")
    row = complete(episode, by=dana, at=now)
    assert row.body["despite"] == "She moved and asked to finish early."


def test_no_follow_up_is_planned_for_somebody_who_has_died(episode, maya, dana, ruth, now):
    plan_next(episode, by=dana, at=now)
    note_death(patient=maya, died_on=None, by=ruth, at=now)
    with pytest.raises(services.NotReady, match="died"):
        complete(episode, by=dana, at=now)
    assert not FollowUp.objects.exists()


def test_a_discharge_ends_the_episode_plans_follow_ups_and_makes_an_alumnus(episode, maya, dana, now):
    plan_next(episode, by=dana, at=now)
    row = complete(episode, by=dana, at=now)
    assert complete(episode, by=dana, at=now + timedelta(days=1)) == row
    maya.user.refresh_from_db()
    assert maya.user.has_role(Role.ALUMNUS)
    assert not Episode.objects.active().exists()
    days = list(FollowUp.objects.order_by("due_on").values_list("due_on", flat=True))
    assert days[0] == (now + timedelta(days=5)).date()
    assert len(days) == 5  # the dated one, and after 30, 90, 180 and 365 days
    assert row.body["goals"][0]["words"] == "Evenings without drinking"


def test_only_a_clinician_signs_the_end(episode, ines, dana, now):
    plan_next(episode, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        complete(episode, by=ines, at=now)


def test_a_signed_summary_cannot_be_changed(episode, dana, now):
    plan_next(episode, by=dana, at=now)
    row = complete(episode, by=dana, at=now)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Discharge.objects.filter(pk=row.pk).update(body={})


def test_the_summary_is_a_pdf(episode, dana, now):
    plan_next(episode, by=dana, at=now)
    pdf = pdf_of(complete(episode, by=dana, at=now))
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) < 200_000


def test_a_change_of_the_plan_asks_the_student_to_agree_again(episode, maya, dana, now):
    plan_next(episode, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.agree_to_transition(episode=episode, by=dana, at=now)
    assert services.agree_to_transition(episode=episode, by=maya.user, at=now).agreed_at == now
    assert plan_next(episode, by=dana, at=now).agreed_at is None


def test_a_follow_up_goes_out_once_when_it_is_due_and_says_nothing_sensitive(episode, dana, now):
    plan_next(episode, by=dana, at=now)
    complete(episode, by=dana, at=now)
    later = now + timedelta(days=5)
    assert services.send_follow_ups(today=now.date(), at=now) == 0
    assert services.send_follow_ups(today=later.date(), at=later) == 1
    assert services.send_follow_ups(today=later.date(), at=later) == 0
    message = Message.objects.get()
    assert message.to == "maya.reyes@students.example"
    assert not re.search(r"IOP|program|therapy|Hearthside", message.subject + message.body)


def test_an_answer_is_kept_once_and_a_cry_for_help_raises_a_concern(episode, maya, dana, now):
    plan_next(episode, by=dana, at=now)
    complete(episode, by=dana, at=now)
    later = now + timedelta(days=5)
    services.send_follow_ups(today=later.date(), at=later)
    row = follow_up_of_token(sent_token())
    assert row
    answers = {"1": 1, "2": 9, "3": 0, "4": 1}
    services.answer_follow_up(follow_up=row, answers=answers, language="en", token=None, at=later)
    assert Concern.objects.open().get().patient == maya
    with pytest.raises(services.AlreadyAnswered):
        services.answer_follow_up(follow_up=row, answers=answers, language="en", token=None, at=later)


def test_whoever_wants_a_call_gets_no_message(episode, maya, dana, now):
    plan_next(episode, by=dana, at=now)
    complete(episode, by=dana, at=now)
    may_be_asked(maya, by=dana, at=now, way="call", address="+13035550117")
    later = now + timedelta(days=5)
    assert services.send_follow_ups(today=later.date(), at=later) == 0
    row = services.note_contact(follow_up=FollowUp.objects.order_by("due_on")[0], note="Doing well.", by=dana, at=later)
    assert (row.reached_by, row.answered_at) == (dana, later)
