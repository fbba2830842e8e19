"""What is too large to be anything we take is kept nowhere."""

import pytest

from hearth.lib import large_bodies
from hearth.lib.large_bodies import LARGEST
from hearth.lib.testing import run

PIECE = 10_000_000


def answered(size, *, declared):
    """What is sent for a body of `size` bytes, and how many of them the application was given."""
    sent, given = [], []
    pieces = [min(PIECE, size - start) for start in range(0, size, PIECE)] or [0]

    async def receive():
        return {"type": "http.request", "body": bytes(pieces.pop(0)), "more_body": bool(pieces)}

    async def send(message):
        sent.append(message)

    async def application(_scope, receive, send):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            given.append(len(message["body"]))
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                return

    headers = [(b"content-length", str(size).encode())] if declared else []
    run(lambda: large_bodies.serve(application, {"type": "http", "headers": headers}, receive, send))
    return sent, sum(given)


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("size", [0, PIECE, LARGEST])
def test_what_fits_is_passed_on_whole(size, declared):
    sent, given = answered(size, declared=declared)
    assert given == size
    assert sent[0]["status"] == 200


def test_two_hundred_megabytes_are_refused_in_a_sentence_and_kept_nowhere():
    sent, given = answered(200_000_000, declared=True)
    assert given == 0
    assert sent[0]["status"] == 413
    assert "larger than 100 MB" in sent[1]["body"].decode()


def test_a_body_that_does_not_say_how_large_it_is_breaks_off_at_the_limit():
    sent, given = answered(200_000_000, declared=False)
    assert given <= LARGEST
    assert sent == []
