"""Which files are refused, and who the person in a good one is."""

from datetime import date

import pytest

from hearth.inquiry.bundle import LARGEST_BYTES
from hearth.inquiry.packet import sent
from hearth.inquiry.tests.bundles import TODAY, about_her, bundle, coded, condition, packet, patient, refusal, written

# refused


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
        (b"\xef\xbb\xbf<Bundle/>", "The file is XML or a web page, but no C-CDA document."),
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
        (written(bundle(entry=[{}] * 20_001)), "The file holds more than 20,000 records, too many for one person"),
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


# the person


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
    assert [(one.name, one.relationship, one.phone) for one in person.contacts] == [("Eva Paz", "Mother", "9")]


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
