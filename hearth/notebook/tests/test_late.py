"""What was written without a connection arrives once, over what it was written on, or beside what stands there."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hearth.lib import kept
from hearth.notebook.models import Arrival, Entry
from hearth.notebook.testing import base64_of, sealed_entry, sealed_key, sealed_late

KEY, ENTRIES, QUEUED = (reverse(f"notebook:{name}") for name in ("key", "entries", "queued"))


def put(client, address, document):
    return client.put(address, document, content_type="application/json")


def at(pk):
    return reverse("notebook:entry", args=[pk])


@pytest.fixture
def browser(as_user, maya):
    client = as_user(maya.user)
    put(client, KEY, sealed_key())
    return client


@pytest.fixture
def under(browser):
    return browser.get(KEY).json()["key"]["id"]


@pytest.fixture
def send(browser, maya):
    """Send these things as Maya's phone does; what was answered to each."""

    def sending(*items, owner=None):
        told = {"owner": owner or kept.owner_of(maya.user.pk), "sent": 0, "items": items}
        answer = browser.post(QUEUED, json.dumps(told), content_type="application/json")
        return answer.json().get("results") or answer.status_code

    return sending


def stands(browser):
    return {one["id"]: one for one in browser.get(ENTRIES).json()["entries"]}


def test_a_new_entry_arrives_once_however_often_it_is_sent(browser, under, send, now):
    late = sealed_late(under=under, at=(now - timedelta(hours=5)).timestamp() * 1000)
    for _again in range(2):
        assert send(late) == [{"key": late["key"], "done": True}]
    row = Entry.objects.get()
    assert (str(row.pk), row.ciphertext) == (late["entry"], late["ciphertext"])
    assert abs(row.created_at - (now - timedelta(hours=5))) < timedelta(seconds=1)
    assert row.changed_at - row.created_at > timedelta(hours=4)


def test_what_arrived_and_was_deleted_elsewhere_is_not_brought_back_by_a_second_sending(browser, under, send):
    late = sealed_late(under=under)
    send(late)
    browser.delete(at(late["entry"]), json.dumps({"version": 1}), content_type="application/json")
    assert send(late)[0]["done"]
    anew = sealed_late(under=under, entry=late["entry"], over=[late["key"]])
    assert (send(anew)[0]["done"], send(anew)[0]["gone"]) == (False, True)
    assert not Entry.objects.exists()


def test_what_arrived_although_its_answer_was_lost_is_kept_once_also_if_it_is_written_anew(browser, under, send):
    address = str(uuid4())
    put(browser, at(address), sealed_entry(key=under))
    late = sealed_late(under=under, entry=address, base=1)
    same = {name: late[name] for name in ("iv", "ciphertext", "version")}
    put(browser, at(address), sealed_entry(key=under, sending=late["key"], **same))
    assert send(late)[0]["done"]
    anew = sealed_late(under=under, entry=address, base=1, over=[late["key"]])
    assert send(anew)[0]["done"]
    assert [one["ciphertext"] for one in stands(browser).values()] == [anew["ciphertext"]]


def test_it_is_kept_over_the_version_it_was_written_on(browser, under, send):
    address = uuid4()
    put(browser, at(address), sealed_entry(key=under))
    late = sealed_late(under=under, entry=str(address), base=1)
    assert send(late)[0]["done"]
    assert stands(browser)[str(address)]["ciphertext"] == late["ciphertext"]
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("first_arrived", [True, False])
def test_what_is_written_anew_before_the_answer_came_goes_over_it(browser, under, send, first_arrived):
    address = str(uuid4())
    put(browser, at(address), sealed_entry(key=under))
    first = sealed_late(under=under, entry=address, base=1)
    if first_arrived:
        send(first)
    second = sealed_late(under=under, entry=address, base=1, over=[first["key"]])
    assert send(second)[0]["done"]
    assert {one["ciphertext"] for one in stands(browser).values()} == {second["ciphertext"]}


def test_two_devices_that_wrote_on_one_entry_are_both_kept_side_by_side_and_once(browser, under, send):
    address = str(uuid4())
    put(browser, at(address), sealed_entry(key=under))
    tablet = sealed_entry(key=under, version=2)
    put(browser, at(address), tablet)
    late = sealed_late(under=under, entry=address, base=1)
    for _again in range(2):
        assert send(late)[0]["done"]
    found = stands(browser)
    aside = found.pop(late["beside"]["entry"])
    assert (aside["ciphertext"], aside["beside"], aside["version"]) == (late["beside"]["ciphertext"], address, 1)
    assert [one["ciphertext"] for one in found.values()] == [tablet["ciphertext"]]

    more = sealed_late(under=under, entry=address, base=1, over=[late["key"]])
    more["beside"]["entry"] = late["beside"]["entry"]  # the phone names the same place in which it would stand
    assert send(more)[0]["done"]
    assert stands(browser)[aside["id"]]["ciphertext"] == more["beside"]["ciphertext"]
    assert len(stands(browser)) == 2


def test_keeping_one_of_two_by_hand_ends_that_they_stand_side_by_side(browser, under, send):
    address = str(uuid4())
    put(browser, at(address), sealed_entry(key=under))
    put(browser, at(address), sealed_entry(key=under, version=2))
    late = sealed_late(under=under, entry=address, base=1)
    send(late)
    put(browser, at(late["beside"]["entry"]), sealed_entry(key=under, version=2))
    assert {one["beside"] for one in stands(browser).values()} == {None}


def test_under_a_key_that_is_gone_nothing_is_kept(browser, under, send):
    assert "begun anew" in send(sealed_late(under=str(uuid4())))[0]["words"]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ciphertext": "I saw him again"},
        {"iv": base64_of(16)},
        {"over": "x"},
        {"over": [1]},
        {"beside": {"entry": "no"}},
        {"base": -1},
        {"entry": 7},
        {"at": "yesterday"},
        {"under": None},
    ],
)
def test_one_that_cannot_be_read_is_refused_and_the_others_are_kept(browser, under, send, wrong):
    answered = send(sealed_late(under=under) | wrong, sealed_late(under=under))
    assert [one["done"] for one in answered] == [False, True]
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("body", ["", "[]", '{"items": []}', '{"owner": "x", "items": [{}]}', "[" * 100_000])
def test_a_sending_that_is_none_is_refused(browser, body):
    assert browser.post(QUEUED, body, content_type="application/json").status_code == 400


def test_somebody_elses_sending_is_refused_whole_and_nobody_else_has_a_way_in(
    browser, under, send, as_user, jonah, dana, client
):
    late = sealed_late(under=under)
    assert send(late, owner=kept.owner_of(jonah.user.pk)) == 409
    told = json.dumps({"owner": kept.owner_of(jonah.user.pk), "items": [late]})
    theirs = as_user(jonah.user)
    put(theirs, KEY, sealed_key())
    assert not theirs.post(QUEUED, told, content_type="application/json").json()["results"][0]["done"]
    assert as_user(dana).post(QUEUED, told, content_type="application/json").status_code == 403
    client.logout()
    assert client.post(QUEUED, told, content_type="application/json").status_code == 302
    assert not Entry.objects.exists()


def test_beginning_anew_forgets_what_arrived(browser, under, send):
    send(sealed_late(under=under))
    browser.delete(KEY, json.dumps({"version": 1}), content_type="application/json")
    assert not Arrival.objects.exists()
