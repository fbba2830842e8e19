"""Appeals while they are open, one kind word for a post, and what a host sent back."""

from datetime import timedelta

import pytest

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
