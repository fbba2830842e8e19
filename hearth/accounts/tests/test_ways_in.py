"""Every way in, and what each refuses."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hearth.accounts import services, sign_in
from hearth.accounts.models import Attempts, SignInSecret, User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event

SIGN_IN = reverse("accounts:sign-in")
HOME = "/me/"
Kind = sign_in.Kind


def type_password(browser, email, password, **more):
    return browser.post(SIGN_IN, {"email": email, "password": password, "next": HOME, **more})


def who(browser):
    return browser.session.get("_auth_user_id")


def test_a_student_comes_in_with_a_password_and_goes_on_to_the_page_asked_for(client, sam, password):
    answer = type_password(client, "Sam@Hearthside.example", password)
    assert answer["Location"] == HOME
    assert who(client) == str(sam.pk)
    assert client.get(HOME).status_code == 200
    assert Event.objects.filter(verb="accounts.signed_in", actor_id=sam.pk, detail={"way": "password"}).exists()


def test_the_next_page_is_never_elsewhere(client, sam, password):
    answer = type_password(client, sam.email, password, next="https://elsewhere.example/")
    assert "elsewhere" not in answer["Location"]


def test_signing_in_begins_a_new_session(client, sam, password):
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    type_password(client, sam.email, password)
    assert client.session.session_key != before
    assert "planted" not in client.session


def test_wrong_password_and_unknown_address_are_told_the_same(client, sam, worker):
    known = type_password(client, sam.email, "not this one")
    unknown = type_password(client, "nobody@hearthside.example", "not this one")
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert who(client) is None
    assert b"sam@hearthside.example" in known.content  # what was typed is kept
    worker()
    refusals = Event.objects.filter(verb="accounts.sign_in_refused")
    assert [each.subject_id for each in refusals] == [sam.pk]


def test_an_unknown_address_costs_as_many_queries_as_a_wrong_password(client, sam):
    client.get(SIGN_IN)
    with CaptureQueriesContext(connection) as known:
        type_password(client, sam.email, "not this one")
    with CaptureQueriesContext(connection) as unknown:
        type_password(client, "nobody@hearthside.example", "not this one")
    assert len(known) == len(unknown)


def test_after_eight_wrong_passwords_even_the_right_one_waits(client, sam, password):
    for _ in range(8):
        type_password(client, sam.email, "not this one")
    answer = type_password(client, sam.email, password)
    assert "too often" in str(answer.context["form"].non_field_errors())
    assert who(client) is None
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert type_password(client, sam.email, password).status_code == 302


def test_an_unknown_address_is_counted_too(client, organisation):
    answers = [type_password(client, "nobody@hearthside.example", "x") for _ in range(9)]
    assert "too often" in str(answers[-1].context["form"].non_field_errors())


def test_good_sign_ins_from_one_network_do_not_use_up_its_tries(client, sam, password):
    for _ in range(5):
        type_password(client, sam.email, password)
        client.post(reverse("accounts:sign-out"))
    assert not Attempts.objects.filter(count__gt=0).exists()


def test_what_is_counted_keeps_no_address(client, sam):
    type_password(client, sam.email, "not this one")
    assert all("sam" not in each.key and "127" not in each.key for each in Attempts.objects.all())


def test_a_closed_account_opens_to_nothing(client, sam, password):
    sam.is_active = False
    sam.save()
    assert type_password(client, sam.email, password).status_code == 200
    assert who(client) is None


def test_a_link_comes_by_mail_and_opens_once(client, sam, worker, address_in):
    answer = client.post(reverse("accounts:ask-for-link"), {"email": sam.email})
    assert "sam@hearthside.example" in answer.text
    (mail,) = worker()
    assert mail.to == sam.email
    assert "student" not in mail.body.lower()
    address = address_in(mail)

    client.get(address)  # a mail scanner's look
    client.head(address)
    assert who(client) is None
    assert client.post(address).status_code == 302
    assert who(client) == str(sam.pk)

    client.post(reverse("accounts:sign-out"))
    again = client.post(address)
    assert "opens nothing any more" in again.text
    assert who(client) is None


def test_a_link_ends_after_fifteen_minutes(client, sam, worker, address_in):
    client.post(reverse("accounts:ask-for-link"), {"email": sam.email})
    address = address_in(worker()[0])
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert "opens nothing any more" in client.get(address).text
        assert "opens nothing any more" in client.post(address).text
    assert who(client) is None


def test_a_new_link_voids_the_one_before(client, sam, now):
    first = sign_in.make_secret(user=sam, kind=Kind.LINK, by=None, at=now)
    second = sign_in.make_secret(user=sam, kind=Kind.LINK, by=None, at=now)
    assert sign_in.spend(kind=Kind.LINK, text=first, at=now) is None
    assert sign_in.spend(kind=Kind.LINK, text=second, at=now) == sam


def test_asking_for_a_link_shows_nobody_who_is_here(client, sam, worker):
    known = client.post(reverse("accounts:ask-for-link"), {"email": sam.email})
    unknown = client.post(reverse("accounts:ask-for-link"), {"email": "bob@hearthside.example"})
    same = known.text.replace(sam.email, "bob@hearthside.example")
    assert [line for line in same.splitlines() if not re.search("csrf|nonce", line)] == [
        line for line in unknown.text.splitlines() if not re.search("csrf|nonce", line)
    ]
    assert len(worker()) == 1


def test_links_are_not_mailed_without_end(client, sam, worker):
    for _ in range(7):
        client.post(reverse("accounts:ask-for-link"), {"email": sam.email})
    assert len(worker()) == 4


def test_staff_are_mailed_a_new_password_instead_of_a_link(client, nora, worker, address_in):
    client.post(reverse("accounts:ask-for-link"), {"email": nora.email})
    (mail,) = worker()
    address = address_in(mail)
    assert client.post(address, {"password": "short"}).context["form"].errors
    done = client.post(address, {"password": "a new row of words"})
    assert who(client) is None
    assert "kept" in done.text
    assert User.objects.get(pk=nora.pk).check_password("a new row of words")
    assert "opens nothing any more" in client.get(address).text


@pytest.mark.parametrize("kind", [Kind.LINK, Kind.SMS, Kind.PRINTED])
def test_no_link_or_code_is_made_for_staff(nora, now, kind):
    with pytest.raises(sign_in.StaffNeedTheirPassword):
        sign_in.make_secret(user=nora, kind=kind, by=None, at=now)


def test_a_link_made_before_somebody_became_staff_opens_nothing(sam, now):
    text = sign_in.make_secret(user=sam, kind=Kind.LINK, by=None, at=now)
    sam.roles = [Role.PEER]
    sam.save()
    assert sign_in.spend(kind=Kind.LINK, text=text, at=now) is None


def test_a_code_comes_by_text_message(client, sam, worker):
    client.post(reverse("accounts:ask-for-text"), {"phone": "(303) 555-0117"})
    (text,) = worker()
    assert text.channel == "sms"
    code = text.body[:6]
    answer = client.post(reverse("accounts:texted-code"), {"code": f"{code[:3]} {code[3:]}", "next": HOME})
    assert answer["Location"] == HOME
    assert who(client) == str(sam.pk)


def test_five_wrong_figures_void_a_texted_code(sam, now):
    code = sign_in.make_secret(user=sam, kind=Kind.SMS, by=None, at=now)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert sign_in.spend_texted(phone=sam.phone, code=wrong, at=now) == []
    assert sign_in.spend_texted(phone=sam.phone, code=code, at=now) == []


def test_a_texted_code_opens_only_the_phone_it_went_to(sam, organisation, now):
    code = sign_in.make_secret(user=sam, kind=Kind.SMS, by=None, at=now)
    make_user("Lee Ash", Role.STUDENT, organisation=organisation, phone="+13035550118")
    assert sign_in.spend_texted(phone="+13035550118", code=code, at=now) == []
    assert sign_in.spend_texted(phone="303 555 0119", code=code, at=now) == []
    assert sign_in.spend_texted(phone=sam.phone, code=code, at=now) == [sam]


def test_a_phone_number_that_cannot_be_one_gets_a_sentence(client, organisation):
    answer = client.post(reverse("accounts:ask-for-text"), {"phone": "555"})
    assert "ten figures" in str(answer.context["form"].errors["phone"])


def test_a_printed_code_lets_in_once_however_it_is_typed(client, sam, ada, now):
    code = services.print_code(user=sam, by=ada, at=timezone.now())
    assert len(code) == 14
    answer = client.post(reverse("accounts:printed-code"), {"code": code.lower().replace("-", " "), "next": HOME})
    assert answer["Location"] == HOME
    assert who(client) == str(sam.pk)
    client.post(reverse("accounts:sign-out"))
    assert "does not fit" in client.post(reverse("accounts:printed-code"), {"code": code}).text


def test_a_printed_code_ends_after_seven_days(sam, ada, now):
    code = services.print_code(user=sam, by=ada, at=now)
    week = now + timedelta(days=7)
    assert sign_in.spend(kind=Kind.PRINTED, text=code, at=week) is None
    assert sign_in.spend(kind=Kind.PRINTED, text=code, at=week - timedelta(seconds=1)) == sam


def test_no_secret_is_kept_as_it_is(sam, ada, now):
    texts = [sign_in.make_secret(user=sam, kind=kind, by=ada, at=now) for kind in Kind]
    kept = " ".join(f"{each.digest}" for each in SignInSecret.objects.all())
    assert len(texts) == SignInSecret.objects.count()
    assert not any(text in kept for text in texts)


def test_one_kind_of_secret_is_not_another(sam, ada, now):
    text = sign_in.make_secret(user=sam, kind=Kind.INVITATION, by=ada, at=now)
    assert sign_in.spend(kind=Kind.LINK, text=text, at=now) is None


def test_people_of_another_organisation_come_in_to_their_own(client, organisation, password, with_password):
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere", host="elsewhere.example")
    olga = with_password(make_user("Olga Dunn", Role.STUDENT, organisation=elsewhere))
    type_password(client, olga.email, password)
    page = client.get(HOME)
    assert page.status_code == 200
    assert page.context["organisation"] == elsewhere


def test_signing_out_ends_the_session(client, sam, password):
    type_password(client, sam.email, password)
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    client.post(reverse("accounts:sign-out"))
    assert client.get(HOME).status_code == 302
