"""What a referral's records become."""

import pytest

from hearth.inquiry.bundle import read
from hearth.inquiry.packet import Referral, sent
from hearth.inquiry.tests.bundles import (
    LOINC,
    ME,
    TODAY,
    about_her,
    coded,
    condition,
    packet,
    patient,
    whole_bundle,
    written,
)

# health and life


def test_behavioural_conditions_come_first_then_active_ones_then_new_ones():
    found = packet(
        condition("Asthma", onsetDateTime="2001"),
        condition("Sinusitis", status="resolved", onsetDateTime="2025"),
        condition("Posttraumatic stress disorder", "47505003", status="resolved"),
        condition("Anemia", onsetDateTime="2024-05"),
        about_her("Condition", code=coded("Alcohol dep.", "F10.20", "http://hl7.org/fhir/sid/icd-10-cm")),
    ).conditions
    assert [one.text for one in found] == [
        "Alcohol dep.",
        "Posttraumatic stress disorder",
        "Anemia",
        "Asthma",
        "Sinusitis",
    ]


def test_a_condition_recorded_often_is_told_once():
    (one,) = packet(
        condition("Drug overdose", "55680006", onsetDateTime="2019-01-01"),
        condition("Drug overdose", "55680006", status="resolved", onsetDateTime="2023-01-01"),
    ).conditions
    assert (one.active, one.onset, one.times) == (True, "2019-01-01", 2)


@pytest.mark.parametrize(
    ("text", "code", "about"),
    [
        ("Full-time employment (finding)", "160903007", "employment"),
        ("Received higher education (finding)", "224299000", "education"),
        ("Has a criminal record (finding)", "266948004", "legal"),
        ("Victim of intimate partner abuse (finding)", "706893006", "violence"),
        ("Homeless", None, "housing"),
        ("Stress (finding)", None, "stress"),
        ("Social isolation (finding)", "422650009", "isolation"),
        ("Not in labor force (finding)", "741062008", "employment"),
    ],
)
def test_circumstances_of_life_are_no_diseases(text, code, about):
    read_packet = packet(condition(text, code))
    assert read_packet.conditions == ()
    assert [(one.text, one.about) for one in read_packet.social] == [(text, about)]


@pytest.mark.parametrize("text", ["Misuses drugs (finding)", "Unhealthy alcohol drinking behavior (finding)"])
def test_use_of_substances_is_a_behavioural_condition(text):
    assert [one.behavioural for one in packet(condition(text)).conditions] == [True]


@pytest.mark.parametrize("text", ["Depressed fracture of skull", "Fracture of forearm", "Stress fracture"])
def test_words_that_only_sound_behavioural_are_not(text):
    assert [one.behavioural for one in packet(condition(text)).conditions] == [False]


def test_the_newest_answer_about_life_is_kept():
    smoking = coded("Tobacco smoking status", "72166-2", LOINC)
    category = [coded("social-history", "social-history")]
    found = packet(
        about_her("Observation", code=smoking, category=category, effectiveDateTime="2024", valueString="Former"),
        about_her("Observation", code=smoking, category=category, effectiveDateTime="2020", valueString="Current"),
    ).social
    assert [(one.text, one.about) for one in found] == [("Tobacco smoking status: Former", "tobacco")]


def test_medicines_are_found_wherever_they_are_written():
    def prescribed(**content):
        return about_her("MedicationRequest", status="active", **content)

    found = packet(
        prescribed(medicationReference={"reference": "urn:uuid:med"}, authoredOn="2024"),
        prescribed(medicationReference={"reference": "Medication/med2"}, authoredOn="2023"),
        prescribed(
            medicationReference={"reference": "#in"},
            contained=[{"id": "in", "code": coded("Naloxone")}],
            authoredOn="2022",
        ),
        prescribed(
            medicationReference={"display": "Sertraline"},
            authoredOn="2021",
            dosageInstruction=[{"text": "1 daily"}],
        ),
        {"resourceType": "Medication", "id": "med", "code": coded("Buprenorphine")},
        {"resourceType": "Medication", "id": "med2", "code": coded("Acamprosate")},
    ).medications
    assert [one.text for one in found] == ["Buprenorphine", "Acamprosate", "Naloxone", "Sertraline"]
    assert found[3].dosage == "1 daily"


