"""A referral that arrives as a C-CDA document (HL7 CDA R2, US Realm), told as the FHIR records of a bundle.

The bundle's reader reads those, so that a person, a condition or a payer is judged alike whichever way it came. Source:
HL7 C-CDA Templates for Clinical Notes, release 2.1. What is taken, where it is coded: the person, the sender, why they
were sent, problems, medications, allergies, known measures and payers. The rest stays in the document, which is kept.
"""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from hearth.inquiry import cda_clinical
from hearth.inquiry.bundle_fhir import Json, text
from hearth.inquiry.cda_xml import (
    attribute,
    coded,
    day_of,
    inner_text,
    narrative_of,
    parsed,
    sections,
)

_SSN = "2.16.840.1.113883.4.1"
_REASON_FOR_REFERRAL = "42349-1"
_GENDERS = {"M": "male", "F": "female", "UN": "other", "UNK": "unknown"}
_NAME_USES = {"L": "official", "P": "usual", "C": "official", "OR": "official"}
_PHONE_USES = {"MC": "mobile", "HP": "home", "H": "home", "WP": "work", "BAD": "old"}
_LANGUAGES = {"en": "English", "es": "Spanish", "ase": "American Sign Language", "fr": "French", "vi": "Vietnamese"}
_RACES = {"raceCode": "race", "ethnicGroupCode": "ethnicity"}
_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_AUTHOR, _ORGANISATION, _ROLE = "urn:cda:author", "urn:cda:organisation", "urn:cda:role"


def entries(data: bytes, *, today: date) -> list[Json]:
    """The entries of a bundle that says what this document says. Raises `cda_xml.NotCda`."""
    document = parsed(data)
    narrative = narrative_of(document)
    people = document.findall("recordTarget/patientRole")
    found = [
        {"fullUrl": f"urn:cda:patient-{place}", "resource": _patient(one, place)} for place, one in enumerate(people)
    ]
    me = {"reference": "urn:cda:patient-0"}
    found += [{"resource": one} for one in cda_clinical.records(document, narrative, about=me, today=today)]
    return [*found, *_sender(document), {"resource": _letter(document, me)}]


def _patient(role: Element, place: int) -> Json:
    person = role.find("patient")
    person = person if person is not None else Element("patient")
    died = day_of(attribute(person, "sdtc:deceasedTime"))
    return {
        "resourceType": "Patient",
        "id": f"cda-{place}",
        "name": [_name(one) for one in person.findall("name")],
        "gender": _GENDERS.get(attribute(person, "administrativeGenderCode", "code") or ""),
        **({"birthDate": day_of(sent) or sent} if (sent := attribute(person, "birthTime")) else {}),
        **({"deceasedDateTime": died} if died else {}),
        "deceasedBoolean": attribute(person, "sdtc:deceasedInd") == "true",
        "maritalStatus": coded(person.find("maritalStatusCode"), {}),
        "communication": [_language(one) for one in person.findall("languageCommunication")],
        "telecom": list(_telecom(role)),
        "address": [_address(one) for one in role.findall("addr")],
        "identifier": [_identifier(one) for one in role.findall("id") if one.get("extension")],
        "contact": [_contact(one) for one in person.findall("guardian")],
        "extension": [
            {"url": _CORE + kind, "extension": [{"url": "ombCategory", "valueCoding": coded(one, {}) | _shown(one)}]}
            for name, kind in _RACES.items()
            for one in person.findall(name)
        ],
    }


def _shown(element: Element) -> Json:
    return {"display": element.get("displayName"), "code": element.get("code")}


def _name(name: Element) -> Json:
    given = [said for one in name.findall("given") if (said := inner_text(one))]
    whole = {} if given or name.find("family") is not None else {"text": inner_text(name)}
    return {
        "use": _NAME_USES.get((name.get("use") or "L").split(" ")[0]),
        "family": inner_text(name.find("family")),
        "given": given,
        "suffix": [said for one in name.findall("suffix") if (said := inner_text(one))],
        **whole,
    }


def _language(sent: Element) -> Json:
    code = attribute(sent, "languageCode", "code") or ""
    shown = _LANGUAGES.get(code.split("-")[0].lower(), code)
    return {
        "language": {"coding": [{"code": code, "display": shown}]} if code else {},
        "preferred": attribute(sent, "preferenceInd") == "true",
    }


def _telecom(role: Element) -> Iterator[Json]:
    for one in role.findall("telecom"):
        kind, _colon, value = (one.get("value") or "").partition(":")
        system = {"tel": "phone", "mailto": "email"}.get(kind.casefold())
        if system and value:
            yield {"system": system, "value": value, "use": _PHONE_USES.get((one.get("use") or "").split(" ")[0])}


def _address(sent: Element) -> Json:
    return {
        "line": [said for one in sent.findall("streetAddressLine") if (said := inner_text(one))],
        "city": inner_text(sent.find("city")),
        "state": inner_text(sent.find("state")),
        "postalCode": inner_text(sent.find("postalCode")),
        "country": inner_text(sent.find("country")),
    }


def _identifier(sent: Element) -> Json:
    root = sent.get("root", "")
    system = "http://hl7.org/fhir/sid/us-ssn" if root == _SSN else f"urn:oid:{root}"
    return {"system": system, "value": sent.get("extension")}


def _contact(guardian: Element) -> Json:
    name = guardian.find("guardianPerson/name")
    relationship = coded(guardian.find("code"), {})
    return {
        "name": _name(name) if name is not None else {},
        "relationship": [relationship if relationship.get("coding") else {"text": "Guardian"}],
        "telecom": list(_telecom(guardian)),
    }


def _sender(document: Element) -> list[Json]:
    """Who wrote the document and for whom, as FHIR says it."""
    author = document.find("author/assignedAuthor")
    author = author if author is not None else Element("assignedAuthor")
    keeper = document.find("custodian/assignedCustodian/representedCustodianOrganization")
    houses = [one for one in (author.find("representedOrganization"), keeper) if one is not None]
    house = next((one for one in houses if inner_text(one.find("name"))), Element("organisation"))
    name = author.find("assignedPerson/name")
    people = [_name(name)] if name is not None else []
    organisation = {"resourceType": "Organization", "name": inner_text(house.find("name"))}
    return [
        {
            "fullUrl": _AUTHOR,
            "resource": {"resourceType": "Practitioner", "name": people, "telecom": list(_telecom(author))},
        },
        {"fullUrl": _ORGANISATION, "resource": organisation | {"telecom": list(_telecom(house))}},
        {
            "fullUrl": _ROLE,
            "resource": {
                "resourceType": "PractitionerRole",
                "practitioner": {"reference": _AUTHOR} if people else {},
                "organization": {"reference": _ORGANISATION},
            },
        },
    ]


def _letter(document: Element, me: Json) -> Json:
    """Why the person was sent, where a section says so; else what kind of document came."""
    title = inner_text(document.find("title")) or attribute(document, "code", "displayName")
    on = day_of(attribute(document, "effectiveTime"))
    asked = [one for one in sections(document) if attribute(one, "code", "code") == _REASON_FOR_REFERRAL]
    said = next((words for one in asked if (words := inner_text(one.find("text")))), None)
    if said is None:
        return {
            "resourceType": "Composition", "status": "final", "title": title, "date": on,
            "author": [{"reference": _ROLE}],
        }  # fmt: skip
    return {
        "resourceType": "ServiceRequest", "status": "active", "subject": me, "code": {"text": title}, "authoredOn": on,
        "requester": {"reference": _ROLE}, "note": [{"text": text(said)}],
    }  # fmt: skip
