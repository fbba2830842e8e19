"""Whatever a browser writes, only what a page of ours says is read, and nobody is in before somebody who leads is."""

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.sessions.video import rules
from hearth.sessions.video.rules import Bucket, Malformed, Publish, Standing, Trickle, read, standing

SOMEBODY = "3f2b8c1e-0d4a-4b6f-9a70-1c2d3e4f5a6b"
SOUND = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
PICTURE = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{}\r\n"
SDP = "v=0\r\n" + SOUND + PICTURE.format(1)


def say(leads=False, **words):
    return read(json.dumps(words), leads=leads)


def test_a_page_of_ours_is_understood():
    assert say(do="publish", sdp=SDP) == Publish(SDP, ("0", "1"))
    assert say(do="pictures", mids=["1", "4", "4"], on=False) == rules.Pictures(("1", "4"), False)
    assert say(do="trickle", handle="watch", candidate=None) == Trickle("watch", {"completed": True})
    assert say(do="react", which="heart") == rules.React("heart")
    assert say(leads=True, do="say", what="sharing", on=True) == rules.Say("sharing", True)


@pytest.mark.parametrize(
    "words",
    [
        {"do": "create"},
        {"do": "join", "room": "other", "display": "Dana Kim"},
        {"do": "configure", "bitrate": 10**9},
        {"do": "kick", "id": SOMEBODY},
        {"do": "moderate", "id": SOMEBODY, "mute": True},
        {"do": "rtp_forward", "host": "192.0.2.1"},
        {"do": "say", "what": "sharing", "on": True},
        {"do": "say", "what": "hand", "on": "yes"},
        {"do": "say", "what": "hand", "on": 1},
        {"do": "react", "which": "<b>"},
        {"do": "pictures", "mids": ["everyone else's"], "on": True},
        {"do": "pictures", "mids": [{"feed": SOMEBODY}], "on": True},
        {"do": "pictures", "mids": "1", "on": True},
        {"do": "pictures", "mids": ["1"]},
        {"do": "trickle", "handle": 42, "candidate": None},
        {"do": "trickle", "handle": "watch", "candidate": {"candidate": "x" * 601}},
        {"do": "publish"},
        {"do": "publish", "sdp": "v=0\r\n" + PICTURE.format(0)},
        {"do": "publish", "sdp": SDP + PICTURE.format(2)},
        {"do": "publish", "sdp": SDP + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n"},
        {"do": "publish", "sdp": "v=0\r\n" + SOUND + SOUND.replace(":0", ":1")},
        {"do": "publish", "sdp": "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"},
        {"do": "publish", "sdp": "v=0\r\nm=audio 9 x\r\na=mid:..\r\n"},
        {"do": None},
        {},
    ],
)
def test_what_no_page_says_is_not_read(words):
    with pytest.raises(Malformed):
        say(**words)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 5000, '{"do": "alive"}' + " " * 70_000])
def test_what_is_no_message_is_not_read(text):
    with pytest.raises(Malformed):
        read(text, leads=True)


def test_those_who_lead_send_a_screen_too():
    assert say(leads=True, do="publish", sdp=SDP + PICTURE.format(2)) == Publish(
        SDP + PICTURE.format(2), ("0", "1", "2")
    )
    with pytest.raises(Malformed):
        say(leads=True, do="publish", sdp=SDP + PICTURE.format(2) + PICTURE.format(3))


SMUGGLED = st.dictionaries(st.sampled_from(["room", "id", "display", "secret", "token", "pin", "ptype"]), st.text())
PLAIN = st.sampled_from(
    [
        {"do": "publish", "sdp": SDP},
        {"do": "pictures", "mids": ["1"], "on": True},
        {"do": "trickle", "handle": "publish", "candidate": {"candidate": "candidate:1", "sdpMid": "0"}},
        {"do": "answer", "sdp": SDP},
        {"do": "alive"},
    ]
)


@given(PLAIN, SMUGGLED)
def test_smuggled_words_change_nothing(words, smuggled):
    assert say(**words) == say(**(smuggled | words))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["do", "sdp", "mids", "handle", "candidate", "on", "what"]), JSON), st.booleans()
)
def test_anything_at_all_is_read_or_refused(words, leads):
    try:
        found = read(json.dumps(words), leads=leads)
    except Malformed:
        return
    assert {each.name for each in fields(found)} == set(asdict(found))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"leads": True}, Standing.IN),
        ({"leads": False}, Standing.WAITING),
        ({"leads": False, "admitted": True}, Standing.PAUSED),
        ({"leads": False, "is_led": True}, Standing.WAITING),
        ({"leads": False, "admitted": True, "is_led": True}, Standing.IN),
        ({"leads": False, "admitted": True, "is_led": True, "removed": True}, Standing.REMOVED),
        ({"leads": True, "ended": True}, Standing.ENDED),
    ],
)
def test_where_somebody_stands(where, expected):
    assert standing(**({"admitted": False, "removed": False, "ended": False, "is_led": False} | where)) == expected


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_a_student_is_in_only_when_admitted_and_led(admitted, removed, ended, is_led):
    found = standing(leads=False, admitted=admitted, removed=removed, ended=ended, is_led=is_led)
    assert (found == Standing.IN) == (admitted and is_led and not removed and not ended)


def test_the_door_opens_before_the_start_and_closes_after_the_end():
    start = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    times: Any = {"starts_at": start, "ends_at": start + timedelta(hours=3), "is_over": False}
    assert not rules.is_open(**times, leads=False, at=start - timedelta(minutes=31))
    assert rules.is_open(**times, leads=True, at=start - timedelta(minutes=31))
    assert rules.is_open(**times, leads=False, at=start + timedelta(hours=3, minutes=29))
    assert not rules.is_open(**times, leads=True, at=start + timedelta(hours=3, minutes=30))
    assert not rules.is_open(**(times | {"is_over": True}), leads=True, at=start)


@given(st.lists(st.floats(0, 0.03), min_size=1, max_size=400))
def test_a_flood_is_stopped_and_never_more_than_the_burst_and_the_rate_pass(gaps):
    bucket, now, passed = Bucket(), 0.0, 0
    for gap in gaps:
        now += gap
        passed += bucket.takes(at=now)
    assert passed <= bucket.burst + bucket.rate * now + 1


def test_who_speaks_calmly_is_always_heard():
    bucket = Bucket()
    assert all(bucket.takes(at=second / 20) for second in range(2000))
