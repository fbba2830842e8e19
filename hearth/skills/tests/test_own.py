"""What students keep for themselves alone: stored once, found by nobody else, taken from a phone that was offline."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from hearth.audit.models import Event
from hearth.lib import kept, tenancy
from hearth.people.testing import make_patient
from hearth.skills import coping_services, own_queries, own_services, waves
from hearth.skills.models import Activity, Helped, Urge

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
        assert "/my/safety-plan/" not in page.text
        assert "Breathe slowly" in page.text
    assert reverse("skills:calm") in client.get("/help-now/").text


def test_what_helped_is_kept_once_and_found_again(as_user, maya):
    client, form = as_user(maya.user), {"token": uuid4(), "before": 8, "after": 5}
    for _ in range(2):
        assert client.post(HELPED, form).status_code == 302
    (row,) = own_queries.helped_of(maya.user)
    assert (row.tool, row.eased) == ("breathing", 3)
    assert "These helped you" in client.get(reverse("skills:home")).text


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_many_taps_at_once_keep_one_row_and_one_plan(stored_organisation, now):
    pk, token, together, taps = stored_organisation.pk, uuid4(), Barrier(6), range(6)
    with tenancy.within(pk):
        owner = make_patient("Maya", "Reyes", at=now).user
    assert owner
    words = dict.fromkeys(coping_services.PARTS, "Walk")

    def tap(_number):
        try:
            together.wait()
            with tenancy.within(pk):
                plan = coping_services.keep_plan(words=words, people=[], version=0, by=owner, at=now)
                return plan.version, own_services.keep_urge(strength=7, by=owner, at=now, token=token).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(taps)) as threads:
        kept_ones = set(threads.map(tap, taps))
    with tenancy.within(pk):
        assert kept_ones == {(1, urge.pk) for urge in own_queries.urges_of(owner)}
        assert Event.objects.filter(verb="skills.own_kept").count() == 2


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
    client, other = as_user(maya.user), kept.owner_of(jonah.user.pk)
    assert send(client, maya.user, item("helped.senses", {}, now), owner=other).status_code == 409
    assert client.post(QUEUED, "[]", content_type="application/json").status_code == 400
    assert own_queries.helped_of(maya.user) == []


URGE, URGES = reverse("skills:new-urge"), reverse("skills:urges")
ACTIVITIES = reverse("skills:activities")


@pytest.mark.parametrize(
    ("points", "names", "expected"),
    [
        ([], [], waves.Change(0, None, "")),
        ([None], [" "], waves.Change(0, None, "")),
        ([4, None, 1], ["Called Alma", "walked", "called  alma"], waves.Change(2, 2, "Called Alma")),
    ],
)
def test_waves_are_looked_at_together(points, names, expected):
    assert waves.change(points, names) == expected


def test_an_urge_is_kept_once_with_what_helped_and_its_pattern_is_told(as_user, maya):
    client = as_user(maya.user)
    assert "Your waves come here" in client.get(URGES).text
    assert client.post(URGE, {"token": uuid4(), "after": 3}).status_code == 422
    form = {"token": uuid4(), "strength": 8, "after": 3, "helped": "Called Alma", "trigger": "Payday"}
    for _ in range(2):
        assert client.post(URGE, form).status_code == 302
    page = client.get(URGES).text
    assert "fell by 5 points" in page
    assert "What helped most often: Called Alma" in page
    assert "Called Alma" in client.get(reverse("skills:hard-days")).text


def test_a_small_thing_is_planned_done_and_becomes_a_card_where_it_lifted(as_user, maya, now):
    client = as_user(maya.user)
    client.post(ACTIVITIES, {"token": uuid4(), "what": "Wash one cup", "on": "2026-11-24"})
    (row,) = own_queries.activities_of(maya.user)
    assert "Wash one cup" in client.get(ACTIVITIES).text
    link = reverse("skills:did", args=[row.pk])
    assert client.post(link, {"token": uuid4(), "before": 3, "after": 11}).status_code == 422
    for after in (5, 9):  # told twice, the first time counts
        assert client.post(link, {"token": uuid4(), "before": 3, "after": after}).status_code == 302
    (row,) = own_queries.activities_of(maya.user)
    assert row.lifted == 2
    assert "Your mood rose by 2 points" in client.get(ACTIVITIES).text
    assert "Wash one cup" in client.get(reverse("skills:hard-days")).text


def test_urges_and_small_things_are_their_students_alone(as_user, maya, jonah, dana, now):
    urge = own_services.keep_urge(strength=7, by=maya.user, at=now)
    planned = own_services.plan_activity(what="Walk", on=now.date(), by=maya.user, at=now)
    assert (Urge.objects.count(), Activity.objects.count()) == (0, 0)
    links = [reverse("skills:did", args=[planned.pk]), reverse("skills:delete-activity", args=[planned.pk])]
    for link in (*links, reverse("skills:delete-urge", args=[urge.pk])):
        for other in (jonah.user, dana):
            assert as_user(other).post(link, {"token": uuid4()}).status_code == 403
    assert len(own_queries.urges_of(maya.user)) == len(own_queries.activities_of(maya.user)) == 1
    for link in (links[1], reverse("skills:delete-urge", args=[urge.pk])):
        assert as_user(maya.user).post(link).status_code == 302
    assert own_queries.urges_of(maya.user) == []
    assert own_queries.activities_of(maya.user) == []


def test_urges_and_small_things_written_without_a_connection_arrive_with_their_time(as_user, maya):
    now = timezone.now()
    earlier = now - timedelta(hours=5)
    planned = own_services.plan_activity(what="Walk", on=now.date(), by=maya.user, at=now)
    answer = send(
        as_user(maya.user),
        maya.user,
        item("urge", {"strength": "6", "helped": "Tea"}, earlier),
        item("activity", {"what": "Wash one cup", "on": "2026-11-25"}, earlier),
        item(f"did.{planned.pk}", {"before": "2", "after": "4"}, earlier),
        item(f"did.{uuid4()}", {}, earlier),  # taken away meanwhile: nothing is left to do
        item("did.nothing", {}, earlier),
    ).json()
    assert [result["done"] for result in answer["results"]] == [True, True, True, True, False]
    (urge,) = own_queries.urges_of(maya.user)
    assert (urge.strength, urge.helped) == (6, "Tea")
    assert urge.at < now
    # the record says when it reached us, never what the phone's clock said
    assert not Event.objects.filter(verb="skills.own_kept", at__lt=now).exists()
    lifted = {row.what: row.lifted for row in own_queries.activities_of(maya.user)}
    assert lifted == {"Walk": 2, "Wash one cup": None}


def test_pages_of_many_urges_and_small_things_ask_no_more_queries_than_of_few(as_user, maya, now, count_queries):
    counts, client = [], as_user(maya.user)
    for many in (1, 8):
        for _ in range(many):
            own_services.keep_urge(strength=7, after=2, by=maya.user, at=now)
            own_services.plan_activity(what="Walk", on=now.date(), by=maya.user, at=now)
        counts.append([count_queries(client, link) for link in (URGES, URGE, ACTIVITIES, reverse("skills:home"))])
    assert counts[0] == counts[1]
