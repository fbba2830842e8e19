"""Where one is signed in, and signing out there."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.browsers import told_by
from hearth.accounts.models import Browser
from hearth.audit.models import Event

PAGE = reverse("accounts:browsers")
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
LAPTOP = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15"


def come_in(user, password, agent, **more):
    browser = Client(headers={"User-Agent": agent})
    said = {"email": user.email, "password": password, "next": "/me/", **more}
    browser.post(reverse("accounts:sign-in"), said)
    return browser


@pytest.fixture
def phone(sam, password):
    return come_in(sam, password, PHONE)


@pytest.fixture
def laptop(sam, password):
    return come_in(sam, password, LAPTOP, shared_device="on")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Firefox, Android"),
        (LAPTOP, "Safari, Mac"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0 Safari/537.36 Edg/138.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) CriOS/138.0 Safari/604.1", "Chrome, iPhone"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_roughly_and_never_by_its_own_words(agent, words):
    assert told_by(agent) == words


def test_the_page_lists_ones_own_browsers_and_signs_out_one(phone, laptop, sam, nora, as_user):
    page = phone.get(PAGE)
    assert "Firefox, Android" in page.text
    assert "Safari, Mac" in page.text
    assert "shared device" in page.text
    assert all(key not in page.text for key in Browser.objects.values_list("session_key", flat=True))
    assert "Firefox" not in as_user(nora).get(PAGE).text  # a colleague sees their own alone

    (other,) = [each for each in page.context["browsers"] if each.browser == "Safari, Mac"]
    assert phone.post(PAGE, {"browser": other.name})["Location"] == PAGE
    assert laptop.get("/me/").status_code == 302
    assert phone.get("/me/").status_code == 200
    assert Event.objects.filter(verb="accounts.signed_off_elsewhere", actor_id=sam.pk, detail={"browsers": 1}).exists()


def test_all_others_are_signed_out_at_once_and_nobody_elses(phone, laptop, sam, password, nora, as_user):
    stranger = as_user(nora)
    (mine,) = [each for each in phone.get(PAGE).context["browsers"] if each.browser == "Firefox, Android"]
    stranger.post(PAGE, {"browser": mine.name})
    assert phone.get("/me/").status_code == 200
    third = come_in(sam, password, "")
    third.post(PAGE)
    assert [browser.get("/me/").status_code for browser in (phone, laptop, third)] == [302, 302, 200]
    assert stranger.get("/me/").status_code == 200


def test_what_is_idle_too_long_is_listed_no_more(phone, laptop):
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        assert [each.browser for each in phone.get(PAGE).context["browsers"]] == ["Firefox, Android"]


def test_the_list_asks_the_database_as_often_however_long_it_is(phone, sam, password):
    phone.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        phone.get(PAGE)
    for _ in range(3):
        come_in(sam, password, LAPTOP)
    with CaptureQueriesContext(connection) as many:
        phone.get(PAGE)
    assert len(few) == len(many)


def test_a_visitor_is_asked_to_sign_in(client, organisation):
    assert client.get(PAGE)["Location"].startswith(reverse("accounts:sign-in"))