def test_active_medicines_come_first_and_repeated_ones_once():
    drug = {"medicationCodeableConcept": coded("Oxycodone", "1")}
    other = {"medicationCodeableConcept": coded("Sertraline", "2")}
    found = packet(
        about_her("MedicationRequest", status="stopped", authoredOn="2024", **drug),
        about_her("MedicationRequest", status="stopped", authoredOn="2019", **drug),
        about_her("MedicationRequest", status="active", authoredOn="2015", **other),
        about_her("MedicationRequest", status="entered-in-error", medicationCodeableConcept=coded("Wrong")),
    ).medications
    assert [(one.text, one.active, one.started, one.last, one.times) for one in found] == [
        ("Sertraline", True, "2015", "2015", 1),
        ("Oxycodone", False, "2019", "2024", 2),
    ]


def test_a_medicine_not_to_be_given_is_a_problem_and_no_medicine():
    read_packet = packet(about_her("MedicationRequest", doNotPerform=True, medicationCodeableConcept=coded("Zolpidem")))
    assert (read_packet.medications, read_packet.problems) == ((), ("The sender asks not to give Zolpidem.",))


def test_grave_allergies_come_first():
    def allergy(text, **content):
        return {
            "resourceType": "AllergyIntolerance",
            "patient": {"reference": ME},
            "code": coded(text),
            **content,
        }

    found = packet(
        allergy("Pollen", criticality="low"),
        allergy("Peanut", criticality="high", reaction=[{"manifestation": [coded("Anaphylaxis"), coded("Hives")]}]),
        allergy("Mould"),
        allergy("No longer", criticality="high", clinicalStatus={"coding": [{"code": "resolved"}]}),
    ).allergies
    assert [one.text for one in found] == ["Peanut", "Mould", "Pollen", "No longer"]
    assert found[0].reactions == ("Anaphylaxis", "Hives")


def test_measures_are_found_in_observations_components_and_questionnaires():
    def score(code, value, on):
        quantity = {"value": value, "unit": "{score}"}
        return about_her(
            "Observation",
            status="final",
            code=coded("score", code, LOINC),
            valueQuantity=quantity,
            effectiveDateTime=on,
        )

    answered = {"linkId": "x", "item": [{"linkId": "/44261-6", "answer": [{"valueDecimal": 17.0}]}]}
    found = packet(
        score("70274-6", 12, "2025-01-01"),
        score("44261-6", 17, "2026-01-01"),
        score("718-7", 14, "2026-01-01"),
        about_her("QuestionnaireResponse", authored="2026-01-01", item=[answered]),
        about_her("Observation", code=coded("Panel"), issued="2024-01-01T00:00:00Z",
                  component=[{"code": coded("t", "75626-2", LOINC), "valueInteger": 7}]),
    ).measures  # fmt: skip
    assert [(one.instrument, one.shown, one.on) for one in found] == [
        ("PHQ-9", "17", "2026-01-01"),
        ("GAD-7", "12", "2025-01-01"),
        ("AUDIT-C", "7", "2024-01-01"),
    ]


def test_visits_of_note_are_told_and_check_ups_are_not():
    def visit(kind, on, why, **content):
        return about_her(
            "Encounter", **{"class": {"code": kind}}, period={"start": on}, reasonCode=[coded(why)], **content
        )

    found = packet(
        visit("AMB", "2026", "Check up"),
        visit("AMB", "2025-01", "Posttraumatic stress disorder"),
        visit("AMB", "2025-02", "Posttraumatic stress disorder"),
        visit("IMP", "2024", "Appendicitis", serviceProvider={"display": "City Hospital"}),
        visit("EMER", "2023", "Drug overdose"),
        *[visit("EMER", f"20{year}", "Sprain") for year in range(10, 22)],
    ).visits
    assert [(one.kind, one.reason, one.times) for one in found[:3]] == [
        ("outpatient", "Posttraumatic stress disorder", 2),
        ("inpatient", "Appendicitis", 1),
        ("emergency", "Drug overdose", 1),
    ]
    assert len(found) == 12


