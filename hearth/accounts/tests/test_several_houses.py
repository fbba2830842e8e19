"""The same e-mail and phone in two organisations: two accounts, one of which is chosen after coming in."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from hearth.accounts import services
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.lib import tenancy
from hearth.outbox.models import Message

SIGN_IN, WHICH, HOME = reverse("accounts:sign-in"), reverse("accounts:which-house"), "/me/"


@pytest.fixture
def elsewhere(organisation):
    return make_organisation(name="Elsewhere House", slug="elsewhere")


@pytest.fixture
def sam_elsewhere(sam, elsewhere, with_password):
    """Sam Ortiz's account in the other house, under the same e-mail, phone and password."""
    return with_password(make_user("Sam Ortiz", Role.STUDENT, organisation=elsewhere, phone=sam.phone))


def type_password(browser, user, password, **more):
    return browser.post(SIGN_IN, {"email": user.email, "password": password, "next": HOME, **more})


def who(browser):
    return browser.session.get("_auth_user_id")


def test_an_address_is_one_persons_in_each_house(sam, sam_elsewhere, organisation, ada, now):
    with pytest.raises(IntegrityError, match="an_email_signs_in_one_person_of_a_house"), transaction.atomic():
        make_user("Other Sam", Role.STUDENT, organisation=organisation, email=sam.email)
    with pytest.raises(services.AddressInUse):
        services.make_student_user(name="Other Sam", by=ada, at=now, phone="303 555 0117")
    olga = make_user("Olga Dunn", Role.STUDENT, organisation=sam_elsewhere.organisation)
    assert services.make_student_user(name="Olga Dunn", by=ada, at=now, email=str(olga.email)).email == olga.email


@pytest.mark.parametrize("chosen", ["sam", "sam_elsewhere"])
def test_who_has_two_accounts_says_which_after_the_password_was_right(client, request, sam_elsewhere, password, chosen):
    user = request.getfixturevalue(chosen)
    answer = type_password(client, user, password, shared_device="on")
    assert answer["Location"] == f"{WHICH}?next=%2Fme%2F"
    assert who(client) is None
    page = client.get(answer["Location"])
    assert [name for _, name in page.context["form"]["account"].field.choices] == ["Elsewhere House", "Hearthside IOP"]
    assert client.post(WHICH, {"account": str(user.pk), "next": HOME})["Location"] == HOME
    assert who(client) == str(user.pk)
    assert client.session["shared_device"] is True
    assert client.get(WHICH).status_code == 302  # the choice is spent


def test_only_accounts_that_were_proved_can_be_chosen(client, sam_elsewhere, sam, nora, password):
    assert client.post(WHICH, {"account": str(sam.pk)})["Location"] == SIGN_IN
    type_password(client, sam, password)
    assert client.post(WHICH, {"account": str(nora.pk)}).context["form"].errors
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert client.post(WHICH, {"account": str(sam.pk)})["Location"] == SIGN_IN
    assert who(client) is None


def test_different_passwords_lead_straight_to_their_own_house(client, sam, sam_elsewhere, password):
    sam_elsewhere.set_password("another row of words")
    sam_elsewhere.save()
    assert type_password(client, sam, "another row of words")["Location"] == HOME
    assert who(client) == str(sam_elsewhere.pk)


def test_a_house_with_an_address_of_its_own_does_not_ask(client, sam, sam_elsewhere, elsewhere, password, settings):
    elsewhere.host = "elsewhere.example"
    elsewhere.save()
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    said = {"email": sam.email, "password": password, "next": HOME}
    assert client.post(SIGN_IN, said, headers={"Host": "elsewhere.example"})["Location"] == HOME
    assert who(client) == str(sam_elsewhere.pk)


def test_one_link_and_one_code_open_either_account(client, sam, sam_elsewhere, worker, address_in):
    def sent():
        worker()
        for house in (sam.organisation_id, sam_elsewhere.organisation_id):  # it is posted in one of them
            with tenancy.within(house):
                yield from Message.objects.all()

    client.post(reverse("accounts:ask-for-link"), {"email": sam.email})
    (mail,) = sent()
    assert client.post(address_in(mail))["Location"] == WHICH
    client.post(WHICH, {"account": str(sam_elsewhere.pk)})
    assert who(client) == str(sam_elsewhere.pk)
    client.post(reverse("accounts:sign-out"))

    client.post(reverse("accounts:ask-for-text"), {"phone": sam.phone})
    text = next(each for each in sent() if each.channel == "sms")
    assert client.post(reverse("accounts:texted-code"), {"code": text.body[:6]})["Location"] == WHICH
    client.post(WHICH, {"account": str(sam.pk)})
    assert who(client) == str(sam.pk)
