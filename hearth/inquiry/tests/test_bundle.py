"""What a referral's bundle becomes, and what is refused."""

import copy
import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearth.inquiry.bundle import LARGEST_BYTES, Unreadable, read
from hearth.inquiry.packet import Packet, as_json, from_json, sent
from hearth.inquiry.tests.bundles import (
    LOINC,
    ME,
    TODAY,
    about_her,
    bundle,
    coded,
    condition,
    patient,
    whole_bundle,
    written,
)

SHARED = Path(os.environ.get("HEARTH_SHARED") or Path(__file__).parents[3].parent / "shared")
REFERRALS = SHARED / "data" / "referrals"


def packet(*resources, **changes):
    return read(written(bundle(*resources, **changes)), today=TODAY)


def refusal(data):
    with pytest.raises(Unreadable) as refused:
        read(data if isinstance(data, bytes) else written(data), today=TODAY)
    return refused.value.problems


# -- refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        (b"hello", "The file is not JSON (line 1, column 1)."),
        (b"\xff\xfe\xfd", "The file is not JSON."),
        (b'{"a": NaN}', "The file is not JSON."),
        (b'{"a": ' + b"9" * 5000 + b"}", "The file is not JSON."),
        (b"[" * 200_000 + b"]" * 200_000, "The file is nested too deeply to be a referral."),
        (b"\xef\xbb\xbf<Bundle/>", "The file is XML or a web page, not JSON."),
        (b"[1]", "The file is JSON, but not FHIR."),
        (b'{"name": "Ana"}', "The file is JSON, but not FHIR."),
        (written(bundle())[:-40], "The file ends in the middle: it was cut short."),
        (b'{"resourceType": "Bun', "The file ends in the middle: it was cut short."),
        (b'{"resourceType": "Bundle" "type"}', "The file is not JSON (line 1, column 27)."),
        (written(patient()), "The file holds a single FHIR Patient, not a bundle of one person's records."),
        (written(bundle(type="history")), "The bundle is of the type “history”, which carries no referral."),
        (written(bundle(person=False)), "There is no patient in the file."),
        (
            written(bundle(patient(id="ben"))),
            "There are 2 patients in the file; a referral is for one person.",
        ),
        (
            written(bundle(person=patient(birthDate="2026-03-03"))),
            "The birth date (2026-03-03) is in the future.",
        ),
        (b" " * (LARGEST_BYTES + 1), "The file is larger than 20 MB."),
    ],
)
def test_an_unusable_file_is_refused_in_one_sentence(data, sentence):
    (problem,) = refusal(data)
    assert problem.startswith(sentence)


@pytest.mark.parametrize(
    ("version", "person", "record"),
    [
        ("DSTU2", patient(name=[{"family": ["Ruiz"]}]), about_her("Observation")),
        ("DSTU2", patient(), about_her("MedicationOrder")),
        ("STU3", patient(), about_her("Observation", context={"reference": "Encounter/1"})),
        ("STU3", patient(), about_her("Condition", clinicalStatus="active")),
        ("R5", patient(), about_her("MedicationRequest", medication={"concept": coded("Sertraline")})),
        ("R5", patient(), about_her("Encounter", **{"class": [coded("inpatient")]})),
    ],
)
def test_another_version_of_fhir_is_refused_by_its_name(version, person, record):
    (problem,) = refusal(bundle(record, person=person))
    assert problem.startswith(f"The file is FHIR {version}, which cannot be read here.")


def test_one_odd_record_does_not_condemn_a_file():
    odd = about_her("Condition", clinicalStatus="active", code=coded("Anemia"))
    assert len(packet(odd, condition("Asthma"), condition("PTSD")).conditions) == 3


def test_every_reason_is_told():
    assert len(refusal(bundle(patient(id="ben", birthDate="2030-01-01"), about_her("MedicationOrder")))) == 3


def test_a_birth_date_of_today_is_not_in_the_future():
    assert packet(person=patient(birthDate="2026-03-02")).person.birth_date == TODAY


# -- the person -------------------------------------------------------------------------------------------------