# who pays, who sends, who cares


def test_coverage_is_read_whole():
    (one,) = packet(
        {"resourceType": "Organization", "id": "acme", "name": "Acme Health Plan"},
        {"resourceType": "Coverage", "beneficiary": {"reference": ME}, "status": "active", "subscriberId": "M-1",
         "payor": [{"reference": "https://fhir.example.org/r4/Organization/acme"}], "period": {"start": "2025-01-01"},
         "class": [{"type": {"coding": [{"code": "plan"}]}, "name": "Gold"},
                   {"type": {"coding": [{"code": "group"}]}, "value": "77"}]},
        {"resourceType": "Claim", "patient": {"reference": ME}, "insurance": [{"coverage": {"display": "medicaid"}}]},
    ).coverage  # fmt: skip
    assert (one.payer, one.plan, one.member_id, one.group, one.starts) == (
        "Acme Health Plan", "Gold", "M-1", "77", "2025-01-01",
    )  # fmt: skip


def test_without_coverage_the_payer_of_the_newest_claim_comes_first():
    inside = {
        "resourceType": "Coverage",
        "id": "c",
        "type": {"text": "private"},
        "payor": [{"display": "Blue"}],
    }
    found = packet(
        {"resourceType": "Claim", "patient": {"reference": ME}, "created": "2020",
         "insurance": [{"coverage": {"display": "NO_INSURANCE"}}]},
        {"resourceType": "ExplanationOfBenefit", "patient": {"reference": ME}, "created": "2025", "contained": [inside],
         "insurance": [{"coverage": {"reference": "#c"}}]},
    ).coverage  # fmt: skip
    assert [(one.payer, one.plan, one.source) for one in found] == [
        ("Blue", "private", "ExplanationOfBenefit"),
        ("No insurance", None, "Claim"),
    ]
    assert sent(found[0].member_id) == "not sent"


def test_the_sender_the_reason_and_the_care_team_are_read():
    read_packet = read(written(whole_bundle()), today=TODAY)
    assert read_packet.sender
    assert read_packet.referral
    assert read_packet.sender.name == "Ida Voss"
    assert read_packet.referral.service == "Referral to intensive outpatient"
    assert read_packet.referral.reasons == ("Opioid use, wants help",)
    assert [(one.name, one.role) for one in read_packet.care_team] == [("Kim Oak", "Case manager")]


def test_the_primary_doctor_is_found_by_a_conditional_reference():
    doctor = {
        "resourceType": "Practitioner",
        "identifier": [{"system": "npi", "value": "7"}],
        "name": [{"family": "Voss"}],
    }
    person = patient(generalPractitioner=[{"reference": "Practitioner?identifier=npi|7"}])
    assert [(one.name, one.role) for one in packet(doctor, person=person).care_team] == [("Voss", "Primary care")]


def test_a_document_that_asks_for_nothing_says_by_its_title_what_was_sent():
    role = {
        "resourceType": "PractitionerRole",
        "id": "role",
        "practitioner": {"reference": "urn:uuid:dr"},
        "organization": {"display": "Cedar House"},
        "telecom": [{"system": "phone", "value": "720 555 0101"}],
    }
    doctor = {"resourceType": "Practitioner", "id": "dr", "name": [{"text": "Ida Voss"}]}
    letter = about_her(
        "Composition",
        status="final",
        date="2026-02-20T09:00:00Z",
        title="Transfer summary",
        type=coded("Transfer summary", "18761-7", LOINC),
        author=[{"reference": "urn:uuid:role"}],
        section=[{"title": "Anything", "text": {"status": "generated", "div": "<div>…</div>"}}],
    )
    found = packet(letter, role, doctor, type="document")
    assert found.referral == Referral(service="Transfer summary", on="2026-02-20")
    assert found.sender is not None
    assert found.sender.name == "Ida Voss"
    assert packet(letter | {"status": "entered-in-error"}, type="document").referral is None
