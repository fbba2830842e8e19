"""Small bundles for tests: made of a person and whatever else a test is about."""

import json
from datetime import date

import pytest

from hearth.inquiry.bundle import Unreadable, read

TODAY = date(2026, 3, 2)
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ME = "urn:uuid:ana"


def coded(text, code=None, system=SNOMED):
    return {"text": text, **({"coding": [{"system": system, "code": code, "display": text}]} if code else {})}


def patient(**changes):
    return {
        "resourceType": "Patient",
        "id": "ana",
        "name": [{"use": "official", "family": "Ruiz12", "given": ["Ana7", "Luz"]}],
        "birthDate": "1990-05-01",
        "gender": "female",
        **changes,
    }


def about_her(kind, **content):
    return {"resourceType": kind, "subject": {"reference": ME}, **content}


def condition(text, code=None, status="active", **content):
    state = {"coding": [{"code": status}]}
    return about_her("Condition", code=coded(text, code), clinicalStatus=state, **content)


def bundle(*resources, person=None, **changes):
    """Entries with full URLs, as a hospital sends them; `person` False leaves the patient out."""
    first = [] if person is False else [{"fullUrl": ME, "resource": person or patient()}]
    others = [{"fullUrl": f"urn:uuid:{one.get('id', place)}", "resource": one} for place, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "transaction", "entry": [*first, *others], **changes}


def written(value):
    return json.dumps(value).encode()


def whole_bundle():
    """One of everything the reader looks at."""
    doctor = {
        "resourceType": "Practitioner",
        "id": "dr",
        "name": [{"prefix": ["Dr."], "family": "Voss", "given": ["Ida"]}],
    }
    score = {"code": coded("GAD-7 total", "70274-6", LOINC), "valueInteger": 12}
    return bundle(
        doctor,
        {"resourceType": "Organization", "id": "acme", "name": "Acme Health Plan"},
        condition("Opioid abuse (disorder)", "5602001", onsetDateTime="2020-02-03T10:00:00+00:00"),
        condition("Full-time employment (finding)", "160903007", onsetDateTime="2021"),
        about_her("MedicationRequest", status="active", intent="order", authoredOn="2025-01-01",
                  medicationCodeableConcept=coded("Sertraline 50 MG"), requester={"reference": "Practitioner/dr"}),
        {"resourceType": "AllergyIntolerance", "patient": {"reference": ME}, "code": coded("Penicillin"),
         "criticality": "high", "reaction": [{"manifestation": [coded("Hives")]}]},
        about_her("Observation", status="final", effectiveDateTime="2026-02-01", component=[score],
                  code=coded("Screening")),
        about_her("QuestionnaireResponse", status="completed", authored="2026-02-02T08:00:00Z",
                  item=[{"linkId": "1", "item": [{"linkId": "/44261-6", "answer": [{"valueDecimal": 17}]}]}]),
        about_her("Procedure", status="completed", code=coded("Depression screening", "171207006"),
                  performedPeriod={"start": "2026-02-02", "end": "2026-02-02"}),
        about_her("Encounter", status="finished", **{"class": {"code": "EMER"}}, period={"start": "2026-01-15"},
                  reasonCode=[coded("Drug overdose", "55680006")],
                  participant=[{"individual": {"reference": "Practitioner/dr"}}]),
        {"resourceType": "Coverage", "status": "active", "beneficiary": {"reference": ME}, "subscriberId": "M-1",
         "payor": [{"reference": "Organization/acme"}],
         "class": [{"type": {"coding": [{"code": "plan"}]}, "value": "gold", "name": "Acme Gold"}]},
        about_her("ServiceRequest", status="active", intent="order", code=coded("Referral to intensive outpatient"),
                  reasonCode=[coded("Opioid use, wants help")], requester={"reference": "Practitioner/dr"},
                  authoredOn="2026-02-20"),
        about_her("CareTeam", status="active",
                  participant=[{"member": {"display": "Kim Oak"}, "role": [coded("Case manager")]}]),
        {"resourceType": "Claim", "patient": {"reference": ME}, "created": "2025-01-01",
         "insurance": [{"coverage": {"display": "medicaid"}}]},
    )  # fmt: skip


def packet(*resources, **changes):
    return read(written(bundle(*resources, **changes)), today=TODAY)


def refusal(data):
    with pytest.raises(Unreadable) as refused:
        read(data if isinstance(data, bytes) else written(data), today=TODAY)
    return refused.value.problems
