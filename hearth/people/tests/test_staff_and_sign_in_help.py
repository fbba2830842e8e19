"""Staff and their licences; helping students and their family sign in."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.accounts import sign_in
from hearth.accounts.models import SignInSecret, User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.people import rules, services
from hearth.people.models import Licence, Relationship
from hearth.people.queries import states_licensed_in
from hearth.people.testing import make_patient

LICENCE = {"state": "co", "discipline": "LPC", "number": "LPC.1", "first_on": "2024-01-01", "last_on": "2027-08-31"}


@pytest.fixture
def ada(organisation):
    """Ada Quinn, organisation administrator."""
    return make_user("Ada Quinn", Role.ADMINISTRATOR, organisation=organisation)


def add(browser, member, **changed):
    return browser.post(reverse("people:add-licence", args=[member.pk]), LICENCE | changed)


def test_a_licence_is_held_until_and_with_its_last_day(as_user, ada, dana):
    assert add(as_user(ada), dana).status_code == 302
    assert states_licensed_in([dana], on=date(2027, 8, 31)) == {dana.pk: {"CO"}}
    assert states_licensed_in([dana], on=date(2027, 9, 1)) == {dana.pk: set()}
    assert states_licensed_in([dana], on=date(2023, 12, 31)) == {dana.pk: set()}


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"state": "Colorado"}, "state"), ({"state": "8!"}, "state"), ({"last_on": "2020-01-01"}, "last_on"),
     ({"first_on": "soon"}, "first_on"), ({"number": ""}, "number")],
)  # fmt: skip
def test_an_impossible_licence_gets_a_sentence_and_is_not_kept(as_user, ada, dana, changed, field):
    page = add(as_user(ada), dana, **changed)
    assert field in page.context["form"].errors
    assert "LPC" in page.text
    assert not Licence.objects.exists()


def test_one_number_is_written_down_once_at_a_time(as_user, ada, dana, theo):
    browser = as_user(ada)
    add(browser, dana)
    assert "already" in add(browser, theo).text
    assert Licence.objects.count() == 1


def test_a_licence_ends_on_the_day_said(as_user, ada, dana):
    browser = as_user(ada)
    add(browser, dana)
    licence = Licence.objects.get()
    browser.post(reverse("people:end-licence", args=[dana.pk, licence.pk]), {"last_on": "2026-11-30"})
    licence.refresh_from_db()
    assert licence.last_on == date(2026, 11, 30)
    assert Event.objects.filter(verb="people.licence_ended", actor_id=ada.pk).exists()


def test_a_licence_of_a_colleague_is_not_ended_through_anothers_page(as_user, ada, dana, theo):
    browser = as_user(ada)
    add(browser, dana)
    licence = Licence.objects.get()
    assert browser.get(reverse("people:end-licence", args=[theo.pk, licence.pk])).status_code == 403


def test_all_staff_see_the_list_and_only_those_who_lead_open_it(as_user, dana, theo, ada, client):
    assert "Theo Brandt" in as_user(dana).get(reverse("people:staff")).text
    assert as_user(dana).get(reverse("people:staff-member", args=[theo.pk])).status_code == 403
    assert as_user(ada).get(reverse("people:staff-member", args=[theo.pk])).status_code == 200


def test_the_staff_list_asks_as_many_queries_for_many_as_for_few(as_user, ada, organisation, dana):
    browser = as_user(ada)
    add(browser, dana)
    browser.get(reverse("people:staff"))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("people:staff"))
    for number in range(12):
        member = make_user(f"S{number} Jones", Role.NURSE, organisation=organisation, email=f"s{number}@h.example")
        add(browser, member, number=f"RN.{number}")
    browser.get(reverse("people:staff"))  # says what was kept
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("people:staff"))
    assert len(many) == len(few)


def test_roles_are_changed_by_those_who_lead(as_user, ada, dana):
    address = reverse("people:staff-member", args=[dana.pk])
    assert as_user(ada).post(address, {"roles": ["clinical_supervisor"], "title": "LPC-S"}).status_code == 302
    dana.refresh_from_db()
    assert dana.roles == ["clinical_supervisor"]
    page = as_user(ada).post(address, {"roles": ["student"], "title": ""})
    assert "roles" in page.context["form"].errors


def test_a_director_does_not_touch_an_administrator(as_user, walt, ada):
    browser = as_user(walt)
    assert browser.post(reverse("people:staff-account", args=[ada.pk]), {"deed": "close"}).status_code == 403
    assert User.objects.get(pk=ada.pk).is_active


def test_an_account_is_closed_and_opened_again_but_never_ones_own(as_user, ada, dana):
    browser = as_user(ada)
    browser.post(reverse("people:staff-account", args=[dana.pk]), {"deed": "close"})
    assert not User.objects.get(pk=dana.pk).is_active
    browser.post(reverse("people:staff-account", args=[dana.pk]), {"deed": "reopen"})
    assert User.objects.get(pk=dana.pk).is_active
    assert browser.post(reverse("people:staff-account", args=[ada.pk]), {"deed": "close"}).status_code == 403


def test_the_counselor_prints_a_code_that_lets_the_student_in(as_user, dana, maya, now):
    page = as_user(dana).post(reverse("people:printed-code", args=[maya.pk]))
    code = page.context["code"]
    assert "no-store" in page["Cache-Control"]
    made = SignInSecret.objects.get()
    assert made.made_by == dana
    assert Event.objects.filter(verb="accounts.code_printed", actor_id=dana.pk, subject_id=maya.user_id).exists()
    assert sign_in.spend(kind=sign_in.Kind.PRINTED, text=code, at=made.made_at) == maya.user


def test_a_counselor_of_others_prints_nothing(as_user, theo, maya):
    browser = as_user(theo)
    assert browser.post(reverse("people:printed-code", args=[maya.pk])).status_code == 403
    assert browser.get(reverse("people:sign-in-of", args=[maya.pk])).status_code == 403
    assert "Maya" not in browser.get(reverse("people:sign-in-help")).text
    assert not SignInSecret.objects.exists()


def test_a_student_prints_nothing(as_user, maya):
    assert as_user(maya.user).post(reverse("people:printed-code", args=[maya.pk])).status_code == 403


def test_someone_of_another_organisation_is_not_there(as_user, ines, now):
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_patient("Otto", "Gray", at=now)
    assert as_user(ines).post(reverse("people:printed-code", args=[stranger.pk])).status_code == 403


def test_whoever_has_no_account_gets_one_with_the_first_code(as_user, ines, organisation, now):
    patient = make_patient("Ray", "Cole", at=now, with_user=False)
    as_user(ines).post(reverse("people:printed-code", args=[patient.pk]))
    patient.refresh_from_db()
    assert patient.user
    assert (patient.user.email, patient.user.phone, patient.user.name) == (None, None, "Ray Cole")


def test_a_student_is_found_by_name_and_invited_by_mail(as_user, dana, maya):
    browser = as_user(dana)
    assert "Maya Reyes" in browser.get(reverse("people:sign-in-help"), {"words": "rey"}).text
    assert "Maya Reyes" not in browser.get(reverse("people:sign-in-help"), {"words": "zzz"}).text
    address = reverse("people:sign-in-of", args=[maya.pk])
    assert "ten figures" in browser.post(address, {"email": "", "phone": "12"}).text
    assert "print a code instead" in browser.post(address, {"email": "", "phone": ""}).text
    browser.post(address, {"email": "maya@home.example", "phone": "303 555 0199"})
    maya.user.refresh_from_db()
    assert (maya.user.email, maya.user.phone) == ("maya@home.example", "+13035550199")
    assert Message.objects.get().to == "maya@home.example"


def test_an_address_of_another_person_is_not_taken_over(as_user, dana, maya, jonah):
    page = as_user(dana).post(reverse("people:sign-in-of", args=[maya.pk]), {"email": jonah.user.email, "phone": ""})
    assert "cannot be used" in page.text


def test_family_is_invited_only_as_the_student_wishes(as_user, dana, maya):
    address = reverse("people:invite-family", args=[maya.pk])
    asked = {"name": "Rosa Reyes", "email": "rosa@home.example", "kind": "parent"}
    browser = as_user(dana)
    assert "Ask first" in browser.post(address, asked).text
    assert not Relationship.objects.exists()
    browser.post(address, asked | {"agreed": "on"})
    row = Relationship.objects.get()
    assert (row.person.name, row.kind, row.person.roles) == ("Rosa Reyes", "parent", ["family"])
    assert Message.objects.get().to == "rosa@home.example"


def test_a_parent_of_two_students_keeps_one_account(dana, maya, ines, jonah, now):
    known: dict[str, Any] = {
        "name": "Rosa Reyes",
        "email": "rosa@home.example",
        "kind": "parent",
        "is_guardian": False,
        "at": now,
    }
    first = services.invite_family(patient=maya, by=ines, **known)
    second = services.invite_family(patient=jonah, by=ines, **known)
    assert first.person == second.person


def test_a_chart_follows_the_name_its_person_chose(as_user, maya):
    said = {"name": "May Reyes", "pronouns": "she", "pronouns_shown_to": "team", "language": "en", "time_zone": ""}
    as_user(maya.user).post(reverse("accounts:me"), said)
    maya.refresh_from_db()
    assert (maya.chosen_name, maya.family_name, maya.pronouns, maya.pronouns_shown_to) == (
        "May",
        "Reyes",
        "she",
        "team",
    )


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("Maya Reyes", "Maya"),
        ("May", "May"),
        ("Reyes", "Reyes"),
        ("Maya Luz  Reyes", "Maya Luz"),
        ("Mayreyes", "Mayreyes"),
    ],
)
def test_the_chosen_name_is_what_goes_before_the_family_name(said, chosen):
    assert rules.chosen_name(said, family_name="Reyes") == chosen


def test_the_database_itself_keeps_a_licence_number_apart(ada, dana, theo, now):
    known: dict[str, Any] = {
        "state": "CO",
        "discipline": "LPC",
        "number": "1",
        "first_on": date(2024, 1, 1),
        "last_on": None,
    }
    services.add_licence(holder=dana, by=ada, at=now, **known)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.add_licence(holder=theo, by=ada, at=now, **known)
