"""One entry is shared by choice: read by the care team and for danger, audited, and gone once it is taken back."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from hearth.audit.models import Event
from hearth.notebook.models import SharedEntry
from hearth.notebook.testing import sealed_entry, sealed_key
from hearth.safety.models import Concern

KEY, ENTRIES = reverse("notebook:key"), reverse("notebook:entries")
WORDS = "I called my brother back."
DIRE = "I am going to kill myself tonight"


def put(client, address, document):
    return client.put(address, document, content_type="application/json")


@pytest.fixture
def browser(as_user, maya):
    client = as_user(maya.user)
    put(client, KEY, sealed_key())
    return client


@pytest.fixture
def entry(browser):
    """The id of an entry of Maya's."""
    pk, key = uuid4(), browser.get(KEY).json()["key"]["id"]
    put(browser, reverse("notebook:entry", args=[pk]), sealed_entry(key=key))
    return pk


def share(client, entry, *, text=WORDS, version=1):
    return put(client, reverse("notebook:share", args=[entry]), {"version": version, "text": text})


def read_by(client, patient):
    return client.get(reverse("notebook:of-patient", args=[patient.pk]))


def test_what_is_shared_is_read_by_those_who_care_and_the_read_is_written_down(browser, entry, as_user, maya, dana):
    assert share(browser, entry).json() == {"help": False}
    assert browser.get(ENTRIES).json()["entries"][0]["shared"] == 1
    page = read_by(as_user(dana), maya)
    assert WORDS in page.text
    assert (
        reverse("notebook:of-patient", args=[maya.pk]) in as_user(dana).get(reverse("web:chart", args=[maya.pk])).text
    )
    verbs = set(Event.objects.filter(patient_id=maya.pk).values_list("verb", flat=True))
    assert {"notebook.entry_shared", "shared_entries.read"} <= verbs
    assert not Event.objects.filter(detail__icontains="brother").exists()


def test_what_is_taken_back_is_deleted_and_the_chart_leads_nowhere(browser, entry, as_user, maya, dana):
    share(browser, entry)
    assert browser.delete(reverse("notebook:share", args=[entry])).status_code == 204
    assert not SharedEntry.objects.exists()
    assert WORDS not in read_by(as_user(dana), maya).text
    chart = as_user(dana).get(reverse("web:chart", args=[maya.pk])).text
    assert reverse("notebook:of-patient", args=[maya.pk]) not in chart
    assert Event.objects.filter(verb="notebook.entry_closed").count() == 1


def test_only_these_words_are_shared_until_they_are_shared_anew(browser, entry, as_user, maya, dana):
    share(browser, entry)
    key = browser.get(KEY).json()["key"]["id"]
    put(browser, reverse("notebook:entry", args=[entry]), sealed_entry(key=key, version=2))
    assert WORDS in read_by(as_user(dana), maya).text
    as_user(maya.user)
    assert share(browser, entry, version=1).status_code == 409
    assert share(browser, entry, version=2, text="He laughed.").status_code == 200
    page = read_by(as_user(dana), maya).text
    assert ("He laughed." in page, WORDS in page) == (True, False)


def test_deleting_the_entry_or_the_notebook_deletes_the_copy(browser, entry):
    share(browser, entry)
    address = reverse("notebook:entry", args=[entry])
    browser.delete(address, json.dumps({"version": 1}), content_type="application/json")
    assert not SharedEntry.objects.exists()
    key, other = browser.get(KEY).json()["key"]["id"], uuid4()
    put(browser, reverse("notebook:entry", args=[other]), sealed_entry(key=key))
    share(browser, other)
    browser.delete(KEY, json.dumps({"version": 1}), content_type="application/json")
    assert not SharedEntry.objects.exists()


def test_words_of_danger_are_heard_once_they_are_shared_and_help_is_offered_at_once(browser, entry, maya):
    assert not Concern.objects.exists()
    for _again in range(2):
        share(browser, entry, text=DIRE)
    concern = Concern.objects.get()
    assert (concern.patient_id, concern.source_kind) == (maya.pk, "notebook.entry")
    assert DIRE not in concern.summary
    SharedEntry.objects.all().delete()
    assert share(browser, entry, text=f"{DIRE}.").json() == {"help": True}


@pytest.mark.parametrize("text", ["", "  ", "x" * 20_001, None, 7])
def test_what_is_no_text_is_refused(browser, entry, text):
    answer = share(browser, entry, text=text)
    assert (answer.status_code, answer.json()) == (422, {"problem": "text"})


def test_nobody_else_shares_reads_or_takes_back(browser, entry, as_user, maya, jonah, theo, client):
    share(browser, entry)
    theirs = as_user(jonah.user)
    assert share(theirs, entry).status_code == 409
    assert theirs.delete(reverse("notebook:share", args=[entry])).status_code == 204
    assert SharedEntry.objects.count() == 1
    assert read_by(theirs, maya).status_code == 403
    assert read_by(as_user(theo), maya).status_code in (403, 404)
    assert share(as_user(theo), entry).status_code == 403
    client.logout()
    assert read_by(client, maya).status_code == 302
    assert share(client, entry).status_code == 302


def test_the_list_is_paged_and_asks_as_often_for_many_as_for_one(
    browser, entry, as_user, maya, dana, now, count_queries
):
    share(browser, entry)
    address, staff = reverse("notebook:of-patient", args=[maya.pk]), as_user(dana)
    few = count_queries(staff, address)
    SharedEntry.objects.bulk_create(
        SharedEntry(patient=maya, entry=uuid4(), version=1, text="Rain", written_at=now, shared_at=now)
        for _each in range(30)
    )
    assert count_queries(staff, address) <= few + 1  # how many pages there are
    assert staff.get(address).text.count("keep-lines") == 20
