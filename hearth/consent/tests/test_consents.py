from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from hearth.audit.models import Event
from hearth.consent import queries, services, wordings
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.rules import Signature
from hearth.consent.signing import Terms
from hearth.consent.testing import sign
from hearth.people import services as people

TERMS = Terms(("Bright Path Probation",), "That I take part", "My probation", date(2027, 11, 24))


def test_what_was_signed_is_kept_as_it_was_read_with_who_and_when(maya, now):
    consent = sign(maya, ConsentKind.TREATMENT, by=maya.user, at=now)
    assert "I, **Maya Reyes**, agree" in consent.text
    assert (consent.signed_name, consent.signer, consent.signed_at) == ("Maya Reyes", maya.user, now)
    assert queries.consents_missing(maya, ["treatment", "telehealth"], at=now) == ("telehealth",)
    assert Event.objects.get(verb="consent.signed").detail["version"] == consent.version


def test_nobody_signs_for_a_grown_person(maya, jonah, dana, now):
    for somebody in (jonah.user, dana):
        with pytest.raises(PermissionDenied):
            sign(maya, ConsentKind.TREATMENT, by=somebody, at=now)


def test_a_text_that_changed_since_it_was_read_is_not_signed(maya, now):
    with pytest.raises(services.TextChanged):
        sign(maya, ConsentKind.TREATMENT, by=maya.user, at=now, shown=wordings.mark("an older text"))
    assert not Consent.objects.exists()


@pytest.mark.parametrize("clock", [UTC, ZoneInfo("America/Denver"), ZoneInfo("Asia/Tokyo")])
def test_a_consent_holds_until_its_last_day_ends_where_the_organisation_is(maya, now, clock):
    release = sign(maya, ConsentKind.RELEASE, by=maya.user, at=now, terms=TERMS)
    named, kind = TERMS.recipients[0], ConsentKind.RELEASE
    for hour, holds in ((6, True), (7, False)):  # its last evening in Denver, and the day after
        at = datetime(2027, 11, 25, hour, 30, tzinfo=UTC).astimezone(clock)
        assert (queries.releases_naming({maya: named}, at=at) == {maya.pk: release}) is holds
        assert (queries.consents_in_force(patient=maya, at=at) == {kind: release}) is holds
        assert (queries.signatures_of(maya, at=at) == {Signature(kind, by_patient=True)}) is holds
        spoken = queries.may_speak_with(patient=maya, who=named, is_treating=False, at=at)
        assert (spoken.consent == release.pk) is holds


def test_a_minor_and_their_guardian_both_sign(noor, sami, now):
    sign(noor, ConsentKind.TREATMENT, by=noor.user, at=now)
    assert queries.consents_missing(noor, ["treatment"], at=now) == ("treatment",)
    consent = sign(noor, ConsentKind.TREATMENT, by=sami, at=now)
    assert "Signed for Noor Haddad by Sami Haddad" in consent.text
    assert queries.consents_missing(noor, ["treatment"], at=now) == ()


def test_what_is_missing_of_many_is_what_is_missing_of_each(maya, jonah, noor, sami, now, django_assert_num_queries):
    sign(maya, ConsentKind.TREATMENT, by=maya.user, at=now)
    sign(noor, ConsentKind.TREATMENT, by=noor.user, at=now)
    sign(maya, "school_contact", by=maya.user, at=now, terms=TERMS)
    kinds = dict.fromkeys([maya.pk, jonah.pk, noor.pk], ("treatment", "telehealth", "release", "school_contact"))
    with django_assert_num_queries(3):
        found = queries.consents_missing_of_many(kinds, at=now)
    for patient in (maya, jonah, noor):
        assert found[patient.pk] == queries.consents_missing(patient, kinds[patient.pk], at=now)
    assert found[maya.pk] == ("telehealth", "release")


def test_a_guardian_no_longer_signs_once_the_minor_is_of_age(noor, sami, now):
    with pytest.raises(PermissionDenied):
        sign(noor, ConsentKind.TREATMENT, by=sami, at=now + timedelta(days=800))


def test_nobody_is_asked_to_sign_for_somebody_who_has_died(noor, sami, ruth, now):
    assert queries.people_to_sign_for(viewer=sami, at=now) == [noor]
    people.note_death(patient=noor, died_on=None, by=ruth, at=now)
    assert queries.people_to_sign_for(viewer=sami, at=now) == []
    with pytest.raises(PermissionDenied):
        sign(noor, ConsentKind.TREATMENT, by=sami, at=now)


def test_a_release_lets_its_recipient_know_and_nobody_else_until_it_is_taken_back(maya, now):
    consent = sign(maya, ConsentKind.RELEASE, by=maya.user, at=now, terms=TERMS)
    assert queries.releases_naming({maya: "bright path probation"}, at=now) == {maya.pk: consent}
    assert queries.releases_naming({maya: "Somebody else"}, at=now) == {}
    assert queries.releases_naming({maya: "Bright Path Probation"}, at=now + timedelta(days=400)) == {}
    services.revoke(pk=consent.pk, by=maya.user, at=now)
    assert queries.releases_naming({maya: "Bright Path Probation"}, at=now) == {}


