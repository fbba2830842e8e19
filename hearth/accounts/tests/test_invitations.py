"""Who invites whom, and how an invited person comes in."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts import rules, services
from hearth.accounts.models import SignInSecret, User
from hearth.accounts.roles import STAFF, Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.outbox.models import Message

EMPLOYED = frozenset(str(role) for role in STAFF)
roles = st.frozensets(st.sampled_from([role.value for role in Role]))


@pytest.mark.parametrize(
    ("inviter", "wanted", "may"),
    [
        (Role.ADMINISTRATOR, Role.COUNSELOR, True),
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, True),
        (Role.DIRECTOR, Role.COUNSELOR, True),
        (Role.DIRECTOR, Role.ADMINISTRATOR, False),
        (Role.COORDINATOR, Role.STUDENT, True),
        (Role.COORDINATOR, Role.REFERRER, True),
        (Role.COORDINATOR, Role.COUNSELOR, False),
        (Role.COUNSELOR, Role.FAMILY, True),
        (Role.COUNSELOR, Role.REFERRER, False),
        (Role.COORDINATOR, Role.INTERPRETER, True),
        (Role.COUNSELOR, Role.INTERPRETER, False),
        (Role.NURSE, Role.STUDENT, False),
        (Role.STUDENT, Role.FAMILY, False),
    ],
)
def test_who_may_invite_whom(inviter, wanted, may):
    assert rules.may_invite(frozenset({inviter.value}), frozenset({wanted.value}), employed=EMPLOYED) is may


@given(roles, roles)
def test_only_an_administrator_ever_makes_an_administrator(inviter, wanted):
    if Role.ADMINISTRATOR in wanted and rules.may_invite(inviter, wanted, employed=EMPLOYED):
        assert Role.ADMINISTRATOR in inviter


@given(roles, roles)
def test_nobody_is_staff_and_student_in_one_account(inviter, wanted):
    if rules.may_invite(inviter, wanted, employed=EMPLOYED):
        assert wanted <= EMPLOYED or not wanted & EMPLOYED


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(303) 555-0117", "+13035550117"),
        ("1 303 555 0117", "+13035550117"),
        ("+49 30 901820", "+4930901820"),
        ("555 0117", ""),
        ("call me", ""),
        ("٣٠٣٥٥٥٠١١٧", ""),
    ],
)
def test_phone_numbers_are_kept_in_one_way(typed, kept):
    assert rules.plain_phone(typed) == kept


def test_staff_are_invited_and_set_up_everything_before_they_see_anything(client, as_user, ada, address_in):
    page = as_user(ada).post(
        reverse("accounts:invite-staff"),
        {"name": "Bea Stone", "email": "Bea@Hearthside.example", "roles": ["counselor"], "title": "LPC"},
    )
    assert page["Location"] == reverse("people:staff")
    mail = Message.objects.get(to="bea@hearthside.example")
    client.logout()
    address = address_in(mail)
    assert "Welcome, Bea" in client.get(address).text
    no_password = client.post(address, {"name": "Bee Stone", "language": "en", "password": ""})
    assert "password" in no_password.context["form"].errors
    answer = client.post(address, {"name": "Bee Stone", "language": "es", "password": "a new row of words"})
    assert answer["Location"].startswith(reverse("accounts:second-factor"))
    bee = User.objects.get(email="bea@hearthside.example")
    assert (bee.name, bee.language, bee.has_role(Role.COUNSELOR)) == ("Bee Stone", "es", True)
    assert client.get("/me/")["Location"].startswith(reverse("accounts:second-factor"))
    assert client.get(address).status_code == 410
    assert Event.objects.filter(verb="accounts.invited", actor_id=ada.pk, subject_id=bee.pk).exists()


def test_a_director_is_not_offered_to_make_administrators(as_user, walt):
    form = as_user(walt).get(reverse("accounts:invite-staff")).context["form"]
    assert Role.ADMINISTRATOR not in dict(form.fields["roles"].choices)
    with pytest.raises(PermissionDenied):
        services.invite(name="X Y", roles=[Role.ADMINISTRATOR], email="x@y.example", by=walt, at=timezone.now())


def test_an_address_already_in_use_gets_a_sentence_and_nothing_is_sent(as_user, ada, sam):
    asked = {"name": "Sam Again", "email": sam.email, "roles": ["nurse"]}
    page = as_user(ada).post(reverse("accounts:invite-staff"), asked)
    assert "cannot be used" in page.text
    assert "Sam Again" in page.text
    assert not Message.objects.exists()


def test_an_invitation_ends_after_a_week(client, organisation, ines, address_in):
    services.invite(name="Kai Moss", roles=[Role.FAMILY], email="kai@home.example", by=ines, at=timezone.now())
    address = address_in(Message.objects.get())
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1), tick=False):
        assert client.get(address).status_code == 410
        assert client.post(address, {"name": "Kai", "language": "en"}).status_code == 410


def test_family_come_in_without_a_password(client, ines, address_in):
    services.invite(name="Kai Moss", roles=[Role.FAMILY], email="kai@home.example", by=ines, at=timezone.now())
    client.post(address_in(Message.objects.get()), {"name": "Kai Moss", "language": "en", "password": ""})
    assert client.get("/me/").status_code == 200
    assert not User.objects.get(email="kai@home.example").has_usable_password()


def test_inviting_again_voids_the_first_mail(client, ada, address_in):
    user = services.invite(name="Bea Stone", roles=[Role.NURSE], email="bea@h.example", by=ada, at=timezone.now())
    services.send_invitation(user=user, by=ada, at=timezone.now() + timedelta(minutes=1))
    first, second = Message.objects.order_by("posted_at")
    assert client.get(address_in(first)).status_code == 410
    assert client.get(address_in(second)).status_code == 200


def test_nobody_invites_into_another_organisation(ada, now):
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    olga = make_user("Olga Dunn", Role.COUNSELOR, organisation=elsewhere)
    with pytest.raises(PermissionDenied):
        services.send_invitation(user=olga, by=ada, at=now)
    with pytest.raises(PermissionDenied):
        services.change_roles(user=olga, roles=[Role.NURSE], title="", by=ada, at=now)
    with pytest.raises(PermissionDenied):
        services.print_code(user=make_user("Sol Reed", Role.STUDENT, organisation=elsewhere), by=ada, at=now)
    assert not SignInSecret.objects.exists()
