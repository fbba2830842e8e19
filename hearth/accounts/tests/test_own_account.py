"""One's own account, the organisation, and the demo."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.accounts import services
from hearth.accounts.models import Organisation, Site, User
from hearth.accounts.roles import Role
from hearth.accounts.testing import DEMO_TOTP_SECRET, make_organisation, make_user

ME = reverse("accounts:me")
HOUSE = {
    "name": "Hearthside IOP", "word_for_student": "guest", "word_for_students": "guests", "accent": "pine",
    "time_zone": "America/Denver", "state": "CO", "answer_hours": "4",
}  # fmt: skip


def test_a_chosen_name_is_kept_and_the_language_spoken_at_once(as_user, sam):
    said = {"name": "Sammy Ortiz", "pronouns": "they", "pronouns_shown_to": "team", "language": "es", "time_zone": ""}
    answer = as_user(sam).post(ME, said)
    sam.refresh_from_db()
    assert (sam.name, sam.pronouns, sam.pronouns_shown_to, sam.language) == ("Sammy Ortiz", "they", "team", "es")
    assert answer.cookies["django_language"].value == "es"


def test_an_unknown_time_zone_gets_a_sentence_and_the_name_typed_is_kept(as_user, sam):
    said = {"name": "Sammy", "pronouns_shown_to": "team", "language": "en", "time_zone": "Mars/Olympus"}
    page = as_user(sam).post(ME, said)
    assert "time_zone" in page.context["form"].errors
    assert 'value="Sammy"' in page.text


def test_ones_account_asks_as_many_queries_for_many_passkeys_as_for_none(as_user, sam):
    browser = as_user(sam)
    browser.get(ME)
    with CaptureQueriesContext(connection) as none:
        browser.get(ME)
    for number in range(5):
        data = {"name": f"Key {number}", "credential": {}}
        Authenticator.objects.create(user=sam, type=Authenticator.Type.WEBAUTHN, data=data)
    with CaptureQueriesContext(connection) as many:
        assert "Key 4" in browser.get(ME).text
    assert len(many) == len(none)


def test_roles_are_said_in_the_organisations_words(sam, organisation):
    organisation.word_for_student = "guest"
    sam.organisation = organisation
    assert sam.role_words == "Guest"
    assert all(make_user(f"N{role.name} X", role, organisation=organisation).role_words for role in Role)


def test_an_administrator_changes_words_and_colour(as_user, ada):
    assert as_user(ada).post(reverse("accounts:organisation"), HOUSE).status_code == 302
    kept = Organisation.objects.get(pk=ada.organisation_id)
    assert (kept.word_for_student, kept.accent) == ("guest", "pine")


def test_bad_words_for_the_organisation_are_refused_and_kept_on_the_page(as_user, ada):
    page = as_user(ada).post(reverse("accounts:organisation"), HOUSE | {"accent": "neon", "name": ""})
    assert {"accent", "name"} == set(page.context["form"].errors)
    assert "guests" in page.text
    assert Organisation.objects.get(pk=ada.organisation_id).word_for_student == "student"


def test_sites_are_added_and_changed(as_user, ada):
    browser = as_user(ada)
    said = {"name": "Larimer Street", "time_zone": "America/Denver"}
    browser.post(reverse("accounts:new-site"), said)
    site = Site.objects.get()
    browser.post(reverse("accounts:site", args=[site.pk]), said | {"city": "Denver"})
    site.refresh_from_db()
    assert (site.name, site.city) == ("Larimer Street", "Denver")
    assert "Larimer Street" in browser.get(reverse("accounts:organisation")).text


@pytest.mark.parametrize("name", ["accounts:organisation", "accounts:new-site", "accounts:invite-staff"])
def test_only_those_who_lead_enter(as_user, dana, name):
    assert as_user(dana).get(reverse(name)).status_code == 403


def test_the_demo_signs_in_as_anyone(client, settings, organisation, ada, sam, now):
    settings.TRIAL = settings.DEMO = True
    services.enrol_totp(ada, DEMO_TOTP_SECRET, at=now)
    page = client.get(reverse("accounts:demo-people"))
    assert "Be Ada" in page.text
    assert "Be Sam" not in page.text
    assert "Be Sam" in client.get(reverse("accounts:demo-people"), {"q": "sam"}).text
    client.post(reverse("accounts:demo-become", args=[ada.pk]))
    assert client.get(reverse("accounts:organisation")).status_code == 200
    shown = dict(client.get(reverse("accounts:demo-codes")).context["people"])
    assert len(shown[ada]) == 6


@pytest.mark.parametrize(("debug", "demo"), [(False, True), (True, False), (False, False)])
def test_outside_the_demo_nobody_becomes_anyone(client, settings, sam, debug, demo):
    settings.TRIAL, settings.DEMO = debug, demo
    for address in (reverse("accounts:demo-people"), reverse("accounts:demo-codes")):
        assert client.get(address).status_code == 404
    assert client.post(reverse("accounts:demo-become", args=[sam.pk])).status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_demo_lets_nobody_into_another_organisation(client, settings, organisation):
    settings.TRIAL = settings.DEMO = True
    elsewhere = make_organisation(name="Elsewhere", slug="zzz-elsewhere")
    olga = make_user("Olga Dunn", Role.STUDENT, organisation=elsewhere)
    assert client.post(reverse("accounts:demo-become", args=[olga.pk])).status_code == 404
    assert User.objects.filter(last_login=None).count() == 1
