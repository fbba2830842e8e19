"""Appeals while they are open, one kind word for a post, and what a host sent back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.circle import queries, services
from hearth.circle.models import Post
from hearth.circle.testing import make_post

HELD, SHOWN, HIDDEN = Post.State.HELD, Post.State.SHOWN, Post.State.HIDDEN


@pytest.fixture
def later(noon):
    """One minute after the other."""
    return [noon + timedelta(minutes=minutes) for minutes in range(8)]


@pytest.fixture
def appealed(circle, maya, sam, later):
    """A post that Sam sent back and of which Maya asks for somebody else."""
    post = make_post(maya, at=later[0])
    services.decide(post=post, what="return", words="Could it be softer?", by=sam, at=later[1])
    services.appeal(post=post, words="I meant it kindly.", by=maya.user, at=later[2])
    return post


def test_an_appeal_is_closed_by_writing_the_post_again(appealed, maya, sam, ruth, later):
    services.write_again(post=appealed, text="I slept well.", by=maya.user, at=later[3])
    (line,) = queries.queue(viewer=sam, at=later[3])
    assert (line.post.state, line.appeal) == (HELD, None)
    services.decide(post=appealed, what="return", words="Nearly.", by=sam, at=later[4])
    services.decide(post=appealed, what="hide", words="Let us talk about it.", by=sam, at=later[5])
    appealed.refresh_from_db()
    assert appealed.state == HIDDEN


def test_an_appeal_taken_back_with_its_post_waits_for_nobody(appealed, maya, ruth, later):
    services.take_back(post=appealed, by=maya.user, at=later[3])
    assert queries.queue(viewer=ruth, at=later[3]) == []


def test_what_a_host_sent_back_is_read_by_a_host_however_often_it_is_written_again(circle, maya, sam, later):
    post = make_post(maya, at=later[0])
    services.decide(post=post, what="return", words="Could it be softer?", by=sam, at=later[1])
    for moment, text in ((later[2], "I slept well."), (later[3], "I slept very well.")):
        assert services.write_again(post=post, text=text, by=maya.user, at=moment).state == HELD


def test_a_kind_word_about_one_post_is_counted_once(circle, maya, sam, ruth, later):
    post = make_post(maya, "dm me", at=later[0])
    services.decide(post=post, what="strike", words="Let us talk about the rule.", by=sam, at=later[1])
    with pytest.raises(services.NotPossible):
        services.decide(post=post, what="strike", words="Once more.", by=ruth, at=later[2])
    assert make_post(maya, "Good morning", at=later[3]).state == SHOWN


@pytest.fixture
def hosted_by_members(circle, maya, jonah, ruth, noon):
    """The circle with Maya and Jonah, who are peer specialists as well and host it."""
    for patient in (maya, jonah):
        patient.user.roles = [*patient.user.roles, Role.PEER]
        patient.user.save(update_fields=["roles"])
        services.name_host(circle=circle, member=patient.user.pk, by=ruth, at=noon)
    return circle


def test_a_host_who_wrote_or_reported_a_post_does_not_decide_and_another_one_does(
    hosted_by_members, maya, jonah, sam, walt, later
):
    post, other = (make_post(maya, text, at=later[0]) for text in ("I slept well.", "I slept badly."))
    services.report(post=post.pk, why="unkind", words="", by=jonah.user, at=later[1])
    for host in (maya.user, jonah.user, walt):
        assert queries.queue(viewer=host, at=later[2]) == []
        with pytest.raises(PermissionDenied):
            services.decide(post=post, what="keep", words="", by=host, at=later[2])
    assert queries.access_post(viewer=jonah.user, pk=other.pk, at=later[2]) == other
    services.decide(post=post, what="keep", words="", by=sam, at=later[3])


def test_a_director_decides_where_every_host_wrote_or_reported_it(
    hosted_by_members, maya, jonah, sam, ruth, walt, as_user, later, time_machine
):
    post = make_post(maya, at=later[0])
    services.report(post=post.pk, why="unkind", words="", by=jonah.user, at=later[1])
    services.end_host(circle=hosted_by_members, host=hosted_by_members.hosts.get(member=sam).pk, by=ruth, at=later[1])
    assert queries.waiting_count(viewer=walt) == 0
    ruth.is_active = False
    ruth.save(update_fields=["is_active"])
    time_machine.move_to(later[2], tick=False)
    browser = as_user(walt)
    assert "1 post of the circle waits for a host" in browser.get("/today/").text
    assert str(post.pk) in browser.get(reverse("circle:waiting")).text
    browser.post(reverse("circle:post", args=[post.pk]), {"what": "keep", "words": ""})
    assert queries.waiting_count(viewer=walt) == 0
