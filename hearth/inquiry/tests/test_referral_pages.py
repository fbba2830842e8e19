from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.inquiry.models import Referral
from hearth.inquiry.queries import INTAKE
from hearth.inquiry.testing import make_referral
from hearth.inquiry.tests.bundles import bundle, patient, whole_bundle, written
from hearth.lib import tenancy
from hearth.people.models import Patient
from hearth.people.services import note_death
from hearth.people.testing import make_patient

REFERRAL = written(whole_bundle())
BORN = date(1990, 5, 1)
INBOX, SEND_IN = "/referrals/", "/referrals/send-in/"
DECISION = {
    "step": "accept", "chosen_name": "Anita", "legal_given": "Ana Luz", "family_name": "Ruiz",
    "birth_date": "1990-05-01", "phone": "303 555 0177", "state": "CO", "language": "es", "modality": "virtual",
    "conditions": ["0"],
}  # fmt: skip


@pytest.fixture
def ana(ines, now):
    return make_referral(REFERRAL, at=now, by=ines)


def page_of(referral):
    return reverse("inquiry:referral", args=[referral.pk])


def upload(browser, **files):
    sent = [SimpleUploadedFile(f"{name}.json", data) for name, data in files.items()]
    return browser.post(SEND_IN, {"bundles": sent})


def test_files_are_uploaded_and_each_is_told_of(as_user, ines):
    page = upload(as_user(ines), ana=REFERRAL, broken=b"<html>", empty=b"", again=REFERRAL)
    said = page.content.decode()
    assert [one.status for one, _problems in page.context["received"]] == ["inbox", "refused", "refused", "duplicate"]
    assert "The file is XML or a web page, but no C-CDA document." in said
    assert "The file is empty." in said
    assert "refused, nothing stored" in said
    assert Referral.objects.count() == 1


def test_sending_nothing_is_explained(as_user, ines):
    page = as_user(ines).post(SEND_IN, {})
    assert page.status_code == 422
    assert "Choose at least one file." in page.content.decode()


def test_too_many_files_are_refused_at_once(as_user, ines):
    page = upload(as_user(ines), **{f"file{number}": b"{}" for number in range(21)})
    assert page.status_code == 422
    assert "at most 20 files" in page.content.decode()


def test_the_inbox_names_who_waits(as_user, ines, ana):
    said = as_user(ines).get(INBOX).content.decode()
    assert "Ana Luz Ruiz" in said
    assert "Opioid abuse (disorder)" in said


def test_a_referral_shows_what_was_sent_and_what_was_not(as_user, ines, ana):
    said = as_user(ines).get(page_of(ana)).content.decode()
    for told in (
        "Opioid abuse (disorder)",
        "Sertraline 50 MG",
        "Penicillin",
        "PHQ-9",
        "Acme Health Plan",
        "Ida Voss",
    ):
        assert told in said
    assert "not sent" in said
    assert 'value="Ana Luz"' in said


def test_accepting_writes_the_corrected_chart(as_user, ines, ana):
    answer = as_user(ines).post(page_of(ana), DECISION)
    chart = Patient.objects.get()
    assert answer.url == reverse("admission:way-in", args=[chart.pk])
    assert (chart.name, chart.legal_given, chart.languages, chart.modality) == (
        "Anita Ruiz",
        "Ana Luz",
        ["es"],
        "virtual",
    )
    assert chart.carried_facts.filter(kind="condition").count() == 1
    assert "Accepted by" in as_user(ines).get(page_of(ana)).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birth_date": ""}, "This field is required."),
        ({"birth_date": "2999-01-01"}, "in the future"),
        ({"phone": "12"}, "too short"),
        ({"state": "XX"}, "Select a valid choice"),
        ({"conditions": ["99"]}, "Select a valid choice"),
    ],
)
def test_corrections_survive_a_post_that_needs_another_look(as_user, ines, ana, changes, sentence):
    page = as_user(ines).post(page_of(ana), DECISION | changes)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert 'value="Anita"' in page.content.decode()
    assert not Patient.objects.exists()


def test_a_known_person_is_shown_with_reasons_and_joined(as_user, ines, ana, now):
    known = make_patient("Ana", "Ruiz", at=now, birth_date=BORN)
    browser = as_user(ines)
    assert "same name, same birth date" in browser.get(page_of(ana)).content.decode()
    undecided = browser.post(page_of(ana), DECISION)
    assert undecided.status_code == 422
    assert "Is it one of these people, or someone new?" in undecided.content.decode()
    browser.post(page_of(ana), DECISION | {"same_as": str(known.pk)})
    assert list(Patient.objects.all()) == [known]
    assert known.carried_facts.exists()


