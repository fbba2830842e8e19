"""Every page has one door, and staff without a second factor pass none."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver, reverse

from hearth.accounts.browsers import SessionStore
from hearth.accounts.doors import signed_in
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user

DOORS = {"anyone", "signed_in", "half_signed_in", "public", "debug_only", "handed_over"}


def pages(patterns, prefix=""):
    for each in patterns:
        if isinstance(each, URLPattern):
            yield prefix + str(each.pattern), each.callback
        else:
            yield from pages(each.url_patterns, prefix + str(each.pattern))


def test_every_page_of_ours_has_a_door():
    walked = list(pages(get_resolver("hearth.urls").url_patterns))
    ours = [(address, page) for address, page in walked if page.__module__.startswith("hearth.accounts")]
    assert len(ours) > 25
    without = [
        address
        for address, page in walked
        if page.__module__.startswith("hearth.") and getattr(page, "door", None) not in DOORS
    ]
    assert without == []


def test_no_page_of_another_library_signs_people_in():
    foreign = {page.__module__.split(".")[0] for _, page in pages(get_resolver("hearth.urls").url_patterns)}
    assert "allauth" not in foreign


@pytest.mark.parametrize("name", ["accounts:me", "people:staff", "people:sign-in-help", "accounts:recovery-codes"])
def test_staff_without_their_second_factor_are_sent_to_it(client, dana, name):
    client.force_login(dana)
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:second-factor"))


def test_a_stranger_is_sent_to_sign_in_and_back(client, organisation):
    answer = client.get(reverse("people:staff") + "?page=2")
    assert answer["Location"] == reverse("accounts:sign-in") + "?next=%2Fstaff%2F%3Fpage%3D2"


def test_a_form_sent_after_signing_off_leads_back_to_its_page(client, organisation):
    answer = client.post(reverse("accounts:me"), headers={"referer": "http://testserver/me/"})
    assert answer["Location"].endswith("?next=%2Fme%2F")
    answer = client.post(reverse("accounts:me"), headers={"referer": "https://elsewhere.example/me/"})
    assert answer["Location"].endswith("?next=%2F")


def test_htmx_is_told_to_leave_the_whole_page(client, organisation):
    answer = client.get(reverse("accounts:me"), headers={"HX-Request": "true", "referer": "http://testserver/me/"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == reverse("accounts:sign-in") + "?next=%2Fme%2F"


def test_a_page_asks_for_its_role(as_user, dana):
    assert as_user(dana).get(reverse("accounts:organisation")).status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_every_role_passes_a_door_that_names_it_and_no_other(organisation, role):
    @signed_in(role)
    def page(request):
        return HttpResponse("in")

    from django.core.exceptions import PermissionDenied

    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session["second_factor"] = True
    request.user = make_user("Someone New", role, organisation=organisation)
    assert page(request).status_code == 200
    other = Role.NURSE if role != Role.NURSE else Role.BILLER
    request.user = make_user("Other Person", other, organisation=organisation)
    with pytest.raises(PermissionDenied):
        page(request)


def test_staff_of_another_organisation_do_not_exist_here(as_user, organisation):
    ada = make_user("Ada Quinn", Role.ADMINISTRATOR, organisation=organisation)
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    olga = make_user("Olga Dunn", Role.COUNSELOR, organisation=elsewhere)
    browser = as_user(ada)
    assert browser.get(reverse("people:staff-member", args=[olga.pk])).status_code == 403
    assert "Olga" not in browser.get(reverse("people:staff")).text
