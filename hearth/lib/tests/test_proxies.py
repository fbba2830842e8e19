import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib import proxies

ONE, TWO = proxies.read("1"), proxies.read("2")
OURS = proxies.read("10.0.0.0/8, 2001:db8::5")


@pytest.mark.parametrize(
    ("peer", "forwarded", "ours", "reader"),
    [
        ("203.0.113.7", "198.51.100.1", proxies.read(""), "203.0.113.7"),  # no proxy: whatever it claims
        ("10.0.0.1", "203.0.113.7", ONE, "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", ONE, "203.0.113.7"),  # the first entry is the reader's invention
        ("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2", TWO, "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7", TWO, "10.0.0.1"),  # one proxy was passed by
        ("10.0.0.1", "", ONE, "10.0.0.1"),
        ("10.0.0.1", "unknown", ONE, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7:4711", ONE, "203.0.113.7"),
        ("10.0.0.1", "[2001:db8::1]:443", ONE, "2001:db8::1"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2", OURS, "203.0.113.7"),
        ("::ffff:10.0.0.1", "203.0.113.7", OURS, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", OURS, "203.0.113.7"),  # asked us directly: its list is not believed
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", OURS, "10.0.0.3"),  # somebody inside
        ("2001:db8::5", "203.0.113.7", OURS, "203.0.113.7"),
    ],
)
def test_the_reader_is_the_last_address_that_is_not_ours(peer, forwarded, ours, reader):
    assert proxies.reader_of(peer, forwarded, ours) == reader


@given(st.text(max_size=80))
def test_whatever_a_reader_writes_in_front_changes_nothing(invented):
    for ours, peer in ((ONE, "192.0.2.1"), (OURS, "10.0.0.1")):
        assert proxies.reader_of(peer, f"{invented}, 203.0.113.7", ours) == "203.0.113.7"


@pytest.mark.parametrize("words", ["-1", "two", "10.0.0.300", "10.0.0.1/8"])
def test_what_names_no_proxies_is_refused_in_a_sentence(words):
    with pytest.raises(ValueError, match=r"^HEARTH_PROXIES is a number"):
        proxies.read(words)


@pytest.mark.parametrize(
    ("peer", "ours", "is_secure"),
    [("10.0.0.1", OURS, True), ("203.0.113.7", OURS, False), ("10.0.0.1", ONE, True), ("10.0.0.1", None, False)],
)
def test_only_a_proxy_of_ours_says_that_the_reader_came_by_https(settings, peer, ours, is_secure):
    settings.PROXIES = ours or proxies.read("")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-Proto": "https"})
    proxies.see_through(lambda _request: HttpResponse())(request)
    assert request.is_secure() == is_secure
