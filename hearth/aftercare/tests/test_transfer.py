"""What goes to the next provider: as much as was agreed to, the same on paper and as a FHIR document."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.testing import make_episode
from hearth.aftercare import transfer
from hearth.aftercare.tests.test_services import complete, plan_next
from hearth.aftercare.transfer_consent import grant_for, terms_of, written_here
from hearth.aftercare.transfer_fhir import NOTICE
from hearth.aftercare.transfer_rules import Part
from hearth.audit.models import Event
from hearth.consent import services as consents
from hearth.consent.models import ConsentKind, Disclosure
from hearth.consent.testing import make_release, sign
from hearth.fhir.check import faults
from hearth.inquiry.bundle import read
from hearth.people.models import Relationship
from hearth.people.services import note_death
from hearth.people.testing import make_patient

ORTIZ = "Dr. Ana Ortiz"
KINDS = {
    Part.STAY: {"EpisodeOfCare"},
    Part.CONDITIONS: {"Condition"},
    Part.MEDICATIONS: {"MedicationStatement"},
    Part.ALLERGIES: {"AllergyIntolerance"},
    Part.MEASURES: {"Observation"},
    Part.PLAN: {"CarePlan", "Goal"},
    Part.NEXT: {"ServiceRequest", "Appointment"},
    Part.COVERAGE: {"Coverage"},
}
ALWAYS = {"Composition", "Patient", "PractitionerRole", "Practitioner", "Organization"}


def agree(plan, *parts, by=None, at, language="en"):
    """The student, or `by`, reads what the page wrote out for these parts and signs it."""
    with translation.override(language):
        terms = terms_of(plan, frozenset(parts), today=at.date())
    signer = by or plan.patient.user
    return sign(plan.patient, ConsentKind.RELEASE, by=signer, at=at, terms=terms, language=language)


def document(packet, *, by, at):
    return json.loads(transfer.take(pk=packet.pk, form=transfer.Form.FHIR, by=by, at=at))


def parts_now(plan, *, at):
    """What may go today; None where nothing may."""
    grant = grant_for(plan, at=at)
    return grant.parts if grant else None


def kinds_in(bundle):
    return {entry["resource"]["resourceType"] for entry in bundle["entry"]}


def urls_of(bundle, kinds):
    return {entry["fullUrl"] for entry in bundle["entry"] if entry["resource"]["resourceType"] in kinds}


@pytest.mark.parametrize("part", list(Part))
def test_only_the_part_that_was_agreed_to_leaves_on_paper_and_as_a_document(plan, dana, now, part):
    agree(plan, part, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    bundle = document(packet, by=dana, at=now)
    assert faults(bundle) == ()
    assert kinds_in(bundle) == ALWAYS | KINDS[part]
    secrets = {
        Part.STAY: "sessions", Part.CONDITIONS: "F10.20", Part.MEDICATIONS: "Naltrexone", Part.ALLERGIES: "Penicillin",
        Part.MEASURES: "GAD-7", Part.PLAN: "drinking", Part.NEXT: "Weekly therapy", Part.COVERAGE: "M-100",
    }  # fmt: skip
    stored = json.dumps(packet.body)
    told = json.dumps(bundle)
    assert secrets[part] in told
    for other in set(Part) - {part}:
        assert secrets[other] not in told
        assert str(other) not in packet.body
    assert "F10.20" not in stored or part == Part.CONDITIONS
    assert "M-100" not in stored


@pytest.mark.parametrize(
    ("parts", "is_told"), [({Part.MEDICATIONS}, False), ({Part.MEDICATIONS, Part.CONDITIONS}, True)]
)
def test_what_a_medication_is_for_goes_only_with_the_diagnoses(plan, dana, now, parts, is_told):
    agree(plan, *parts, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    assert ("cravings" in json.dumps(document(packet, by=dana, at=now))) == is_told
    assert ("cravings" in json.dumps(packet.body)) == is_told


def test_whoever_reads_the_document_finds_the_person_conditions_medications_and_measures(plan, dana, now):
    agree(plan, *Part, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    found = read(transfer.take(pk=packet.pk, form=transfer.Form.FHIR, by=dana, at=now), today=now.date())
    assert (found.person.name, found.person.birth_date) == ("Maya Reyes", plan.patient.birth_date)
    assert [one.number for one in found.person.phones] == ["303 555 0117"]
    (condition,) = found.conditions
    assert (condition.text, condition.code, condition.active, condition.behavioural) == (
        "Alcohol dependence", "F10.20", True, True,
    )  # fmt: skip
    (medication,) = found.medications
    assert (medication.text, medication.dosage, medication.active) == ("Naltrexone 50 mg", "one each morning", True)
    (allergy,) = found.allergies
    assert (allergy.text, allergy.reactions, allergy.criticality) == ("Penicillin", ("Hives",), "high")
    assert [(one.instrument, one.value) for one in found.measures] == [("GAD-7", 6), ("PHQ-9", 12), ("GAD-7", 17)]
    (paying,) = found.coverage
    assert (paying.payer, paying.plan, paying.group, paying.member_id) == ("Acme Health", "Gold", "G-7", "M-100")
    assert found.sender
    assert found.referral
    assert (found.sender.name, found.sender.organisation) == ("Dana Kim", plan.organisation.name)
    assert (found.referral.service, found.problems) == ("Weekly therapy", ())


def test_the_command_takes_the_document_as_a_referral(plan, dana, now, tmp_path):
    agree(plan, *Part, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    path = tmp_path / "packet.json"
    path.write_bytes(transfer.take(pk=packet.pk, form=transfer.Form.FHIR, by=dana, at=now))
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    printed = StringIO()
    call_command("referral", "import", str(path), "--dry-run", "--organisation", other.slug, stdout=printed)
    (one,) = json.loads(printed.getvalue())
    assert (one["status"], one["patient"], one["problems"]) == ("inbox", "Maya Reyes", [])
    assert one["counts"]["Composition"] == 1


def test_what_is_known_of_somebody_has_the_same_identifier_in_every_packet(plan, dana, now):
    agree(plan, *Part, at=now)
    first, second = (
        document(transfer.put_together(episode=plan.episode, by=dana, at=now), by=dana, at=now) for _ in range(2)
    )
    rows = {"Patient", "EpisodeOfCare", "Condition", "MedicationStatement", "Observation", "Goal", "Coverage"}
    assert urls_of(first, rows) == urls_of(second, rows)
    assert first["identifier"] != second["identifier"]


def test_the_document_is_made_alike_each_time_it_is_taken(plan, dana, now):
    agree(plan, *Part, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    assert document(packet, by=dana, at=now) == document(packet, by=dana, at=now + timedelta(hours=2))


def test_each_file_is_a_disclosure_under_the_consent_with_the_notice_in_it(plan, dana, now):
    release = agree(plan, Part.CONDITIONS, Part.MEDICATIONS, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    bundle = document(packet, by=dana, at=now)
    assert transfer.take(pk=packet.pk, form=transfer.Form.PDF, by=dana, at=now).startswith(b"%PDF")
    rows = list(Disclosure.objects.order_by("what"))
    assert [(row.consent, row.recipient, row.by) for row in rows] == [(release, ORTIZ, dana)] * 2
    assert [row.what for row in rows] == [
        "Transfer packet (FHIR document): conditions, medications", "Transfer packet (PDF): conditions, medications",
    ]  # fmt: skip
    assert NOTICE in bundle["entry"][0]["resource"]["section"][-1]["text"]["div"]
    assert Event.objects.filter(verb="consent.disclosed").count() == 2


def test_without_a_consent_that_names_them_nothing_is_put_together(plan, dana, now):
    make_release(plan.patient, "Somebody else", at=now)
    with pytest.raises(transfer.NotAgreed):
        transfer.put_together(episode=plan.episode, by=dana, at=now)


def test_a_release_in_other_words_says_nothing_of_the_parts(plan, now):
    make_release(plan.patient, ORTIZ, at=now)
    assert grant_for(plan, at=now) is None


def test_the_one_consent_for_treatment_covers_who_treats_and_no_support_group(plan, now):
    sign(plan.patient, ConsentKind.PART2_TPO, by=plan.patient.user, at=now)
    assert parts_now(plan, at=now) == frozenset(Part)
    plan.next_care = "group"
    assert grant_for(plan, at=now) is None


def test_who_agrees_to_less_than_all_treatment_has_less_sent(plan, now):
    sign(plan.patient, ConsentKind.PART2_TPO, by=plan.patient.user, at=now)
    agree(plan, Part.NEXT, at=now + timedelta(minutes=1))
    assert parts_now(plan, at=now + timedelta(minutes=2)) == {Part.NEXT}


def test_a_release_of_a_young_person_in_other_words_lets_nothing_out_under_the_one_for_treatment(toms, ann, now):
    for who in (toms.patient.user, ann):
        sign(toms.patient, ConsentKind.PART2_TPO, by=who, at=now)
    assert parts_now(toms, at=now) == frozenset(Part)
    make_release(toms.patient, ORTIZ, at=now)
    assert grant_for(toms, at=now) is None


@pytest.mark.parametrize("change", ["revoked", "another provider", "less", "died"])
def test_a_packet_that_holds_more_than_today_allows_can_be_taken_no_more(plan, dana, ruth, now, change):
    release = agree(plan, *Part, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    later = now + timedelta(hours=1)
    if change == "revoked":
        consents.revoke(pk=release.pk, by=plan.patient.user, at=later)
    if change == "another provider":
        plan.next_provider = "Dr. Bo Lund"
        plan.save()
    if change == "less":
        agree(plan, Part.NEXT, at=later)
    if change == "died":
        note_death(patient=plan.patient, died_on=None, by=ruth, at=later)
    for form in transfer.Form:
        with pytest.raises((transfer.NotAgreed, transfer.NotPlanned)):
            transfer.take(pk=packet.pk, form=form, by=dana, at=later + timedelta(minutes=1))
    assert not Disclosure.objects.exists()


@pytest.fixture
def ann(organisation):
    """The mother of Tom, who is fifteen."""
    return make_user("Ann Reed", Role.FAMILY, organisation=organisation)


@pytest.fixture
def toms(dana, ann, now):
    """What comes next for Tom."""
    born = date(timezone.now().year - 15, 1, 1)
    young = make_patient("Tom", "Reed", at=now, birth_date=born)
    Relationship.objects.create(patient=young, person=ann, kind="parent", is_guardian=True)
    young.care_team.create(member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date())
    return plan_next(make_episode(young, by=dana, at=now), by=dana, at=now)


def test_a_guardian_finds_the_words_that_the_young_person_signed(as_user, toms, ann):
    page, now = reverse("aftercare:ahead", args=[toms.patient.pk]), timezone.now()
    today = reverse("web:today")
    assert page.encode() not in as_user(ann).get(today).content
    release = agree(toms, Part.NEXT, at=now)
    assert page.encode() in as_user(ann).get(today).content
    assert as_user(ann).get(page).context["terms"].information == release.information
    agree(toms, Part.NEXT, by=ann, at=now)
    assert page.encode() not in as_user(ann).get(today).content
    assert parts_now(toms, at=timezone.now()) == {Part.NEXT}


def test_a_young_person_and_their_guardian_both_sign_the_same(toms, ann, now):
    plan, mother = toms, ann
    agree(plan, Part.NEXT, at=now)
    assert grant_for(plan, at=now) is None
    agree(plan, Part.CONDITIONS, by=mother, at=now)
    assert grant_for(plan, at=now) is None
    agree(plan, Part.NEXT, by=mother, at=now + timedelta(minutes=1))
    assert parts_now(plan, at=now + timedelta(minutes=2)) == {Part.NEXT}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_release_fits_its_row_and_is_understood_in_each_language(plan, now, language):
    with translation.override(language):
        terms = terms_of(plan, frozenset(Part), today=now.date())
    assert len(terms.information) <= 300
    release = agree(plan, *Part, at=now, language=language)
    assert written_here(release) == frozenset(Part)


def test_after_the_end_it_is_a_discharge_summary_with_what_was_signed(plan, dana, now):
    agree(plan, *Part, at=now)
    complete(plan.episode, by=dana, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    bundle = document(packet, by=dana, at=now)
    assert faults(bundle) == ()
    composition = bundle["entry"][0]["resource"]
    assert composition["type"]["coding"][0]["code"] == "18842-5"
    assert "No thoughts of suicide." in json.dumps(composition)


def test_that_the_stay_has_ended_leaves_only_with_the_stay(plan, dana, now):
    agree(plan, Part.PLAN, at=now)
    complete(plan.episode, by=dana, at=now)
    bundle = document(transfer.put_together(episode=plan.episode, by=dana, at=now), by=dana, at=now)
    assert faults(bundle) == ()
    assert bundle["entry"][0]["resource"]["title"] == "Transfer summary"
    statuses = [one["resource"]["status"] for one in bundle["entry"] if one["resource"]["resourceType"] == "CarePlan"]
    assert statuses == ["unknown"]


def test_a_chart_with_almost_nothing_on_it_makes_a_document_that_says_so(maya, dana, now):
    plan = plan_next(make_episode(maya, by=dana, at=now), by=dana, at=now)
    agree(plan, *Part, at=now)
    bundle = document(transfer.put_together(episode=plan.episode, by=dana, at=now), by=dana, at=now)
    assert faults(bundle) == ()
    assert "Nothing is on record." in json.dumps(bundle)


def test_only_those_who_care_for_somebody_put_it_together_or_take_it(plan, dana, theo, jonah, now):
    agree(plan, *Part, at=now)
    packet = transfer.put_together(episode=plan.episode, by=dana, at=now)
    peer = make_user("Sam Ode", Role.PEER, organisation=plan.organisation)
    plan.patient.care_team.create(member=peer, role=Role.PEER, since=now.date())
    for who in (theo, peer, jonah.user, plan.patient.user):
        with pytest.raises(PermissionDenied):
            transfer.put_together(episode=plan.episode, by=who, at=now)
        with pytest.raises(PermissionDenied):
            transfer.take(pk=packet.pk, form=transfer.Form.PDF, by=who, at=now)
