"""Hearth on a home screen: what phones ask for, and the name and icon that a person chooses for their own."""

import re
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import AppName
from hearth.accounts.queries import idle_limit
from hearth.audit.models import Event
from hearth.lib import pictures
from hearth.web.home_screen import icons
from hearth.web.home_screen.pages import PAPER

PAGE, ME, NOTICES = reverse("web:home-screen"), reverse("accounts:me"), reverse("accounts:notices")


def manifest_of(client, page):
    (address,) = re.findall(r'<link rel="manifest" href="([^"]+)"', page)
    return client.get(address).json()


def choose(client, name):
    return client.post(PAGE, {"app_name": name})


def share(client):
    session = client.session
    session["shared_device"] = True
    session.save()


def test_every_part_of_the_manifest_is_there_for_anyone(client, organisation):
    answer = client.get(reverse("web:app-manifest", args=["en", "hearth"]))
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["name"], said["short_name"], said["display"], said["scope"]) == ("Hearth", "Hearth", "standalone", "/")
    assert said["start_url"] == reverse("web:today")
    assert {icon.get("purpose", "any") for icon in said["icons"]} == {"any", "maskable"}
    for icon in said["icons"]:
        assert client.get(icon["src"])["Content-Type"] == icon["type"]
    assert said["theme_color"] == said["background_color"] == PAPER


def test_the_colours_are_those_of_the_look_by_day():
    tokens = (Path(settings.BASE_DIR) / "hearth/web/static/web/css/tokens.css").read_text()
    assert f"--paper: var(--day, {PAPER})" in tokens
    assert all(f"var(--day, {icon.ground})" in tokens for icon in icons.ICONS.values())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("app-manifest", ["en", "clinic"]),
        ("app-manifest", ["xx", "hearth"]),
        ("app-icon", ["clinic"]),
        ("app-picture", ["clinic", 180]),
        ("app-picture", ["hearth", 9000]),
    ],
)
def test_nothing_else_is_drawn(client, organisation, name, values):
    assert client.get(reverse(f"web:{name}", args=values)).status_code == 404


@pytest.mark.parametrize("name", AppName.values)
def test_the_picture_of_an_icon_is_a_png_of_its_colours(client, organisation, name):
    data = client.get(reverse("web:app-picture", args=[name, 180])).content
    picture = pictures.read(data)
    assert (picture.kind, picture.width, picture.height) == ("image/png", 180, 180)
    at = data.index(b"IDAT")
    (length,) = struct.unpack_from(">I", data, at - 4)
    rows = zlib.decompress(data[at + 4 : at + 4 + length])
    pixels = {rows[n : n + 3].hex() for y in range(180) for n in range(y * 541 + 1, (y + 1) * 541, 3)}
    assert rows[1:4].hex() == icons.ICONS[name].ground[1:]  # a corner
    assert icons.PAPER[1:] in pixels


@pytest.mark.parametrize("icon", icons.ICONS.values(), ids=list(icons.ICONS))
def test_no_phone_cuts_into_a_line(icon):
    middle, safe = icons.SIDE / 2, icons.SIDE * 0.4
    for line in icon.lines:
        for x, y in line.points:
            assert ((x - middle) ** 2 + (y - middle) ** 2) ** 0.5 + line.width / 2 <= safe


def test_a_person_chooses_how_it_stands_on_their_phone(as_user, maya):
    client = as_user(maya.user)
    assert manifest_of(client, client.get(PAGE).text)["name"] == "Hearth"
    assert PAGE in client.get(ME).text
    assert choose(client, "daybook").status_code == 302
    page = client.get(reverse("web:today")).text
    assert manifest_of(client, page)["name"] == "Daybook"
    assert reverse("web:app-picture", args=["daybook", 180]) in page
    assert 'name="apple-mobile-web-app-title" content="Daybook"' in page
    assert "<b>Daybook</b>" in client.get(NOTICES).text
    assert Event.objects.get(verb="accounts.app_name_chosen").patient_id is None
    assert choose(client, "clinic").status_code == 422