def test_a_person_is_read_whole():
    core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
    race = [{"url": "ombCategory", "valueCoding": {"code": "2106-3", "display": "White"}}]
    table = "http://terminology.hl7.org/CodeSystem/v2-0203"
    ssn = {
        "type": {"coding": [{"system": table, "code": "SS", "display": "Social Security Number"}]},
        "value": "999-66-5777",
    }
    person = packet(
        person=patient(
            name=[
                {"use": "official", "family": "Ruiz", "given": ["Ana"]},
                {"use": "usual", "given": ["Lucho"], "family": "Ruiz"},
                {"use": "maiden", "text": "Ana Paz"},
            ],
            extension=[
                {"url": core + "race", "extension": race},
                {"url": core + "ethnicity", "extension": [{"url": "text", "valueString": "Hispanic"}]},
                {"url": core + "genderIdentity", "valueCodeableConcept": {"text": "Male"}},
                {"url": core + "birthsex", "valueCode": "F"},
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",
                    "valueBoolean": True,
                },
            ],
            telecom=[
                {"system": "phone", "value": "555-1", "use": "home"},
                {"system": "phone", "value": "555-2", "use": "mobile"},
                {"system": "phone", "value": "555-0", "use": "old"},
                {"system": "email", "value": "lucho@example.org"},
            ],
            address=[
                {"use": "old", "city": "Lynn"},
                {"line": ["1 Main St"], "city": "Salem", "state": "Massachusetts"},
            ],
            maritalStatus={"coding": [{"code": "D", "display": "D"}], "text": "D"},
            communication=[
                {"language": {"text": "English"}},
                {"language": coded("Spanish", "es"), "preferred": True},
            ],
            identifier=[ssn],
            contact=[
                {
                    "name": {"text": "Eva Paz"},
                    "relationship": [coded("Mother")],
                    "telecom": [{"system": "phone", "value": "9"}],
                }
            ],
        )
    ).person
    assert person.name == "Lucho Ruiz"
    assert [name.shown for name in person.names] == ["Ana Ruiz", "Lucho Ruiz", "Ana Paz"]
    assert (person.race, person.ethnicity) == (("White",), ("Hispanic",))
    assert (person.gender_identity, person.birth_sex, person.interpreter_needed) == ("Male", "F", True)
    assert [phone.number for phone in person.phones] == ["555-2", "555-1"]
    assert person.emails == ("lucho@example.org",)
    assert (person.address.city, person.address.state) == ("Salem", "MA")
    assert person.marital_status == "Divorced"
    assert [one.name for one in person.languages] == ["Spanish", "English"]
    assert [(one.label, one.shown) for one in person.identifiers] == [("Social Security Number", "•••5777")]
    assert [(one.name, one.relationship, one.phone) for one in person.contacts] == [
        ("Eva Paz", "Mother", "9")
    ]


def test_what_was_not_sent_says_so():
    read_packet = packet(person={"resourceType": "Patient"})
    assert sent(read_packet.person.marital_status) == "not sent"
    assert read_packet.coverage == ()
    assert read_packet.problems == ("The person's name was not sent.", "The birth date was not sent.")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birthDate": "1990"}, "The birth date is not a whole date."),
        ({"birthDate": "1990-02-30"}, "The birth date is not a whole date."),
        ({"birthDate": "1890-02-03"}, "The birth date (1890-02-03) is more than 120 years ago."),
        ({"deceasedBoolean": True}, "The sender records that this person has died."),
        (
            {"deceasedDateTime": "2025-03-04T10:00:00Z"},
            "The sender records that this person died on 2025-03-04.",
        ),
    ],
)
def test_a_doubtful_person_is_read_with_a_problem(changes, sentence):
    assert packet(person=patient(**changes)).problems == (sentence,)


def test_age_is_counted_in_birthdays():
    person = packet().person
    assert (person.age_on(date(2026, 4, 30)), person.age_on(date(2026, 5, 1))) == (35, 36)


# -- health and life --------------------------------------------------------------------------------------------


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
        about_her(
            "Observation", code=smoking, category=category, effectiveDateTime="2024", valueString="Former"
        ),
        about_her(
            "Observation", code=smoking, category=category, effectiveDateTime="2020", valueString="Current"
        ),
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
    read_packet = packet(
        about_her("MedicationRequest", doNotPerform=True, medicationCodeableConcept=coded("Zolpidem"))
    )
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
        allergy(
            "Peanut", criticality="high", reaction=[{"manifestation": [coded("Anaphylaxis"), coded("Hives")]}]
        ),
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


# -- who pays, who sends, who cares -----------------------------------------------------------------------------


