"""Notices on one's own devices: allowed there, silent in quiet hours, ended by their person and by signing out."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts import services
from hearth.accounts.queries import TOLD
from hearth.audit.models import Event
from hearth.outbox import queries
from hearth.outbox import services as outbox

PAGE, ALLOW, STOP = (reverse(f"accounts:{name}") for name in ("notices", "allow-notices", "stop-notices"))
ENDPOINT = "https://fcm.googleapis.com/fcm/send/{}"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.HEARTH_KEY_DIR = tmp_path / "keys"


def device_of(person):
    """A browser of their own, in which they are signed in."""
    browser = Client()
    browser.force_login(person.user)
    return browser


def allow(client, name="phone"):
    return client.post(ALLOW, {"endpoint": ENDPOINT.format(name)})


def test_a_person_allows_it_on_this_device_and_is_told_what_it_says(as_user, maya):
    client = as_user(maya.user)
    page = client.get(PAGE).text
    assert re.search(r'data-key="[\w-]{87}"', page)
    assert "Something waits for you" in page
    assert PAGE in client.get(reverse("accounts:me")).text
    assert allow(client).status_code == 302
    page = client.get(PAGE).text
    assert "You are shown it here" in page
    assert "data-allow-notices" not in page
    assert Event.objects.get(verb="accounts.push_allowed").patient_id is None


def test_an_address_that_is_no_push_service_is_not_taken(as_user, maya):
    client = as_user(maya.user)
    assert (
        "We do not know how to reach this browser"
        in client.post(ALLOW, {"endpoint": "https://10.0.0.1/"}, follow=True).text
    )
    assert not queries.push_devices_of(maya.user.pk).exists()


def test_quiet_hours_are_kept_for_all_devices(as_user, maya):
    client = as_user(maya.user)
    allow(client)
    assert 'value="21:00"' in client.get(PAGE).text
    assert client.post(PAGE, {"start": "25:00", "end": "08:00"}).status_code == 422
    assert client.post(PAGE, {"start": "22:30", "end": "07:00"}).status_code == 302
    device = queries.push_devices_of(maya.user.pk).get()
    assert (device.quiet_from, device.quiet_until) == (time(22, 30), time(7))


def test_signing_out_ends_it_here_and_nowhere_else(maya):
    phone, tablet = device_of(maya), device_of(maya)
    allow(phone)
    allow(tablet, "tablet")
    assert "on 1 other device" in phone.get(PAGE).text
    answer = phone.post(reverse("accounts:sign-out"))
    assert answer.cookies[TOLD].value == ""
    device = queries.push_devices_of(maya.user.pk).get()
    assert device.endpoint.endswith("tablet")


def test_it_is_stopped_here_or_everywhere(maya):
    phone, tablet = device_of(maya), device_of(maya)
    allow(phone)
    allow(tablet, "tablet")
    phone.post(STOP)
    assert [one.endpoint.rsplit("/", 1)[1] for one in queries.push_devices_of(maya.user.pk)] == ["tablet"]
    phone.post(STOP, {"where": "everywhere"})
    assert not queries.push_devices_of(maya.user.pk).exists()
    assert "data-allow-notices" in tablet.get(PAGE).text


def test_a_visit_that_ends_by_itself_does_not_end_it_and_the_next_knows_this_device(
    client, sam, password, organisation
):
    said = {"email": sam.email, "password": password}
    client.post(reverse("accounts:sign-in"), said)
    session = client.session
    session["second_factor"] = True
    session.save()
    allow(client)
    client.session.flush()
    client.post(reverse("accounts:sign-in"), said)
    assert client.session[TOLD] == str(queries.push_devices_of(sam.pk).get().pk)
    client.cookies[TOLD] = "somebody-elses"
    client.post(reverse("accounts:sign-in"), said)
    assert client.session[TOLD] == ""


def test_nobody_ends_it_for_somebody_else(maya, jonah):
    client, other = device_of(maya), device_of(jonah)
    allow(client)
    session = other.session
    session[TOLD] = client.session[TOLD]
    session.save()
    other.post(STOP)
    other.post(reverse("accounts:sign-out"))
    assert queries.push_devices_of(maya.user.pk).exists()


def test_a_new_password_and_a_closed_account_end_it_elsewhere(maya, dana):
    phone = device_of(maya)
    allow(phone)
    allow(device_of(maya), "tablet")
    here = phone.session[TOLD]
    services.change_password(user=maya.user, password="a new one 4711", at=timezone.now(), here=here)
    assert str(queries.push_devices_of(maya.user.pk).get().pk) == here
    services.close_account(user=maya.user, by=dana, at=timezone.now())
    assert not queries.push_devices_of(maya.user.pk).exists()


def test_a_shared_device_is_asked_for_nothing(as_user, maya):
    client = as_user(maya.user)
    session = client.session
    session["shared_device"] = True
    session.save()
    assert "This is a shared device" in client.get(PAGE).text
    allow(client)
    assert not queries.push_devices_of(maya.user.pk).exists()


def test_many_devices_ask_no_more_queries_than_one(as_user, maya, count_queries):
    client, counts, at = as_user(maya.user), [], timezone.now()
    for n in range(4):
        address = ENDPOINT.format(n)
        outbox.allow_push(person=maya.user.pk, endpoint=address, zone="UTC", at=at + timedelta(minutes=n))
        counts.append(count_queries(client, PAGE))
    assert len(set(counts)) == 1
