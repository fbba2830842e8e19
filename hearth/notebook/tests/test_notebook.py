"""The notebook's server: who may come in, what it takes, what it never holds."""

import json
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hearth.audit.models import Event
from hearth.lib import tenancy
from hearth.notebook import rules
from hearth.notebook.models import Entry, NotebookKey
from hearth.notebook.testing import base64_of, sealed_entry, sealed_key

HOME = reverse("notebook:home")
KEY = reverse("notebook:key")
ENTRIES = reverse("notebook:entries")


def put(client, address, document):
    return client.put(address, document, content_type="application/json")


def delete(client, address, version):
    return client.delete(address, json.dumps({"version": version}), content_type="application/json")


def at(pk):
    return reverse("notebook:entry", args=[pk])


@pytest.fixture
def browser(as_user, maya):
    """Maya's browser, her notebook set up."""
    client = as_user(maya.user)
    assert put(client, KEY, sealed_key()).status_code == 200
    return client


@pytest.fixture
def key(browser):
    return browser.get(KEY).json()["key"]["id"]


@pytest.fixture
def kept(browser, key):
    """The address of one entry of Maya's."""
    address = at(uuid4())
    assert put(browser, address, sealed_entry(key=key)).status_code == 200
    return address


def test_a_notebook_begins_without_a_key(as_user, maya):
    assert as_user(maya.user).get(KEY).json() == {"key": None}


def test_the_page_carries_nothing_of_the_notebook_and_is_not_kept_by_the_browser(browser, kept):
    page = browser.get(HOME)
    assert page.status_code == 200
    assert Entry.objects.get().ciphertext not in page.text
    assert page["Cache-Control"] == "no-store, private"
    assert "Nobody reads this notebook" in page.text
    assert "it needs JavaScript" in page.text


def test_a_key_is_given_back_as_it_was_sent(as_user, maya):
    client = as_user(maya.user)
    sent = sealed_key()
    put(client, KEY, sent)
    found = client.get(KEY).json()["key"]
    assert (found["passphrase"], found["recovery"], found["version"]) == (sent["passphrase"], sent["recovery"], 1)


def test_a_second_set_up_does_not_overwrite_the_first(browser):
    before = browser.get(KEY).json()
    again = put(browser, KEY, sealed_key())
    assert (again.status_code, again.json()["problem"]) == (409, "stale")
    assert browser.get(KEY).json() == before


def test_a_key_is_wrapped_anew_over_the_version_that_was_seen(browser, key):
    assert put(browser, KEY, sealed_key(version=1)).json()["key"]["version"] == 2
    assert put(browser, KEY, sealed_key(version=1)).status_code == 409
    assert browser.get(KEY).json()["key"]["id"] == key


def test_entries_come_back_encrypted_and_newest_first(browser, key):
    sent = [sealed_entry(key=key) for _ in range(3)]
    for one in sent:
        put(browser, at(uuid4()), one)
    found = browser.get(ENTRIES).json()
    assert [one["ciphertext"] for one in found["entries"]] == [one["ciphertext"] for one in reversed(sent)]
    assert found["next"] is None


def test_many_entries_come_in_parts(browser, key, maya, now):
    Entry.objects.bulk_create(
        Entry(patient=maya, key_id=key, iv=base64_of(12), ciphertext=base64_of(60), created_at=now, changed_at=now)
        for _ in range(101)
    )
    first = browser.get(ENTRIES).json()
    rest = browser.get(ENTRIES, {"from": first["next"]}).json()
    assert len({one["id"] for one in first["entries"] + rest["entries"]}) == 101
    assert rest["next"] is None
    assert browser.get(ENTRIES, {"from": "-1"}).status_code == 422


def test_two_tabs_do_not_overwrite_each_other(browser, key, kept):
    first = sealed_entry(key=key, version=2)
    assert put(browser, kept, first).json()["entry"]["version"] == 2
    second = put(browser, kept, sealed_entry(key=key, version=2))
    assert second.status_code == 409
    assert second.json()["entry"]["ciphertext"] == first["ciphertext"]
    assert Entry.objects.get().ciphertext == first["ciphertext"]


def test_the_same_entry_sent_twice_is_kept_once(browser, key):
    address, sent = at(uuid4()), sealed_entry(key=key)
    assert [put(browser, address, sent).status_code for _ in range(2)] == [200, 200]
    assert Entry.objects.count() == 1


def test_an_entry_deleted_elsewhere_is_not_brought_back_by_an_older_tab(browser, key, kept):
    assert delete(browser, kept, 1).status_code == 204
    answer = put(browser, kept, sealed_entry(key=key, version=2))
    assert (answer.status_code, answer.json()["entry"]) == (409, None)
    assert not Entry.objects.exists()


def test_deleting_is_refused_where_the_entry_was_changed_in_between(browser, key, kept):
    put(browser, kept, sealed_entry(key=key, version=2))
    assert delete(browser, kept, 1).status_code == 409
    assert delete(browser, kept, 2).status_code == 204
    assert delete(browser, kept, 2).status_code == 204


