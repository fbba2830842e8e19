"""Admission's pages for those who work there, a colleague, and a stranger."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.models import Assessment, Episode
from hearth.admission.testing import make_assessment
from hearth.admission.tests.test_services import sign_all
from hearth.background.services import finish
from hearth.consent.packet import packet_of
from hearth.inquiry.models import Inquiry
from hearth.inquiry.testing import make_inquiry
from hearth.inquiry.ways_out import hand_over
from hearth.lib import tenancy
from hearth.people.testing import make_patient
from hearth.program.testing import make_program

RATINGS = {f"rating_{number}": "2" for number in "123456"} | {"edition": "ASAM-4"}


@pytest.fixture
def stranger(organisation):
    """A coordinator of another organisation."""
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        return make_user("Sam Stone", Role.COORDINATOR, organisation=elsewhere)


def test_the_coordinator_sees_who_is_on_the_way_in(as_user, ines, jonah):
    page = as_user(ines).get(reverse("admission:on-the-way-in"))
    assert b"Jonah Park" in page.content
    assert b"Findings to record" in page.content


def test_the_list_says_whose_assessment_waits_to_be_signed(as_user, ines, jonah, now):
    page = reverse("admission:on-the-way-in")
    assert "Assessment to sign" not in as_user(ines).get(page).text
    finish(patient_pk=jonah.pk, by=jonah.user, at=now)
    assert "Assessment to sign" in as_user(ines).get(page).text


def test_whoever_was_handed_over_is_on_the_way_in_only_once_they_ask_again(as_user, ines, jonah, now):
    hand_over(who=jonah, to_whom="Dr. Rey", reason="other_level", note="", by=ines, at=now)
    for page in (reverse("admission:on-the-way-in"), reverse("web:today")):
        assert "Jonah" not in as_user(ines).get(page).text
    again = make_inquiry("Somebody", at=now + timedelta(minutes=1))
    Inquiry.objects.filter(pk=again.pk).update(patient=jonah)
    for page in (reverse("admission:on-the-way-in"), reverse("web:today")):
        assert "Jonah" in as_user(ines).get(page).text


def test_a_stranger_finds_nobody_and_no_page(as_user, stranger, jonah):
    client = as_user(stranger)
    assert b"Jonah" not in client.get(reverse("admission:on-the-way-in")).content
    assert client.get(reverse("admission:way-in", args=[jonah.pk])).status_code == 403


def test_a_counselor_of_somebody_else_may_not_look(as_user, theo, maya):
    assert as_user(theo).get(reverse("admission:way-in", args=[maya.pk])).status_code == 403


def test_a_student_has_no_business_here(as_user, maya):
    assert as_user(maya.user).get(reverse("admission:on-the-way-in")).status_code == 403


def test_a_missing_rating_is_named_and_the_notes_are_kept(as_user, ines, jonah):
    answers = RATINGS | {"note_3": "Sleeps four hours"}
    del answers["rating_5"]
    page = as_user(ines).post(reverse("admission:findings", args=[jonah.pk]), answers)
    assert page.status_code == 422
    assert b"Sleeps four hours" in page.content
    assert b"Choose a rating for this dimension." in page.content
    assert not Assessment.objects.exists()


def test_the_way_in_goes_from_findings_to_the_first_day(as_user, ines, ruth, dana, jonah):
    as_user(ines).post(reverse("admission:findings", args=[jonah.pk]), RATINGS)
    way = reverse("admission:way-in", args=[jonah.pk])
    signed = as_user(ruth).post(way, {"step": "sign", "level": "2.1", "rationale": "", "sure": "on"})
    assert signed.status_code == 302
    sign_all(jonah, at=timezone.now())
    program = make_program()
    page = as_user(ines).get(way)
    day = page.context["admission"]["starts_on"].value().isoformat()
    answers = {
        "step": "admit",
        "choice": f"{program.pk}|co-occurring",
        "starts_on": day,
        "weeks": "14",
        "counselor": dana.pk,
    }
    refused = as_user(ines).post(way, answers | {"weeks": "3"})
    assert b"This program lasts 12 to 16 weeks." in refused.content
    assert as_user(ines).post(way, answers).status_code == 302
    assert Episode.objects.get().patient == jonah


def test_the_list_asks_the_database_as_often_for_many_as_for_few(as_user, ines, ruth, jonah, now, count_queries):
    client = as_user(ines)
    few = count_queries(client, reverse("admission:on-the-way-in"))
    for number in range(12):
        patient = make_patient(f"Ada{number}", "Many", at=now)
        make_assessment(patient, by=ruth, at=now)
    assert count_queries(client, reverse("admission:on-the-way-in")) == few


def test_staff_say_which_program_somebody_is_to_come_to_and_its_papers_are_asked(as_user, ines, theo, stranger, now):
    noor = make_patient("Noor", "Haddad", at=now, birth_date=date(2010, 3, 2), population="adolescent")
    program = make_program(population="adolescent")
    address = reverse("admission:way-in", args=[noor.pk])
    chosen = {"step": "program", "choice": f"{program.pk}|substance-use"}
    for somebody in (theo, stranger, noor.user):
        assert as_user(somebody).post(address, chosen).status_code == 403
    assert "school_contact" not in {line.paper.id for line in packet_of(noor, at=now).lines}
    browser = as_user(ines)
    assert "Which program are they to come to?" in browser.get(address).text
    assert browser.post(address, chosen).status_code == 302
    assert {"school_contact", "part2_tpo"} <= {line.paper.id for line in packet_of(noor, at=now).lines}
    assert "Federal law keeps those records apart" in packet_of(noor, at=now).line("part2_tpo").whys[0]
    page = browser.get(address)
    assert "Papers as for Adolescent after school" in page.text
    assert page.context["admission"]["choice"].initial == chosen["choice"]
    wrong = browser.post(address, chosen | {"choice": f"{make_program().pk}|co-occurring"})
    assert wrong.status_code == 422  # adults and adolescents never meet in a group
