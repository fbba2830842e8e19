"""The packet on a phone: one paper after the other, put off, declined, taken up again; and what staff see of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.consent import wordings
from hearth.consent.asked import ask_for
from hearth.consent.models import Consent
from hearth.consent.packet import packet_of
from hearth.consent.packet_models import PaperAnswer
from hearth.consent.queries import all_agreed_to, releases_naming
from hearth.consent.wordings import wording
from hearth.lib import tenancy

PAPERS = "/my/papers/"


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now):
        yield


def address(patient, paper):
    return reverse("consent:paper", args=[patient.pk, paper])


def sign(client, patient, paper, name="Maya Reyes"):
    page = client.get(address(patient, paper))
    typed = {"do": "keep", "agreed": "on", "typed_name": name, "language": "en", "shown": page.context["shown"]}
    return client.post(address(patient, paper), typed)


def states(patient, at):
    return {line.paper.id: str(line.state) for line in packet_of(patient, at=at + timedelta(hours=1)).lines}


def test_one_paper_leads_to_the_next_until_nothing_is_left(as_user, maya):
    phone = as_user(maya.user)
    contact = {"emergency_name": "Alex Duarte", "emergency_phone": "303 555 0142"}
    place = {"street": "12 Elm", "city": "Denver", "state": "CO", "postal_code": "80203"}
    seen, step = [], phone.get(PAPERS).context["packets"][0].next
    next_address = address(maya, step.paper.id)
    while next_address != PAPERS:
        paper = next_address.rstrip("/").rpartition("/")[2]
        seen.append(paper)
        details = {"emergency_contact": contact, "place": place}.get(paper)
        answer = phone.post(next_address, details | {"do": "keep"}) if details else sign(phone, maya, paper)
        assert answer.status_code == 302, paper
        next_address = answer.url
    assert seen[0] == "treatment"
    assert seen[-1] == "place"
    assert len(seen) == 10
    page = phone.get(PAPERS)
    assert "Nothing is left. Thank you." in page.text
    assert "10 of 10 papers are done." in page.text
    maya.refresh_from_db()
    assert (maya.emergency_name, maya.city) == ("Alex Duarte", "Denver")
    assert Event.objects.filter(verb="consent.details_kept", patient_id=maya.pk).count() == 2


def test_whoever_comes_back_after_the_server_went_away_goes_on_where_they_were(as_user, client, maya, now):
    phone = as_user(maya.user)
    sign(phone, maya, "treatment")
    client.logout()
    page = as_user(maya.user).get(PAPERS)
    assert page.context["packets"][0].next.paper.id == "privacy_notice"
    assert 'data-draft="paper-' in phone.get(address(maya, "emergency_contact")).text  # what is typed and not sent


def test_a_paper_can_be_left_for_later_and_comes_last(as_user, maya, now):
    phone = as_user(maya.user)
    answer = phone.post(address(maya, "treatment"), {"do": "later"})
    assert answer.url == address(maya, "privacy_notice")
    assert states(maya, now)["treatment"] == "later"
    assert phone.get(PAPERS).context["packets"][0].next.paper.id == "privacy_notice"
    assert Event.objects.get(verb="consent.paper_put_off").detail == {"paper": "treatment"}


def test_saying_no_says_what_follows_reaches_staff_and_can_be_undone(as_user, maya, dana, now):
    phone = as_user(maya.user)
    assert "may be unable to bill your insurance" in phone.get(address(maya, "part2_tpo")).text
    phone.post(address(maya, "part2_tpo"), {"do": "no", "words": "I want to ask my sister first"})
    assert states(maya, now)["part2_tpo"] == "declined"
    assert "You said no to this." in phone.get(address(maya, "part2_tpo")).text
    page = as_user(dana).get(reverse("consent:of-patient", args=[maya.pk])).text
    assert "said no" in page
    assert "I want to ask my sister first" in page
    sign(as_user(maya.user), maya, "part2_tpo")
    assert states(maya, now)["part2_tpo"] == "done"


def test_a_paper_whose_text_changed_is_read_and_signed_again_and_the_old_one_stays(as_user, maya, now, monkeypatch):
    phone = as_user(maya.user)
    sign(phone, maya, "program_rules")
    real = wordings.wording

    def newer(kind, language):
        found = real(kind, language)
        return (
            replace(found, version="2027-01", body=found.body + "\n\nOne more.") if kind == "program_rules" else found
        )

    monkeypatch.setattr(wordings, "wording", newer)
    assert states(maya, now)["program_rules"] == "changed"
    assert "Its text was changed since" in phone.get(address(maya, "program_rules")).text
    sign(phone, maya, "program_rules")
    assert states(maya, now)["program_rules"] == "done"
    assert sorted(Consent.objects.values_list("version", flat=True)) == [real("program_rules", "en").version, "2027-01"]


def test_a_text_that_changed_while_it_was_read_is_not_signed(as_user, maya):
    typed = {"do": "keep", "agreed": "on", "typed_name": "Maya", "language": "en", "shown": "of another text"}
    page = as_user(maya.user).post(address(maya, "treatment"), typed)
    assert page.status_code == 422
    assert "Please read it once more; your name is kept." in page.text
    assert not Consent.objects.exists()


def test_a_young_person_and_their_guardian_each_have_their_own_part(as_user, noor, sami, ines, now):
    own, theirs = (packet_of(noor, at=now).of(by_patient=each) for each in (True, False))
    assert "financial" not in [line.paper.id for line in own.lines]
    assert {"financial", "treatment"} <= {line.paper.id for line in theirs.lines}
    sign(as_user(sami), noor, "treatment", "Sami Haddad")
    found = packet_of(noor, at=now + timedelta(hours=1))
    assert found.of(by_patient=True).line("treatment").state == "to_do"
    assert found.of(by_patient=False).line("treatment").state == "done"
    assert as_user(sami).get(address(noor, "emergency_contact")).status_code == 404


def test_a_stranger_reads_and_answers_nothing(as_user, maya, jonah, dana):
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_user("Sam Stone", Role.STUDENT, organisation=elsewhere)
    for somebody in (jonah.user, dana, stranger):
        client = as_user(somebody)
        assert client.get(address(maya, "treatment")).status_code == 403
        assert client.post(address(maya, "treatment"), {"do": "no"}).status_code == 403
    assert not PaperAnswer.objects.exists()
    assert as_user(maya.user).get(address(maya, "release")).status_code == 404


def test_the_list_asks_as_often_however_much_is_answered(as_user, maya, count_queries):
    phone = as_user(maya.user)
    before = count_queries(phone, PAPERS)
    for paper in ("treatment", "privacy_notice", "program_rules"):
        sign(phone, maya, paper)
        phone.post(address(maya, "telehealth"), {"do": "later"})
    assert count_queries(phone, PAPERS) == before


SCHOOL = {"school_contact": {"en": "School is a big part of a week.", "es": "La escuela ocupa la semana."}}
SAID = {"recipients": "Ms. Alba, counselor", "information": "Which days I am away", "purpose": "To keep up"}


def asks(patient, ines, now, *, asked=SCHOOL):
    return ask_for(
        patient=patient, program="Adolescent after school", track="mental-health", asked=asked, by=ines, at=now
    )


def test_what_a_program_asks_is_asked_with_its_reason_and_goes_with_another_program(as_user, maya, dana, ines, now):
    assert "school_contact" not in states(maya, now)
    assert as_user(maya.user).get(address(maya, "school_contact")).status_code == 404
    asks(maya, ines, now)
    assert states(maya, now)["school_contact"] == "to_do"
    page = as_user(maya.user).get(address(maya, "school_contact")).text
    assert "Why is this asked?" in page
    assert "School is a big part of a week." in page
    assert "School is a big part of a week." in as_user(dana).get(reverse("consent:of-patient", args=[maya.pk])).text
    with translation.override("es"):
        line = packet_of(maya, at=now).line("school_contact")
        assert line.whys == ("La escuela ocupa la semana.",)
    assert Event.objects.get(verb="consent.papers_asked").detail == {"papers": ["school_contact"]}
    asks(maya, ines, now, asked={"part2_tpo": {"en": "This track is about substance use."}})
    assert "school_contact" not in states(maya, now)
    assert packet_of(maya, at=now).line("part2_tpo").whys == ("This track is about substance use.",)


def test_the_school_hears_what_a_young_person_and_their_guardian_both_signed_and_nothing_before(
    as_user, noor, sami, ines, now
):
    asks(noor, ines, now)
    for person in (noor.user, sami):
        assert releases_naming({noor: "Ms. Alba, counselor"}, at=now) == {}
        phone = as_user(person)
        kept = phone.post(address(noor, "school_contact"), {"do": "keep", "agreed": "on", "typed_name": "N"})
        signing = reverse("consent:sign", args=[noor.pk, "school_contact"])
        assert kept.url == signing  # nothing is signed before it says for whom
        assert "not why I am here" in phone.get(signing).text
        terms = SAID | {"expires_on": (now + timedelta(days=90)).date().isoformat()}
        page = phone.post(signing, terms)
        signature = {"step": "sign", "shown": page.context["shown"], "typed_name": person.name, "agreed": "on"}
        assert phone.post(signing, terms | signature | {"language": "en"}).url == PAPERS
    row = Consent.objects.get(signer=sami)
    assert (row.kind, row.paper, row.text_id) == ("release", "school_contact", "school_contact")
    assert states(noor, now)["school_contact"] == "done"
    later = now + timedelta(minutes=1)
    assert noor.pk in releases_naming({noor: "Ms. Alba, counselor"}, at=later)
    assert releases_naming({noor: "Somebody at school"}, at=later) == {}


@pytest.mark.parametrize(("changed", "agrees"), [("", True), ("Everything", False)])
def test_the_words_a_paper_brings_are_one_agreement_in_both_languages(noor, sami, now, changed, agrees):
    rows = []
    for signer, language in ((noor.user, "en"), (sami, "es")):
        words = wording("school_contact", language)
        rows.append(
            Consent.objects.create(
                patient=noor, kind="release", paper="school_contact", version=words.version, language=language,
                text="…", recipients=["Ms. Alba"], information=words.information, purpose=words.purpose, signer=signer,
                signer_is_patient=signer == noor.user, signed_name=signer.name, signed_at=now,
                expires_on=now.date() + timedelta(days=90),
            )
        )  # fmt: skip
    if changed:
        Consent.objects.filter(pk=rows[1].pk).update(information=changed)
    assert all_agreed_to(rows[0], recipient="Ms. Alba", at=now + timedelta(minutes=1)) is agrees


def test_a_paper_put_off_or_refused_for_a_program_says_what_follows(as_user, noor, ines, now):
    asks(noor, ines, now)
    phone = as_user(noor.user)
    assert "Then nobody at school hears anything from us." in phone.get(address(noor, "school_contact")).text
    phone.post(address(noor, "school_contact"), {"do": "no"})
    assert packet_of(noor, at=now).of(by_patient=True).line("school_contact").state == "declined"