def test_a_referral_is_not_taken_over_for_somebody_recorded_as_dead_before_that_is_taken_back(
    as_user, ines, ruth, ana, now
):
    known = make_patient("Ana", "Ruiz", at=now, birth_date=BORN)
    note_death(patient=known, died_on=None, by=ruth, at=now)
    page = as_user(ines).post(page_of(ana), DECISION | {"same_as": str(known.pk)}, follow=True)
    assert "take it back first" in page.text
    ana.refresh_from_db()
    assert ana.status == "inbox"
    assert not known.carried_facts.exists()


def test_nobody_else_than_the_shown_ones_can_be_joined(as_user, ines, ana, now):
    make_patient("Ana", "Ruiz", at=now, birth_date=BORN)
    other = make_patient("Jonah", "Park", at=now)
    page = as_user(ines).post(page_of(ana), DECISION | {"same_as": str(other.pk)})
    assert page.status_code == 422
    assert not other.carried_facts.exists()


def test_declining_asks_why(as_user, ines, ana):
    browser = as_user(ines)
    page = browser.post(page_of(ana), {"step": "decline", "reason": " "})
    assert page.status_code == 422
    assert "A few words" in page.content.decode()
    assert browser.post(page_of(ana), {"step": "decline", "reason": "Needs detox first."}).status_code == 302
    assert "Needs detox first." in browser.get(page_of(ana)).content.decode()
    assert "Ana Luz Ruiz" in browser.get(INBOX, {"show": "declined"}).content.decode()
    assert browser.post(page_of(ana), DECISION).status_code == 302
    assert not Patient.objects.exists()


def test_a_sparse_referral_says_not_sent_and_can_be_completed(as_user, ines, now):
    sparse = {"resourceType": "Patient", "id": "ana"}
    referral = make_referral(written(bundle(person=sparse)), at=now)
    browser = as_user(ines)
    assert "Name not sent" in browser.get(page_of(referral)).content.decode()
    assert "name not sent" in browser.get(INBOX).content.decode()
    assert browser.post(page_of(referral), DECISION | {"conditions": []}).status_code == 302


def test_an_unusual_language_can_be_kept(as_user, ines, now):
    spoken = patient(communication=[{"language": {"coding": [{"code": "ne-NP", "display": "Nepali"}]}}])
    referral = make_referral(written(bundle(person=spoken)), at=now)
    assert "Nepali" in as_user(ines).get(page_of(referral)).content.decode()
    as_user(ines).post(page_of(referral), DECISION | {"language": "ne", "conditions": []})
    assert Patient.objects.get().languages == ["ne"]


@pytest.mark.parametrize("role", sorted(INTAKE))
def test_intake_director_and_supervisor_may_enter(as_user, organisation, ana, role):
    browser = as_user(make_user("Noor Haddad", Role(role), organisation=organisation))
    for page in (INBOX, SEND_IN, page_of(ana)):
        assert browser.get(page).status_code == 200


def test_a_counselor_may_not(as_user, dana, ana):
    browser = as_user(dana)
    for page in (INBOX, SEND_IN, page_of(ana)):
        assert browser.get(page).status_code == 403
    assert browser.post(page_of(ana), DECISION).status_code == 403
    assert upload(browser, ana=REFERRAL).status_code == 403
    assert not Patient.objects.exists()


def test_a_stranger_of_another_house_finds_nothing(as_user, ana):
    elsewhere = make_organisation(slug="elsewhere", name="Elsewhere")
    with tenancy.within(elsewhere.pk):
        nora = make_user("Nora Stone", Role.COORDINATOR, organisation=elsewhere)
    browser = as_user(nora)
    assert browser.get(page_of(ana)).status_code == 403
    assert "Ruiz" not in browser.get(INBOX).content.decode()


def test_the_inbox_asks_the_database_as_often_for_many_as_for_one(as_user, ines, ana, now):
    browser = as_user(ines)
    browser.get(INBOX)
    with CaptureQueriesContext(connection) as few:
        browser.get(INBOX)
    for number in range(8):
        make_referral(written(bundle(person=patient(id=f"p{number}"))), at=now, by=ines)
    with CaptureQueriesContext(connection) as many:
        browser.get(INBOX)
    assert len(many) == len(few)


def test_problems_are_said_in_the_readers_language_also_those_kept_before(ines, as_user, settings):
    ines.language = "es"
    ines.save()
    browser = as_user(ines)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    file = written(bundle(*[{"resourceType": "Condition"}] * 2, person=patient(birthDate="1890")))
    born = "La fecha de nacimiento no es una fecha completa."
    left_out = "Una afección llegó sin nombre ni código y se omitió. (2 veces)"
    with translation.override("es"):  # as the page leaves it behind
        page = upload(browser, a=file)
        kept = browser.get(page_of(Referral.objects.get()))
    assert (born in page.text, left_out in page.text) == (True, True)
    assert (born in kept.text, left_out in kept.text) == (True, True)
