"""The second step: asked of staff always, and of whoever set one up."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from hearth.accounts import second_factor, services
from hearth.accounts.testing import DEMO_TOTP_SECRET
from hearth.audit.models import Event

CHALLENGE = reverse("accounts:second-factor")
SET_UP = reverse("accounts:set-up-second-factor")
HOME = "/me/"


def come_in(browser, user, password):
    return browser.post(reverse("accounts:sign-in"), {"email": user.email, "password": password, "next": HOME})


def code(moment=None):
    return second_factor.code_now(DEMO_TOTP_SECRET, at=(moment or timezone.now()).timestamp())


def test_staff_show_a_code_after_their_password(client, nora, password):
    answer = come_in(client, nora, password)
    assert answer["Location"] == f"{CHALLENGE}?next=%2Fme%2F"
    assert client.get(HOME)["Location"].startswith(CHALLENGE)
    before = client.session.session_key
    answer = client.post(CHALLENGE, {"code": code(), "next": HOME})
    assert answer["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert client.session.session_key != before
    assert client.session["second_factor"] is True


def test_a_code_is_good_once(client, nora, password):
    with time_machine.travel(timezone.now(), tick=False):
        come_in(client, nora, password)
        client.post(CHALLENGE, {"code": code()})
        client.post(reverse("accounts:sign-out"))
        come_in(client, nora, password)
        assert "used already" in client.post(CHALLENGE, {"code": code()}).text
        assert "second_factor" not in client.session or client.session["second_factor"] is False


@pytest.mark.parametrize(("away", "fits"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_a_phones_clock_may_be_half_a_minute_off(nora, away, fits):
    moment = timezone.now()
    shown = code(moment + timedelta(seconds=away))
    assert (second_factor.fits(DEMO_TOTP_SECRET, shown, at=moment.timestamp()) is not None) is fits


def test_after_eight_wrong_codes_even_the_right_one_waits(client, nora, password):
    come_in(client, nora, password)
    for _ in range(8):
        client.post(CHALLENGE, {"code": "000000"})
    assert "too often" in client.post(CHALLENGE, {"code": code()}).text
    assert client.get(HOME)["Location"].startswith(CHALLENGE)


def test_a_recovery_code_works_once(client, nora, password, now):
    first, *others = second_factor.new_recovery_codes(nora, at=now)
    come_in(client, nora, password)
    assert client.post(CHALLENGE, {"code": first, "next": HOME})["Location"] == HOME
    client.post(reverse("accounts:sign-out"))
    come_in(client, nora, password)
    assert client.post(CHALLENGE, {"code": first}).status_code == 200
    assert second_factor.held_by(nora).recovery_codes_left == len(others)


def test_staff_without_a_second_factor_set_one_up_before_anything_else(client, newt, password):
    come_in(client, newt, password)
    assert client.get(HOME)["Location"].startswith(CHALLENGE)
    assert client.get(CHALLENGE)["Location"].startswith(SET_UP)
    page = client.get(SET_UP)
    secret = page.context["secret"]
    assert page.context["picture"].startswith("data:image/svg+xml;base64,")
    assert "does not fit" in client.post(SET_UP, {"code": "000000"}).text
    assert client.get(SET_UP).context["secret"] == secret  # the scan is not for nothing
    shown = client.post(SET_UP, {"code": second_factor.code_now(secret)})
    assert len(shown.context["codes"]) == 10
    assert client.get(HOME).status_code == 200
    verbs = set(Event.objects.filter(actor_id=newt.pk).values_list("verb", flat=True))
    assert {"accounts.authenticator_app_added", "accounts.recovery_codes_made"} <= verbs


def test_a_stolen_password_adds_no_second_factor(client, nora, password):
    come_in(client, nora, password)
    assert client.get(SET_UP)["Location"].startswith(CHALLENGE)
    assert client.post(SET_UP, {"code": "123456"})["Location"].startswith(CHALLENGE)
    assert client.post(reverse("accounts:add-passkey"), {"credential": "{}"})["Location"].startswith(CHALLENGE)
    assert client.post(reverse("accounts:recovery-codes"))["Location"].startswith(CHALLENGE)


def test_a_student_who_set_one_up_is_asked_for_it(client, sam, password, now):
    second_factor.enrol_totp(sam, DEMO_TOTP_SECRET, at=now)
    come_in(client, sam, password)
    assert client.get(HOME)["Location"].startswith(CHALLENGE)
    client.post(CHALLENGE, {"code": code()})
    assert client.get(HOME).status_code == 200


def test_a_printed_code_does_not_go_round_the_second_factor(client, sam, ada, now):
    second_factor.enrol_totp(sam, DEMO_TOTP_SECRET, at=now)
    text = services.print_code(user=sam, by=ada, at=timezone.now())
    client.post(reverse("accounts:printed-code"), {"code": text})
    assert client.get(HOME)["Location"].startswith(CHALLENGE)


def test_a_stranger_is_not_asked_for_a_code(client, organisation):
    assert client.get(CHALLENGE)["Location"].startswith(reverse("accounts:sign-in"))


@pytest.mark.parametrize("nonsense", ["", "[]", "{}", '{"id": "x"}', "not json", '{"response": {"userHandle": 7}}'])
def test_nonsense_for_a_passkey_is_refused_kindly(client, nora, password, nonsense):
    client.get(reverse("accounts:passkey-question"))
    assert "not known here" in client.post(reverse("accounts:passkey"), {"credential": nonsense}).text
    come_in(client, nora, password)
    assert client.post(CHALLENGE, {"credential": nonsense}).status_code == 200
    assert client.get(HOME)["Location"].startswith(CHALLENGE)


def test_what_an_authenticator_app_shares_lies_encrypted(nora):
    row = Authenticator.objects.get(user=nora)
    assert DEMO_TOTP_SECRET not in str(row.data)
    assert second_factor.current_code(nora) == code()


def test_staff_keep_at_least_one_second_factor(as_user, nora, password):
    browser = as_user(nora)
    app = second_factor.held_by(nora).app
    assert app
    address = reverse("accounts:remove-second-factor", args=[app.pk])
    assert "not your password" in browser.post(address, {"current": "wrong"}).text
    assert "only second step" in browser.post(address, {"current": password}).text
    assert second_factor.is_enrolled(nora)


def test_nobody_takes_away_anothers(as_user, sam, nora, password):
    app = second_factor.held_by(nora).app
    assert app
    as_user(sam).post(reverse("accounts:remove-second-factor", args=[app.pk]), {"current": password})
    assert second_factor.is_enrolled(nora)


def test_an_administrator_lets_a_colleague_set_it_up_anew(as_user, ada, nora):
    as_user(ada).post(reverse("people:staff-account", args=[nora.pk]), {"deed": "second-factor"})
    assert not second_factor.is_enrolled(nora)
    assert Event.objects.filter(verb="accounts.second_factor_cleared", actor_id=ada.pk).exists()
