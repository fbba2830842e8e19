"""Static files under the asynchronous server: in one piece, in part, or not again."""

import pytest
from django.test import Client

ICON = "/static/web/favicon.svg"


@pytest.fixture(autouse=True)
def no_search_for_files() -> None:
    """Here they are looked for: files are what is asked for."""


@pytest.fixture
def whole(client: Client) -> bytes:
    return client.get(ICON).content


def test_a_file_is_answered_in_one_piece_that_an_asynchronous_server_need_not_collect(client):
    answer = client.get(ICON)
    assert not answer.streaming
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert int(answer["Content-Length"]) == len(answer.content)


def test_a_part_of_a_file_is_sent(client, whole):
    answer = client.get(ICON, headers={"range": "bytes=1-4"})
    assert (answer.status_code, answer.content) == (206, whole[1:5])


def test_a_file_that_has_not_changed_is_not_sent_again(client):
    answer = client.get(ICON, headers={"if-modified-since": client.get(ICON)["Last-Modified"]})
    assert (answer.status_code, answer.content) == (304, b"")


def test_only_the_length_of_a_file_may_be_asked(client, whole):
    answer = client.head(ICON)
    assert (answer["Content-Length"], answer.content) == (str(len(whole)), b"")
