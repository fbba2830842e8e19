"""What students keep for themselves alone: stored once, found by nobody else, and taken from a phone that was offline."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hearth.audit.models import Event
from hearth.lib import kept, tenancy
from hearth.skills import own_queries, own_services
from hearth.skills.models import Helped

HELPED = reverse("skills:helped", args=["breathing"])
QUEUED = reverse("skills:queued")


def send(client, user, *items, owner=None):
    body = {"owner": owner or kept.owner_of(user.pk), "items": items}
    return client.post(QUEUED, json.dumps(body), content_type="application/json")


def item(what, fields, at, *, key=None):
    return {"key": str(key or uuid4()), "what": what, "fields": fields, "at": at.timestamp() * 1000, "skew": 0}


def test_the_ways_back_to_calm_are_open_to_anybody_and_name_nobody(client, as_user, organisation, maya):
    for page in (client.get("/calm/"), as_user(maya.user).get("/calm/")):
        assert page.status_code == 200
        assert "data-owner" not in page.text
        assert "Breathe slowly" in page.text
    assert reverse("skills:calm") in client.get("/help-now/").text


def test_what_helped_is_kept_once_and_found_again(as_user, maya):
    client, form = as_user(maya.user), {"token": uuid4(), "before": 8, "after": 5}
    for _ in range(2):
        assert client.post(HELPED, form).status_code == 302
    (row,) = own_queries.helped_of(maya.user)
    assert (row.tool, row.eased) == ("breathing", 3)
    assert "These helped you" in client.get(reverse("skills:home")).text


def test_what_helped_needs_no_number_and_no_number_beyond_ten(as_user, maya):
    client = as_user(maya.user)
    assert client.post(HELPED, {"token": uuid4(), "before": 11}).status_code == 422
    assert client.post(HELPED, {"token": uuid4()}).status_code == 302
    assert client.get(reverse("skills:helped", args=["unheard-of"])).status_code == 404


def test_nobody_else_finds_what_a_student_keeps_and_the_charts_log_is_silent(as_user, maya, jonah, dana, now):
    own_services.keep_helped(tool="senses", by=maya.user, at=now)
    assert Helped.objects.count() == 0
    for other in (dana, jonah.user):
        with tenancy.rows_of(other.pk):
            assert Helped.objects.count() == 0
    assert as_user(dana).get(HELPED).status_code == 403
    assert Event.objects.get(verb="skills.own_kept").patient_id is None


def test_a_phone_without_a_connection_sends_later_and_twice_is_once(as_user, maya, now):
    client, late = as_user(maya.user), item("helped.muscles", {"before": "7", "after": ""}, now - timedelta(days=2))
    for _ in range(2):
        answer = send(client, maya.user, late).json()
        assert answer["results"] == [{"key": late["key"], "done": True, "words": ""}]
    (row,) = own_queries.helped_of(maya.user)
    assert (row.tool, row.before, row.after) == ("muscles", 7, None)


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("helped.breathing", {"before": "99"}, "less than or equal to 10"),
        ("helped.unheard-of", {}, "could not be read"),
        ("unheard-of", {}, "could not be read"),
    ],
)
def test_what_cannot_be_stored_is_answered_with_a_sentence(as_user, maya, now, what, fields, words):
    (result,) = send(as_user(maya.user), maya.user, item(what, fields, now)).json()["results"]
    assert not result["done"]
    assert words in result["words"]


def test_a_queue_of_somebody_else_or_of_another_form_is_refused_whole(as_user, maya, jonah, now):
    client = as_user(maya.user)
    assert send(client, maya.user, item("helped.senses", {}, now), owner=kept.owner_of(jonah.user.pk)).status_code == 409
    assert client.post(QUEUED, "[]", content_type="application/json").status_code == 400
    assert own_queries.helped_of(maya.user) == []