def test_what_a_minor_alone_has_signed_lets_nothing_out(noor, sami, now):
    own = sign(noor, ConsentKind.RELEASE, by=noor.user, at=now, terms=TERMS)
    assert queries.releases_naming({noor: "Bright Path Probation"}, at=now) == {}
    sign(noor, ConsentKind.RELEASE, by=sami, at=now, terms=TERMS)
    assert queries.releases_naming({noor: "Bright Path Probation"}, at=now) == {noor.pk: own}


def test_staff_take_a_consent_back_for_a_student_only_with_how_they_were_told(maya, dana, theo, now):
    consent = sign(maya, ConsentKind.PART2_TPO, by=maya.user, at=now)
    with pytest.raises(services.ReasonMissing):
        services.revoke(pk=consent.pk, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.revoke(pk=consent.pk, by=theo, at=now, reason="She called")
    services.revoke(pk=consent.pk, by=dana, at=now, reason="She called this morning")
    assert queries.consents_in_force(patient=maya, at=now) == {}


def test_what_was_taken_back_later_was_in_force_until_then(maya, now):
    consent = sign(maya, ConsentKind.PART2_TPO, by=maya.user, at=now)
    later = now + timedelta(hours=2)
    services.revoke(pk=consent.pk, by=maya.user, at=later)
    for at, held in ((now - timedelta(1), 0), (now, 1), (later - timedelta(seconds=1), 1), (later, 0)):
        assert len(queries.consents_in_force(patient=maya, at=at)) == held


def test_on_the_phone_a_text_is_read_signed_and_then_listed(as_user, maya, now):
    phone = as_user(maya.user)
    assert b"Treatment in the program" in phone.get("/consents/").content
    address = f"/consents/{maya.pk}/treatment/"
    page = phone.get(address)
    answer = {"step": "sign", "shown": page.context["shown"], "language": "en", "typed_name": "Maya Reyes"}
    again = phone.post(address, answer)
    assert b"Tick the box if you agree." in again.content
    assert b'value="Maya Reyes"' in again.content
    assert phone.post(address, answer | {"agreed": "on"}).status_code == 302
    consent = Consent.objects.get()
    assert b"I, <strong>Maya Reyes</strong>, agree" in phone.get(f"/consents/signed/{consent.pk}/").content
    assert phone.post(f"/consents/signed/{consent.pk}/revoke/").status_code == 302
    consent.refresh_from_db()
    assert consent.revoked_at


def test_a_release_first_asks_whom_it_is_for(as_user, maya, now):
    phone = as_user(maya.user)
    address = f"/consents/{maya.pk}/release/"
    assert b"Who may know?" in phone.get(address).content
    terms = {"recipients": "My aunt Ann\n", "information": "How often I come", "purpose": "So she can drive me"}
    past = phone.post(address, terms | {"expires_on": "2020-01-01"})
    assert b"Choose a day that is still to come." in past.content
    assert b"My aunt Ann" in past.content
    terms |= {"expires_on": (date.today() + timedelta(days=90)).isoformat()}  # noqa: DTZ011
    page = phone.post(address, terms)
    signature = {"step": "sign", "shown": page.context["shown"], "language": "en", "typed_name": "Maya", "agreed": "1"}
    assert phone.post(address, terms | signature).status_code == 302
    assert Consent.objects.get().recipients == ["My aunt Ann"]


def test_consent_pages_open_to_their_people_alone(as_user, maya, jonah, dana, theo, ines, now):
    consent = sign(maya, ConsentKind.TREATMENT, by=maya.user, at=now)
    doors = {
        f"/consents/signed/{consent.pk}/": {maya.user: 200, dana: 200, ines: 200, theo: 403, jonah.user: 403},
        f"/consents/{maya.pk}/treatment/": {maya.user: 200, jonah.user: 403, dana: 403},
        f"/students/{maya.pk}/consents/": {dana: 200, ines: 200, theo: 403, maya.user: 403},
    }
    for address, people_and_answers in doors.items():
        for somebody, answer in people_and_answers.items():
            assert as_user(somebody).get(address).status_code == answer, (address, somebody)


def test_the_staffs_page_asks_as_many_questions_for_many_consents_as_for_one(
    as_user, maya, dana, now, django_assert_max_num_queries
):
    for _ in range(12):
        sign(maya, ConsentKind.RELEASE, by=maya.user, at=now, terms=TERMS)
    browser = as_user(dana)
    with django_assert_max_num_queries(26):
        browser.get(f"/students/{maya.pk}/consents/")