def test_it_is_said_in_the_persons_language(as_user, maya):
    maya.user.language = "es"
    maya.user.app_name = AppName.DAYBOOK
    maya.user.save()
    client = as_user(maya.user)
    page = client.get(PAGE, headers={"Accept-Language": "es"}).text
    assert manifest_of(client, page)["name"] == "Agenda"


def test_nobody_else_sees_what_was_chosen(client, as_user, maya, jonah):
    choose(as_user(maya.user), "hours")
    assert manifest_of(client, as_user(jonah.user).get(PAGE).text)["name"] == "Hearth"
    client.logout()
    assert manifest_of(client, client.get("/").text)["name"] == "Hearth"
    assert client.get(PAGE).status_code == 302


def test_another_name_is_another_app_so_that_signing_out_renames_nothing(client, organisation):
    said = [client.get(reverse("web:app-manifest", args=["en", name])).json() for name in AppName.values]
    assert len({one["id"] for one in said}) == len(AppName.values)


def test_a_shared_device_is_not_offered_it(as_user, maya):
    client = as_user(maya.user)
    share(client)
    page = client.get(PAGE).text
    assert "This is a shared device" in page
    assert 'rel="manifest"' not in page
    assert 'name="app_name"' not in page
    assert PAGE not in client.get(ME).text
    choose(client, "hours")
    maya.user.refresh_from_db()
    assert maya.user.app_name == AppName.HEARTH


@pytest.mark.parametrize("address", ["/help-now/", "/calm/"])
def test_what_the_worker_keeps_for_everybody_tells_no_name(as_user, maya, address):
    client = as_user(maya.user)
    choose(client, "hours")
    page = client.get(address).text
    assert "Hours" not in page
    assert 'rel="manifest"' not in page


def test_the_page_asks_no_query_of_its_own(as_user, maya, count_queries):
    client = as_user(maya.user)
    before = count_queries(client, PAGE)
    choose(client, "hours")
    assert count_queries(client, PAGE) == before <= count_queries(client, ME)


LOCK = reverse("web:lock")


def stay_away(client, *, minutes):
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=minutes)).isoformat()
    session.save()


def test_devices_lock_after_the_minutes_that_their_owner_chose(as_user, maya):
    client = as_user(maya.user)
    assert "data-locks" not in client.get(PAGE).text
    assert client.post(LOCK, {"locks_after": "5"}).status_code == 302
    assert 'content="300"' in client.get(PAGE).text
    assert "data-locks" in client.get(PAGE).text
    stay_away(client, minutes=4)
    assert client.get(PAGE).status_code == 200
    stay_away(client, minutes=6)
    assert client.get(PAGE).status_code == 302
    assert Event.objects.filter(verb="accounts.lock_chosen").count() == 1


def test_a_lock_is_taken_off_again_and_never_longer_than_the_house_allows(as_user, maya, dana):
    client = as_user(maya.user)
    client.post(LOCK, {"locks_after": "60"})
    client.post(LOCK, {"locks_after": ""})
    stay_away(client, minutes=90)
    assert client.get(PAGE).status_code == 200
    usual = idle_limit(dana, shared=True)
    dana.locks_after = 60
    assert idle_limit(dana, shared=True) == usual
    dana.locks_after = 5
    assert idle_limit(dana, shared=False) == timedelta(minutes=5)


@pytest.mark.parametrize("minutes", ["7", "soon", "-5"])
def test_no_other_time_is_taken_and_a_shared_device_chooses_none(as_user, maya, client, minutes):
    browser = as_user(maya.user)
    assert browser.post(LOCK, {"locks_after": minutes}).status_code == 422
    share(browser)
    assert browser.post(LOCK, {"locks_after": "5"}).status_code == 422
    maya.user.refresh_from_db()
    assert maya.user.locks_after is None
    client.logout()
    assert client.post(LOCK, {"locks_after": "5"}).status_code == 302