def test_coverage_is_read_whole():
    (one,) = packet(
        {"resourceType": "Organization", "id": "acme", "name": "Acme Health Plan"},
        {"resourceType": "Coverage", "beneficiary": {"reference": ME}, "status": "active", "subscriberId": "M-1",
         "payor": [{"reference": "https://fhir.example.org/r4/Organization/acme"}], "period": {"start": "2025-01-01"},
         "class": [{"type": {"coding": [{"code": "plan"}]}, "name": "Gold"}, {"type": {"coding": [{"code": "group"}]}, "value": "77"}]},
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
        {"resourceType": "Claim", "patient": {"reference": ME}, "created": "2020", "insurance": [{"coverage": {"display": "NO_INSURANCE"}}]},
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
    assert [(one.name, one.role) for one in packet(doctor, person=person).care_team] == [
        ("Voss", "Primary care")
    ]


# -- partial and strange ----------------------------------------------------------------------------------------


def test_records_about_someone_else_are_left_out():
    other = {"resourceType": "Condition", "subject": {"reference": "Patient/ben"}, "code": coded("Secret")}
    read_packet = packet(other, condition("Asthma"))
    assert [one.text for one in read_packet.conditions] == ["Asthma"]
    assert read_packet.problems == ("Records about someone else were left out (1).",)


def test_nameless_records_are_left_out_and_counted():
    read_packet = packet(
        about_her("Condition"), about_her("Condition", code=7), about_her("MedicationRequest")
    )
    assert read_packet.problems == (
        "A condition came without a name or code and was left out. (2 times)",
        "A medication came without a name or code and was left out.",
    )
    assert read_packet.counts == {"Condition": 2, "Patient": 1, "MedicationRequest": 1}


def test_entries_without_a_record_are_left_out():
    read_packet = packet(
        entry=[{"resource": patient()}, {"request": {"method": "DELETE"}}, 7, None, {"resource": []}]
    )
    assert read_packet.problems == ("Entries without a FHIR record were left out (2).",)


def test_control_characters_and_broken_unicode_never_reach_a_packet():
    (one,) = packet(condition("Asth\u0000ma\ud800 \n of \t old" + "x" * 5000)).conditions
    assert one.text.startswith("Asth ma of old")
    assert len(one.text) <= 500
    assert as_json(packet(condition("\ud800a"))).encode()


def test_a_packet_survives_being_kept_as_json():
    kept = read(written(whole_bundle()), today=TODAY)
    assert from_json(as_json(kept)) == kept
    assert all([kept.conditions, kept.social, kept.medications, kept.allergies, kept.measures, kept.coverage])
    assert all([kept.care_team, kept.visits, kept.procedures, kept.sender, kept.referral, kept.counts])


def test_a_packet_kept_before_a_field_existed_takes_its_default():
    kept = json.loads(as_json(packet()))
    del kept["visits"], kept["person"]["contacts"]
    assert from_json(json.dumps({**kept, "gone": 1})) == packet()


# -- anything at all --------------------------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([10**400, 1e999, ME, "2026-99-99"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["code", "text", "reference", "id"]), inner),
    max_leaves=6,
)  # fmt: skip


def places(value, at=()):
    """Every path inside this JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*at, key)
        yield from places(one, (*at, key))


WHOLE = whole_bundle()
PLACES = list(places(WHOLE))


@st.composite
def damaged_bundles(draw):
    """A good bundle in which up to six places were replaced by anything, removed, or copied over each other."""
    damaged = copy.deepcopy(WHOLE)
    for *path, last in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=6)):
        try:
            spot = damaged
            for key in path:
                spot = spot[key]
            if draw(st.booleans()):
                spot[last] = draw(ANYTHING)
            else:
                del spot[last]
        except (KeyError, IndexError, TypeError):
            continue
    return damaged


def read_or_refuse(data):
    try:
        kept = read(data, today=TODAY)
    except Unreadable as refused:
        assert refused.problems
        assert all(sentence.endswith(".") for sentence in refused.problems)
        return
    assert isinstance(kept, Packet)
    assert from_json(as_json(kept)) == kept
    assert as_json(kept).encode()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged_bundles())
def test_a_damaged_bundle_is_read_or_refused(damaged):
    read_or_refuse(written(damaged))


@settings(max_examples=200, deadline=None)
@given(st.binary() | st.integers(0, len(written(WHOLE))).map(lambda end: written(WHOLE)[:end]))
def test_any_bytes_are_read_or_refused(data):
    read_or_refuse(data)


# -- real files -------------------------------------------------------------------------------------------------

needs_shared = pytest.mark.skipif(
    not REFERRALS.is_dir(), reason=f"the shared referral bundles are not at {REFERRALS} (set HEARTH_SHARED)"
)


@needs_shared
@pytest.mark.parametrize("path", sorted(REFERRALS.glob("*.json")), ids=lambda path: path.stem)
def test_a_real_referral_is_read_down_to_what_an_intake_needs(path):
    data = path.read_bytes()
    kept = read(data, today=TODAY)
    first, last = path.stem.split("_")[:2]
    assert first in kept.person.name.replace("ñ", "n")
    assert last in kept.person.name.replace("ñ", "n")
    assert kept.person.birth_date
    assert kept.person.address.state == "MA"
    assert sum(kept.counts.values()) == len(json.loads(data)["entry"])
    assert kept.conditions
    assert kept.coverage[0].payer
    assert kept.care_team
    assert kept.problems == ()
    lists = (
        kept.conditions,
        kept.social,
        kept.medications,
        kept.allergies,
        kept.measures,
        kept.visits,
        kept.procedures,
    )
    assert 5 < sum(map(len, lists)) < 60
    assert from_json(as_json(kept)) == kept


@needs_shared
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("dstu2-hca-pat-67", "The file is FHIR DSTU2, which cannot be read here."),
        ("stu3-Wuckert_Jules", "The file is FHIR STU3, which cannot be read here."),
        ("truncated", "The file ends in the middle: it was cut short."),
        ("no-patient-questionnaire", "There is no patient in the file."),
    ],
)
def test_a_real_bad_file_is_refused_in_one_sentence(name, sentence):
    (problem,) = refusal((REFERRALS / "refuse" / f"{name}.json").read_bytes())
    assert problem.startswith(sentence)
