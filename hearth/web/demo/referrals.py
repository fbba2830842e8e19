"""Two made-up referrals, as hospitals send them: small FHIR R4 bundles."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
ME = "urn:uuid:9b1f4d1e-7a3c-4f0e-9a53-3f0f0d5c1a01"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a hospital knows of one person."""

    given: str
    family: str
    gender: str
    born_on: date
    conditions: tuple[tuple[str, str], ...]
    medications: tuple[str, ...]
    phq_9: int
    plan: str


SENT = (
    Sent("Marguerite", "Delacroix-Webb", "female", date(1984, 9, 2),
         (("Major depression, single episode", "36923009"), ("Alcohol dependence", "66590003")),
         ("Sertraline 100 MG Oral Tablet", "Naltrexone 50 MG Oral Tablet"), 18, "Front Range Health Plan"),
    Sent("Desmond", "Achterberg", "male", date(1999, 1, 23),
         (("Opioid dependence", "75544000"), ("Anxiety disorder", "197480006")),
         ("Buprenorphine 8 MG / Naloxone 2 MG Sublingual Film",), 13, "Summit Medicaid"),
)  # fmt: skip


def bundle_of(sent: Sent, *, on: date) -> bytes:
    """The file that arrives, written on the day `on`."""
    resources: list[dict[str, Any]] = [
        _about("Condition", code=_coded(text, code), clinicalStatus={"coding": [{"code": "active"}]},
               onsetDateTime=str(on - timedelta(days=400)))
        for text, code in sent.conditions
    ]  # fmt: skip
    resources += [
        _about("MedicationRequest", status="active", intent="order", authoredOn=str(on),
               medicationCodeableConcept={"text": text})
        for text in sent.medications
    ]  # fmt: skip
    resources += [
        _about("Observation", status="final", effectiveDateTime=str(on), valueInteger=sent.phq_9,
               code=_coded("PHQ-9 total score", "44261-6", LOINC)),
        {"resourceType": "Coverage", "status": "active", "beneficiary": {"reference": ME},
         "payor": [{"display": sent.plan}]},
    ]  # fmt: skip
    person = {
        "resourceType": "Patient", "id": "1", "gender": sent.gender, "birthDate": str(sent.born_on),
        "name": [{"use": "official", "family": sent.family, "given": [sent.given]}],
        "telecom": [{"system": "phone", "value": "303 555 0133"}],
        "address": [{"line": ["77 Alder Court"], "city": "Denver", "state": "CO", "postalCode": "80205"}],
    }  # fmt: skip
    entries = [{"fullUrl": ME, "resource": person}, *({"resource": each} for each in resources)]
    return json.dumps({"resourceType": "Bundle", "type": "document", "entry": entries}).encode()


def _about(kind: str, **content: Any) -> dict[str, Any]:
    return {"resourceType": kind, "subject": {"reference": ME}, **content}


def _coded(text: str, code: str, system: str = SNOMED) -> dict[str, Any]:
    return {"text": text, "coding": [{"system": system, "code": code, "display": text}]}
