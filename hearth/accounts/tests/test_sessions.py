"""How long one stays signed in, and what a shared device keeps."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

SIGN_IN = reverse("accounts:sign-in")
HOME = "/me/"


def come_in(browser, user, password, **more):
    return browser.post(SIGN_IN, {"email": user.email, "password": password, "next": HOME, **more})


@pytest.mark.parametrize(("shared", "minutes"), [("", 4 * 60), ("on", 10)])
def test_who_is_away_too_long_is_signed_off_kindly(client, sam, password, shared, minutes):
    begin = timezone.now()
    with time_machine.travel(begin, tick=False) as clock:
        come_in(client, sam, password, shared_device=shared)
        clock.shift(timedelta(minutes=minutes - 1))
        assert client.get(HOME).status_code == 200
        clock.shift(timedelta(minutes=minutes + 1))
        answer = client.get(f"{HOME}?tab=2")
        assert answer["Location"] == f"{SIGN_IN}?next=%2Fme%2F%3Ftab%3D2"
        page = client.get(answer["Location"])
        assert "signed off because nobody was here" in page.text
        assert ("kept nothing" in page.text) is bool(shared)
        assert "nobody was here" not in client.get(SIGN_IN).text  # said once
        again = client.post(SIGN_IN, {"email": sam.email, "password": password, "next": "/me/?tab=2"})
        assert again["Location"] == "/me/?tab=2"


def test_staff_are_signed_off_after_half_an_hour(as_user, nora):
    begin = timezone.now()
    with time_machine.travel(begin, tick=False) as clock:
        browser = as_user(nora)
        browser.get(HOME)
        clock.shift(timedelta(minutes=31))
        assert browser.get(HOME)["Location"].startswith(SIGN_IN)


def test_what_a_page_fetches_by_itself_is_not_being_here(client, sam, password):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        come_in(client, sam, password, shared_device="on")
        clock.shift(timedelta(minutes=6))
        client.get(HOME, headers={"Sec-Fetch-Dest": "empty"})
        clock.shift(timedelta(minutes=6))
        assert client.get(HOME).status_code == 302


def test_typing_is_being_here(client, sam, password):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        come_in(client, sam, password, shared_device="on")
        for _ in range(3):
            clock.shift(timedelta(minutes=6))
            told = client.post(reverse("accounts:still-here"), headers={"Sec-Fetch-Dest": "empty"})
            assert told.status_code == 204
        assert client.get(HOME).status_code == 200


def test_pages_of_the_signed_in_are_not_kept_by_the_browser(client, sam, password):
    come_in(client, sam, password)
    assert client.get(HOME)["Cache-Control"] == "no-store, private"
    assert "no-store" in client.post(reverse("accounts:sign-out"))["Cache-Control"]


def test_a_shared_device_keeps_nothing_and_ends_with_the_window(client, sam, password):
    come_in(client, sam, password, shared_device="on")
    assert client.cookies["hearth"]["max-age"] == ""
    assert "data-shared-device" in client.get(HOME).text
    answer = client.post(reverse("accounts:sign-out"))
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_ones_own_device_is_left_alone(client, sam, password):
    come_in(client, sam, password)
    assert "data-shared-device" not in client.get(HOME).text
    assert "Clear-Site-Data" not in client.post(reverse("accounts:sign-out"))


def test_a_closed_account_is_signed_off_at_its_next_click(client, sam, password):
    come_in(client, sam, password)
    sam.is_active = False
    sam.save()
    assert client.get(HOME)["Location"].startswith(SIGN_IN)


def test_a_new_password_signs_other_devices_off(client, sam, password):
    other = Client()
    come_in(client, sam, password)
    come_in(other, sam, password)
    kept = client.post(reverse("accounts:change-password"), {"current": password, "password": "a new row of words"})
    assert kept.status_code == 302
    assert client.get(HOME).status_code == 200
    assert other.get(HOME).status_code == 302


def test_a_new_password_needs_the_old_one(client, sam, password):
    come_in(client, sam, password)
    answer = client.post(reverse("accounts:change-password"), {"current": "guess", "password": "a new row of words"})
    assert "not your password" in answer.text
