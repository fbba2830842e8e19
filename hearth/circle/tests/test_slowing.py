"""Slow mode: posts of one member wait their time, and words that show danger never do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.circle import rules, services
from hearth.circle.models import Post, SlowMode
from hearth.circle.slowing import minutes_of, pace_of
from hearth.circle.testing import make_post
from hearth.safety.models import Concern

HOME, WRITE = reverse("circle:home"), reverse("circle:write")
DANGER = "I want to kill myself tonight."
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


@pytest.fixture
def slow(circle, sam, noon):
    """The circle, in which half an hour lies between two posts."""
    services.keep_pace(circle=circle, minutes=30, by=sam, at=noon)
    return circle


@given(st.datetimes(), st.sampled_from(rules.SLOW_MINUTES), st.integers(0, 2000))
def test_the_next_post_is_free_when_its_minutes_are_over(last, minutes, later):
    free = rules.next_post_at(last, minutes, at=last + timedelta(minutes=later))
    assert free == (last + timedelta(minutes=minutes) if later < minutes else None)


def test_who_never_posted_waits_for_nothing(noon):
    assert rules.next_post_at(None, 720, at=noon) is None


def test_a_second_post_waits_its_time_and_another_member_does_not(slow, maya, jonah, noon):
    make_post(maya, "One.", at=noon)
    make_post(jonah, "Mine.", at=noon)
    with pytest.raises(services.TooSoon) as told:
        make_post(maya, "Two.", at=noon + HALF_AN_HOUR - timedelta(seconds=1))
    assert told.value.next_at == noon + HALF_AN_HOUR
    make_post(maya, "Two.", at=noon + HALF_AN_HOUR)
    assert Post.objects.count() == 3


def test_what_was_taken_back_was_a_post_and_a_question_is_none(slow, maya, noon):
    make_post(maya, "Is there group on Friday?", at=noon, kind="question")
    first = make_post(maya, "One.", at=noon)
    services.take_back(post=first, by=maya.user, at=noon)
    with pytest.raises(services.TooSoon):
        make_post(maya, "Two.", at=noon)
    make_post(maya, "And on Saturday?", at=noon, kind="question")


def test_words_that_show_danger_never_wait(slow, maya, noon):
    make_post(maya, "One.", at=noon)
    post = make_post(maya, DANGER, at=noon + timedelta(minutes=1))
    assert post.state == Post.State.HELD
    assert Concern.objects.get().source_id == post.wordings.get().pk


def test_the_same_form_sent_again_is_the_same_post_and_does_not_wait(slow, maya, noon):
    token = uuid4()
    both = [
        services.write(kind="post", text="One.", by=maya.user, at=noon + timedelta(seconds=ahead), token=token)
        for ahead in (0, 2)
    ]
    assert both[0] == both[1]
    with pytest.raises(services.TooSoon):
        services.write(kind="post", text="Other words.", by=maya.user, at=noon, token=token)


def test_what_is_written_another_way_is_no_second_post(slow, maya, noon):
    post = make_post(maya, "Text me, 720 555 0171.", at=noon)
    again = services.write_again(post=post, text="I would like company.", by=maya.user, at=noon + timedelta(minutes=1))
    assert again.state == Post.State.SHOWN


def test_typed_words_stay_and_the_time_is_said_beside_them(slow, maya, as_user, noon):
    make_post(maya, "One.", at=noon)
    browser = as_user(maya.user)
    for page in (HOME, WRITE):
        assert "30 min lie between two posts" in browser.get(page).text
        assert "You can post again on Tuesday 24 November, 12:30." in browser.get(page).text
    answer = browser.post(WRITE, {"kind": "post", "text": "And another thing.", "token": uuid4()})
    assert answer.status_code == 422
    assert "Your words stay here and are not sent yet." in answer.text
    assert "And another thing." in answer.text
    assert 'data-draft-unsent="yes"' in answer.text  # the device keeps them, too
    assert Post.objects.count() == 1


def test_where_nobody_made_it_slow_nothing_is_said(circle, maya, as_user, noon):
    make_post(maya, "One.", at=noon)
    assert "lie between two posts" not in as_user(maya.user).get(WRITE).text
    assert pace_of(make_post(maya, "Two.", at=noon).membership, at=noon).next_at is None


def test_a_host_makes_it_slow_and_ends_it_and_the_log_says_who(circle, sam, as_user, noon, time_machine):
    pace, page = (reverse(f"circle:{name}", args=[circle.pk]) for name in ("pace", "of-staff"))
    browser = as_user(sam)
    for later, minutes in enumerate((60, 60, 0, 7, "many")):
        time_machine.move_to(noon + timedelta(minutes=later), tick=False)
        browser.post(pace, {"minutes": minutes})
    assert list(SlowMode.objects.order_by("at", "pk").values_list("minutes", "by")) == [(60, sam.pk), (0, sam.pk)]
    deeds = Event.objects.filter(verb="circle.slow_mode_kept")
    assert [deed.detail for deed in deeds.order_by("pk")] == [{"minutes": 60}, {"minutes": 0}]
    assert "1 h · Sam Whitehorse" in browser.get(page).text


@pytest.mark.parametrize("viewer", ["student", "alumnus", "counselor", "other_facilitator", "supervisor", "stranger"])
def test_who_makes_a_circle_slow(circle, viewer, maya, alumni_member, dana, ruth, organisation, as_user, client):
    users = {
        "student": maya.user, "alumnus": alumni_member.patient.user, "counselor": dana, "supervisor": ruth,
        "other_facilitator": make_user("Noor Other", Role.PEER, organisation=organisation), "stranger": None,
    }  # fmt: skip
    browser = as_user(users[viewer]) if users[viewer] else client
    browser.post(reverse("circle:pace", args=[circle.pk]), {"minutes": 60})
    assert (minutes_of(circle) == 60) == (viewer == "supervisor")


def test_a_pace_that_is_no_choice_is_refused(circle, sam, dana, noon):
    with pytest.raises(ValueError, match="7"):
        services.keep_pace(circle=circle, minutes=7, by=sam, at=noon)
    with pytest.raises(PermissionDenied):
        services.keep_pace(circle=circle, minutes=30, by=dana, at=noon)
