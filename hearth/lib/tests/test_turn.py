"""TURN's short-lived passwords, as coturn works them out."""

from datetime import UTC, datetime

import pytest

from hearth.lib import turn

AT = datetime(2026, 11, 24, 18, tzinfo=UTC)


def test_without_addresses_there_is_none():
    assert turn.read({}) is None


def test_addresses_need_a_secret_and_must_be_turn():
    with pytest.raises(ValueError, match="HEARTH_TURN_SECRET"):
        turn.read({"HEARTH_TURN_URLS": "turn:turn.example.org"})
    with pytest.raises(ValueError, match="addresses like"):
        turn.read({"HEARTH_TURN_URLS": "turn.example.org", "HEARTH_TURN_SECRET": "s"})


def test_the_password_ends_with_the_session_and_is_the_one_coturn_expects():
    found = turn.read({"HEARTH_TURN_URLS": "turn:a.example, turns:b.example:5349", "HEARTH_TURN_SECRET": "north"})
    assert found is not None
    assert turn.ice_server(found, person="7", at=AT) == {
        "urls": ["turn:a.example", "turns:b.example:5349"],
        "username": "1795557600:7",
        # printf '1795557600:7' | openssl dgst -sha1 -hmac north -binary | base64
        "credential": "9OG3BZqjghWNAN9uq6ivhjvYYvY=",
    }