def test_beginning_anew_takes_everything_and_an_old_tab_cannot_write_under_the_old_key(browser, key, kept):
    assert delete(browser, KEY, 7).status_code == 409
    assert delete(browser, KEY, 1).status_code == 204
    assert not Entry.objects.exists()
    assert not NotebookKey.objects.exists()
    put(browser, KEY, sealed_key())
    late = put(browser, at(uuid4()), sealed_entry(key=key))
    assert (late.status_code, late.json()["problem"]) == (409, "other-key")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"ciphertext": "I saw him again today"}, "ciphertext"),
        ({"ciphertext": base64_of(16)}, "ciphertext"),
        ({"ciphertext": base64_of(200_001)}, "ciphertext"),
        ({"ciphertext": "A" * 400_000}, "size"),
        ({"ciphertext": 7}, "ciphertext"),
        ({"iv": base64_of(16)}, "iv"),
        ({"version": 0}, "version"),
        ({"version": True}, "version"),
        ({"key": None}, "key"),
    ],
)
def test_what_is_not_an_encrypted_entry_is_refused(browser, key, wrong, problem):
    answer = put(browser, at(uuid4()), sealed_entry(key=key) | wrong)
    assert (answer.status_code, answer.json()) == (422, {"problem": problem})
    assert not Entry.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 100_000, '"text"', b"\xff\xfe{"])
def test_what_is_not_a_document_is_refused(browser, body):
    for address in (KEY, at(uuid4())):
        answer = browser.put(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()) == (422, {"problem": "json"})


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"iterations": 599_999}, "iterations"),
        ({"passphrase": {"salt": base64_of(8), "iv": base64_of(12), "key": base64_of(48)}}, "salt"),
        ({"recovery": "ABCD-EFGH"}, "recovery"),
        ({"version": -1}, "version"),
    ],
)
def test_a_weak_or_broken_key_is_refused(as_user, maya, wrong, problem):
    client = as_user(maya.user)
    assert put(client, KEY, sealed_key() | wrong).json() == {"problem": problem}
    assert not NotebookKey.objects.exists()


def test_the_largest_entry_fits(browser, key):
    largest = sealed_entry(key=key, ciphertext=base64_of(rules.LARGEST_ENTRY))
    assert put(browser, at(uuid4()), largest).status_code == 200


def test_the_database_itself_refuses_plain_words(browser, key, maya, now):
    with pytest.raises(IntegrityError, match="an_entry_is_base64_and_never_plain_words"), transaction.atomic():
        Entry.objects.create(
            patient=maya, key_id=key, iv=base64_of(12), ciphertext="I saw him again", created_at=now, changed_at=now
        )


def test_another_student_finds_their_own_notebook_and_no_way_into_mayas(browser, kept, as_user, jonah):
    theirs = as_user(jonah.user)
    assert theirs.get(KEY).json() == {"key": None}
    assert theirs.get(ENTRIES).json()["entries"] == []
    put(theirs, KEY, sealed_key())
    own_key = theirs.get(KEY).json()["key"]["id"]
    before = Entry.objects.get().ciphertext
    assert put(theirs, kept, sealed_entry(key=own_key)).status_code == 403
    assert put(theirs, kept, sealed_entry(key=own_key, version=2)).json() == {"problem": "stale", "entry": None}
    assert delete(theirs, kept, 1).status_code == 204  # nothing of theirs is there, which is all they learn
    assert Entry.objects.get().ciphertext == before


def test_nobody_of_the_staff_has_a_way_in_whatever_they_are(kept, as_user, dana, ruth, walt, priya):
    for somebody in (dana, ruth, walt, priya):
        client = as_user(somebody)
        answers = [client.get(HOME), client.get(KEY), client.get(ENTRIES), delete(client, kept, 1)]
        assert [one.status_code for one in answers] == [403] * 4


def test_a_stranger_is_asked_to_sign_in(kept, client):
    client.logout()
    assert [client.get(address).status_code for address in (HOME, KEY, ENTRIES)] == [302] * 3
    assert delete(client, kept, 1).status_code == 302
    assert Entry.objects.exists()


def test_writing_without_the_token_of_the_page_is_refused(browser, kept):
    browser.handler.enforce_csrf_checks = True
    assert delete(browser, kept, 1).status_code == 403


def test_the_record_tells_of_keys_and_neither_how_often_somebody_writes_nor_when(browser, key, kept, maya):
    delete(browser, kept, 1)
    put(browser, KEY, sealed_key(version=1))
    delete(browser, KEY, 2)
    events = Event.objects.filter(verb__startswith="notebook.").order_by("at", "pk")
    assert {one.verb for one in events} == {
        "notebook.set_up",
        "notebook.passphrase_changed",
        "notebook.begun_anew",
    }
    assert {one.patient_id for one in events} == {maya.pk}
    assert all(set(one.detail) <= {"version"} for one in events)


def test_forgetting_a_filter_shows_nothing_of_another_organisation(kept):
    with tenancy.within(uuid4()):
        assert not Entry.objects.exists()
        assert not NotebookKey.objects.exists()


def test_the_list_asks_the_database_as_often_for_many_entries_as_for_one(browser, key, kept, count_queries):
    few = count_queries(browser, ENTRIES)
    for _ in range(5):
        put(browser, at(uuid4()), sealed_entry(key=key))
    assert count_queries(browser, ENTRIES) == few
