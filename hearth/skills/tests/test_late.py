"""What students read and write in lessons and on sheets without a connection: kept once, and nothing lost."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.lib import kept
from hearth.skills import queries, services
from hearth.skills.models import Practice
from hearth.skills.testing import make_stay

HOME, QUEUED = reverse("skills:home"), reverse("skills:queued")
LESSON = reverse("skills:lesson", args=["ride-the-wave"])


@pytest.fixture
def stay(maya, dana, now):
    return make_stay(maya, by=dana, at=now)


def item(what, at=None, *, key=None, **fields):
    at = at or timezone.now()
    return {"key": str(key or uuid4()), "what": what, "fields": fields, "at": at.timestamp() * 1000, "skew": 0}


def send(client, user, *items):
    body = json.dumps({"owner": kept.owner_of(user.pk), "items": items})
    return client.post(QUEUED, body, content_type="application/json").json()["results"]


def test_what_is_practised_without_a_connection_is_stored_once_and_ends_what_was_handed_out(as_user, maya, dana, stay):
    now = timezone.now()
    earlier = now - timedelta(hours=5)
    services.assign_lesson(
        patient=maya, lesson_id="ride-the-wave", due_on=now.date(), by=dana, at=now - timedelta(days=1)
    )
    late = item("practice.ride-the-wave", earlier, before="8", after="5", note="hard night")
    for _ in range(2):
        assert send(as_user(maya.user), maya.user, late) == [{"key": late["key"], "done": True, "words": ""}]
    practice = Practice.objects.get()
    assert (practice.eased, practice.note, practice.is_shared) == (3, "hard night", False)
    assert abs(practice.practised_at - earlier) < timedelta(seconds=1)
    assert queries.due_lessons(maya, now.date()) == []


def test_what_was_practised_before_it_was_handed_out_does_not_end_it(as_user, maya, dana, stay):
    now = timezone.now()
    services.assign_lesson(patient=maya, lesson_id="ride-the-wave", due_on=now.date(), by=dana, at=now)
    send(as_user(maya.user), maya.user, item("practice.ride-the-wave", now - timedelta(hours=5)))
    assert len(queries.due_lessons(maya, now.date())) == 1


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("practice.ride-the-wave", {"before": "11"}, "less than or equal to 10"),
        ("practice.unheard-of", {"note": "mine"}, "has this lesson no more"),
    ],
)
def test_a_practice_that_cannot_be_stored_is_answered_with_a_sentence(as_user, maya, stay, what, fields, words):
    (result,) = send(as_user(maya.user), maya.user, item(what, **fields))
    assert not result["done"]
    assert words in result["words"]
    assert not Practice.objects.exists()


def test_a_phone_keeps_the_lessons_that_were_handed_out_or_practised(as_user, maya, dana, stay, now):
    services.practise(patient=maya, lesson_id="feet-on-the-floor", by=maya.user, at=now)
    services.assign_lesson(patient=maya, lesson_id="ride-the-wave", due_on=now.date(), by=dana, at=now)
    page = as_user(maya.user).get(HOME).text
    for lesson in ("feet-on-the-floor", "ride-the-wave"):
        assert f'data-keep="{reverse("skills:lesson", args=[lesson])}"' in page
    assert f'data-keep="{LESSON}"' in as_user(maya.user).get("/today/").text


def test_a_kept_page_holds_the_lesson_and_nothing_that_was_written_in_it(as_user, maya, stay, now):
    services.practise(patient=maya, lesson_id="ride-the-wave", note="a secret", by=maya.user, at=now)
    page = as_user(maya.user).get(f"{LESSON}?kept=yes").text
    assert "Practise at home" in page
    assert "data-is-kept" in page
    assert "a secret" not in page
    home = as_user(maya.user).get(f"{HOME}?kept=yes").text
    assert f'hidden data-kept-here="{LESSON}"' in home
    assert "picked this for you" not in home


def test_a_lesson_about_hard_things_brings_the_way_back_along(as_user, maya, stay):
    page = as_user(maya.user).get(reverse("skills:lesson", args=["your-window"])).text
    assert f'data-keep="{reverse("skills:lesson", args=["feet-on-the-floor"])}"' in page
