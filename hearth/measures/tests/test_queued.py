import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hearth.lib import kept
from hearth.measures.models import Response
from hearth.measures.testing import PHQ_9_MILD, PHQ_9_WITH_ITEM_9
from hearth.safety.models import Concern

LINK = reverse("measures:queued")


def item(answers, at, **more):
    given = {str(number): value for number, value in enumerate(answers, 1)}
    told = {"key": str(uuid4()), "instrument": "phq-9", "language": "en", "answers": given}
    return told | {"at": at.timestamp() * 1000, "skew": 0} | more


def send(client, patient, *items, owner=None):
    body = {"owner": owner or kept.owner_of(patient.user.pk), "sent": 0, "items": list(items)}
    return client.post(LINK, json.dumps(body), content_type="application/json")


@pytest.fixture
def at(now, settings):
    """The moment the pages believe it is."""
    import time_machine

    with time_machine.travel(now, tick=False):
        yield now


def test_an_answer_written_without_a_connection_keeps_both_times(as_user, maya, at):
    written = at - timedelta(hours=55)
    client = as_user(maya.user)
    answer = item(PHQ_9_WITH_ITEM_9, written)
    for _ in range(2):  # sent twice, stored once
        assert send(client, maya, answer).json()["results"] == [{"key": answer["key"], "done": True, "words": ""}]
    response = Response.objects.get()
    assert abs(response.answered_at - written) < timedelta(seconds=1)
    assert response.received_at == at
    concern = Concern.objects.get()
    assert concern.raised_at == at
    assert "2026-11-22 09:48 → 2026-11-24 16:48" in concern.summary


@pytest.mark.parametrize(
    ("away", "skew"), [(timedelta(seconds=20), 0), (timedelta(hours=2), 3_600_000), (timedelta(days=-1), 0)]
)
def test_a_time_that_cannot_be_believed_is_the_time_of_arrival(as_user, maya, at, away, skew):
    send(as_user(maya.user), maya, item(PHQ_9_MILD, at - away, skew=skew))
    response = Response.objects.get()
    assert (response.answered_at, response.received_at) == (at, None)


def test_what_cannot_be_scored_is_refused_in_a_sentence_and_the_rest_is_kept(as_user, maya, at):
    bad, good = item([9] * 9, at), item(PHQ_9_MILD, at)
    results = send(as_user(maya.user), maya, bad, good).json()["results"]
    assert [one["done"] for one in results] == [False, True]
    assert "takes one of" in results[0]["words"]
    assert Response.objects.count() == 1


def test_nobody_sends_for_somebody_else(as_user, maya, jonah, dana, at):
    answer = item(PHQ_9_MILD, at)
    assert send(as_user(jonah.user), maya, answer).status_code == 409
    assert send(as_user(dana), maya, answer).status_code == 403
    assert as_user(maya.user).post(LINK, "[", content_type="application/json").status_code == 400
    assert not Response.objects.exists()


def test_the_kept_page_names_nobody(as_user, maya, dana):
    page = as_user(maya.user).get(reverse("measures:answer", args=["phq-9"]) + "?kept=yes").text
    assert "data-is-kept" in page
    assert 'data-help-from="1"' in page
    assert "Dana Kim" not in page.split("<main", 1)[1]
