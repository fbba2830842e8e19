import base64
import json
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hearth.notebook.models import Entry, NotebookKey

HOME, KEY, ENTRIES = (reverse(f"notebook:{name}") for name in ("home", "key", "entries"))


def text(size, fill=7):
    return base64.b64encode(bytes([fill]) * size).decode()


def wrapping(fill=7, **other):
    return {"salt": text(16, fill), "iv": text(12, fill), "wrapped": text(48, fill)} | other


def key(**other):
    return {"iterations": 600_000, "passphrase": wrapping(1), "recovery": wrapping(2)} | other


def sealed(fill=7, size=40, **other):
    return {"iv": text(12, fill), "ciphertext": text(size, fill)} | other


def entry(pk):
    return reverse("notebook:entry", args=[pk])


@pytest.fixture
def send(as_user):
    """`send(user, method, link, message)` as the notebook's script does."""

    def sent(user, method, link, message=None):
        body = "" if message is None else message if isinstance(message, str) else json.dumps(message)
        return as_user(user).generic(method, link, body, content_type="application/json")

    return sent


@pytest.fixture
def opened(send, maya):
    """Maya's notebook is set up."""
    assert send(maya.user, "POST", KEY, key()).status_code == 201
    return maya


def test_a_notebook_is_set_up_once_and_its_wrapped_key_comes_back(send, maya):
    assert send(maya.user, "GET", KEY).json() == {"key": None}
    assert send(maya.user, "POST", KEY, key()).status_code == 201
    assert send(maya.user, "GET", KEY).json()["key"] == key()
    again = send(maya.user, "POST", KEY, key(passphrase=wrapping(9)))
    assert (again.status_code, again.json()["problem"]) == (409, "already_set_up")


def test_a_new_passphrase_leaves_the_recovery_code_as_it_was(send, opened):
    send(opened.user, "POST", reverse("notebook:new-passphrase"), wrapping(5))
    assert send(opened.user, "GET", KEY).json()["key"] == key(passphrase=wrapping(5))
    send(opened.user, "POST", reverse("notebook:new-recovery"), wrapping(6))
    assert send(opened.user, "GET", KEY).json()["key"] == key(passphrase=wrapping(5), recovery=wrapping(6))


def test_entries_are_kept_changed_listed_and_deleted(send, opened):
    link = entry(uuid4())
    first = send(opened.user, "PUT", link, sealed(1)).json()["entry"]
    second = send(opened.user, "PUT", link, sealed(2, seen_at=first["changed_at"])).json()["entry"]
    assert second["ciphertext"] == text(40, 2)
    assert send(opened.user, "GET", ENTRIES).json()["entries"] == [second]
    for gone in (True, False):
        assert send(opened.user, "DELETE", link).json() == {"deleted": gone}
    assert not Entry.objects.exists()


def test_an_entry_changed_in_another_window_is_not_overwritten(send, opened):
    link = entry(uuid4())
    seen = send(opened.user, "PUT", link, sealed(1)).json()["entry"]["changed_at"]
    send(opened.user, "PUT", link, sealed(2, seen_at=seen))
    late = send(opened.user, "PUT", link, sealed(3, seen_at=seen))
    assert (late.status_code, late.json()["problem"]) == (409, "changed_elsewhere")
    assert bytes(Entry.objects.get().ciphertext) == bytes([2]) * 40


def test_starting_over_leaves_nothing(send, opened):
    send(opened.user, "PUT", entry(uuid4()), sealed())
    assert send(opened.user, "DELETE", KEY).json() == {"deleted": 1}
    assert not NotebookKey.objects.exists()
    assert send(opened.user, "DELETE", KEY).json() == {"deleted": 0}
    refused = send(opened.user, "PUT", entry(uuid4()), sealed())
    assert (refused.status_code, refused.json()["problem"]) == (409, "not_set_up")


@pytest.mark.parametrize(
    "message",
    [
        "{",
        [],
        key(iterations=100_000),
        key(iterations="600000"),
        key(passphrase=None),
        key(recovery=wrapping(salt="not base64!")),
        key(recovery=wrapping(wrapped=text(32))),
    ],
)
def test_a_key_that_was_never_wrapped_is_refused(send, maya, message):
    answer = send(maya.user, "POST", KEY, message)
    assert (answer.status_code, answer.json()["problem"]) == (400, "not_sealed")
    assert not NotebookKey.objects.exists()


@pytest.mark.parametrize("message", [{"text": "plain"}, sealed(size=5), sealed(size=400_001), sealed(seen_at="soon")])
def test_an_entry_that_was_never_sealed_is_refused(send, opened, message):
    assert send(opened.user, "PUT", entry(uuid4()), message).status_code == 400
    assert not Entry.objects.exists()


def test_the_database_itself_refuses_a_key_that_is_quick_to_guess(maya, now):
    parts = {f"{one}_{part}": b"x" for one in ("passphrase", "recovery") for part in ("salt", "iv", "wrapped")}
    with pytest.raises(IntegrityError, match="slow_enough_to_guess"), transaction.atomic():
        NotebookKey.objects.create(patient=maya, iterations=1000, made_at=now, changed_at=now, **parts)


def test_a_notebook_is_its_writers_alone(send, as_user, opened, jonah, dana, ruth):
    pk = uuid4()
    send(opened.user, "PUT", entry(pk), sealed())
    assert send(jonah.user, "GET", ENTRIES).json() == {"entries": []}
    assert send(jonah.user, "GET", KEY).json() == {"key": None}
    assert send(jonah.user, "DELETE", entry(pk)).json() == {"deleted": False}
    send(jonah.user, "POST", KEY, key())
    assert send(jonah.user, "PUT", entry(pk), sealed(3)).status_code == 403
    assert bytes(Entry.objects.get().ciphertext) == bytes([7]) * 40
    for staff in (dana, ruth):
        assert as_user(staff).get(HOME).status_code == 403
        for link in (KEY, ENTRIES):
            assert send(staff, "GET", link).status_code == 403


def test_the_signed_out_are_sent_to_sign_in(client, organisation):
    assert client.get(ENTRIES).status_code == 302


def test_nothing_is_changed_without_the_pages_token(opened):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(opened.user)
    assert browser.delete(KEY).status_code == 403
    assert NotebookKey.objects.exists()


def test_nothing_of_the_notebook_stays_in_a_cache_or_runs_inline(as_user, opened):
    for link in (HOME, KEY, ENTRIES):
        assert "no-store" in as_user(opened.user).get(link).headers["Cache-Control"]
    page = as_user(opened.user).get(HOME)
    assert "style=" not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_ten_entries_take_as_many_queries_as_one(send, as_user, opened, django_assert_max_num_queries):
    for _ in range(10):
        send(opened.user, "PUT", entry(uuid4()), sealed())
    client = as_user(opened.user)
    client.get(ENTRIES)
    with django_assert_max_num_queries(12):
        assert len(client.get(ENTRIES).json()["entries"]) == 10


def test_without_scripts_a_kind_sentence_says_why(as_user, maya):
    page = as_user(maya.user).get(HOME).text
    told = page.split("<noscript>")[1].split("</noscript>")[0]
    assert "a browser can only do that with JavaScript" in told
    assert '<div id="notebook" hidden' in page
