"""Problems, medications, allergies, measures and payers of a C-CDA document, told as FHIR records."""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from hearth.inquiry.bundle_codes import MEASURES
from hearth.inquiry.bundle_fhir import Json, text
from hearth.inquiry.cda_xml import (
    TYPE,
    attribute,
    coded,
    day_of,
    first_day,
    inner_text,
    last_day,
    pointed_to,
    sections,
)

_PROBLEM_LIST = "11450-4"
_PROBLEMS = {_PROBLEM_LIST, "11535-2", "78375-3", "46241-6"}  # with diagnoses at discharge, and on admission
_ALLERGIES, _PAYERS = {"48765-2"}, {"48768-6"}
_MEDICATIONS = {"10160-0", "10183-2", "75311-1", "42346-7"}  # taken, at discharge, on admission
_AROUND = ("act", "organizer")
_PROBLEM, _ALLERGY = "2.16.840.1.113883.10.20.22.4.4", "2.16.840.1.113883.10.20.22.4.7"
_RESOLVED, _INACTIVE = "413322009", "73425007"
_CRITICALITIES = {"CRITH": "high", "CRITL": "low", "CRITU": "unable-to-assess"}
_CRITICALITY, _PROBLEM_STATUS = "82606-5", "33999-4"
_REACTION = "2.16.840.1.113883.10.20.22.4.9"
_LOINC_OID = "2.16.840.1.113883.6.1"

type Words = dict[str, str]


def records(document: Element, narrative: Words, *, about: Json, today: date) -> Iterator[Json]:
    """What the coded entries say, `about` being the person."""
    for section in sections(document):
        code = attribute(section, "code", "code")
        if code in _PROBLEMS:
            yield from _conditions(section, narrative, about, is_list=code == _PROBLEM_LIST)
        if code in _MEDICATIONS:
            yield from _medications(section, narrative, about, today)
        if code in _ALLERGIES:
            yield from _allergies(section, narrative, about)
        if code in _PAYERS:
            yield from _coverages(section, about)
        yield from _measures(section, about)


def _within(around: Element, wanted: str, act: Element | None = None) -> Iterator[tuple[Element | None, Element]]:
    """Each statement of this kind with the act around it, however deep: a concern, a discharge medication, a list.

    What an act only refers to (REFR: how much a problem matters to the person, say) is not what it is about.
    """
    for joint in around:
        if joint.tag not in ("entry", "entryRelationship", "component") or joint.get("typeCode") == "REFR":
            continue
        for one in joint:
            if one.tag == wanted:
                yield act, one
            elif one.tag in _AROUND:
                yield from _within(one, wanted, one if one.tag == "act" else act)


def _concerns(section: Element, template: str) -> Iterator[tuple[Element | None, Element]]:
    """Each concern with what was observed; what is said not to be there is left out.

    What stands in no act must call itself by `template`: a section also holds how healthy somebody is on the whole.
    """
    for act, observation in _within(section, "observation"):
        if observation.get("negationInd") != "true" and (act is not None or _is(observation, template)):
            yield act, observation


def _is(statement: Element, template: str) -> bool:
    return any(one.get("root") == template for one in statement.findall("templateId"))


def _conditions(section: Element, narrative: Words, about: Json, *, is_list: bool) -> Iterator[Json]:
    """`is_list`: whose acts are concerns, and say whether one still has them; those around diagnoses say nothing."""
    for around, observation in _concerns(section, _PROBLEM):
        ended, act = last_day(observation), around if is_list else None
        yield {
            "resourceType": "Condition",
            "subject": about,
            "code": coded(observation.find("value"), narrative),
            "clinicalStatus": {"coding": [{"code": _status(act, observation, ended)}]},
            "onsetDateTime": first_day(observation),
            "abatementDateTime": ended,
        }


def _status(act: Element | None, observation: Element, ended: str | None) -> str:
    said = _related(observation, _PROBLEM_STATUS)
    code = attribute(said, "value", "code")
    if code == _INACTIVE or attribute(act, "statusCode", "code") in ("suspended", "aborted"):
        return "inactive"
    is_over = ended or code == _RESOLVED or attribute(act, "statusCode", "code") == "completed"
    return "resolved" if is_over else "active"


def _related(observation: Element, loinc: str) -> Element | None:
    """What is said about this observation under this code."""
    within = observation.findall("entryRelationship/observation")
    return next((one for one in within if attribute(one, "code", "code") == loinc), None)


def _medications(section: Element, narrative: Words, about: Json, today: date) -> Iterator[Json]:
    for _act, given in _within(section, "substanceAdministration"):
        if given.get("negationInd") == "true":
            continue
        material = given.find("consumable/manufacturedProduct/manufacturedMaterial")
        name = inner_text(material.find("name")) if material is not None else None
        code = coded(material.find("code") if material is not None else None, narrative)
        status, ended = attribute(given, "statusCode", "code"), last_day(given)
        if status == "completed" and _is_to_come(ended, today):  # the writing of it is completed
            status = "active"
        is_over = status != "active" or (_is_day(ended) and not _is_to_come(ended, today))
        yield {
            "resourceType": "MedicationStatement",
            "subject": about,
            "status": "active" if not is_over else "completed" if status in ("active", "completed") else "stopped",
            "medicationCodeableConcept": code if code.get("text") or not name else code | {"text": name},
            "effectivePeriod": {"start": first_day(given)},
            "dosage": [{"text": _dosage(given, narrative)}],
        }


def _is_day(told: str | None) -> bool:
    return told is not None and len(told) == len("2026-01-01")


def _is_to_come(told: str | None, today: date) -> bool:
    return told is not None and _is_day(told) and told >= today.isoformat()


def _dosage(given: Element, narrative: Words) -> str | None:
    said = pointed_to(given.find("text"), narrative)
    amount, unit = attribute(given, "doseQuantity"), attribute(given, "doseQuantity", "unit")
    return said or text(" ".join(part for part in (amount, unit if unit != "1" else None) if part))


def _allergies(section: Element, narrative: Words, about: Json) -> Iterator[Json]:
    for act, observation in _concerns(section, _ALLERGY):
        entity = observation.find("participant/participantRole/playingEntity")
        code = coded(entity.find("code") if entity is not None else None, narrative)
        name = inner_text(entity.find("name")) if entity is not None else None
        criticality = attribute(_related(observation, _CRITICALITY), "value", "code")
        reactions = [
            coded(one.find("value"), narrative)
            for one in observation.iterfind("entryRelationship/observation")
            if _is(one, _REACTION)
        ]
        is_active = attribute(act, "statusCode", "code") in ("active", None)
        yield {
            "resourceType": "AllergyIntolerance",
            "patient": about,
            "code": code if code.get("text") or not name else code | {"text": name},
            "clinicalStatus": {"coding": [{"code": "active" if is_active else "inactive"}]},
            "criticality": _CRITICALITIES.get(criticality or ""),
            "reaction": [{"manifestation": reactions}],
        }


def _coverages(section: Element, about: Json) -> Iterator[Json]:
    for policy in section.iterfind("entry/act/entryRelationship/act"):
        payer = inner_text(policy.find("performer/assignedEntity/representedOrganization/name"))
        covered = next((one for one in policy.findall("participant") if one.get("typeCode") == "COV"), None)
        group = attribute(policy, "id", "extension")
        yield {
            "resourceType": "Coverage",
            "beneficiary": about,
            "status": "active" if attribute(policy, "statusCode", "code") in ("active", "completed") else None,
            "payor": [{"display": payer}],
            "type": coded(policy.find("code"), {}),
            "subscriberId": attribute(covered, "participantRole/id", "extension"),
            "class": [{"type": {"coding": [{"code": "group"}]}, "value": group}] if group else [],
            "period": {
                "start": day_of(attribute(covered, "time/low")),
                "end": day_of(attribute(covered, "time/high")),
            },
        }


def _measures(section: Element, about: Json) -> Iterator[Json]:
    """Results of the questionnaires that are known here, wherever they stand in this section."""
    for entry in section.iterfind("entry"):
        for observation in entry.iter("observation"):
            code, value = observation.find("code"), observation.find("value")
            if code is None or value is None or code.get("code") not in MEASURES:
                continue
            if code.get("codeSystem") != _LOINC_OID:
                continue
            yield {
                "resourceType": "Observation",
                "subject": about,
                "status": "final",
                "code": coded(code, {}),
                "effectiveDateTime": first_day(observation),
                **_value(value),
            }


def _value(value: Element) -> Json:
    """A number or words, by what the element calls itself (xsi:type)."""
    kind, sent = value.get(TYPE, "").rpartition(":")[2], value.get("value", "")
    if kind in ("PQ", "INT", "REAL"):
        try:
            return {"valueQuantity": {"value": float(sent), "unit": value.get("unit")}}
        except ValueError:
            return {}
    return {"valueCodeableConcept": coded(value, {})} if value.get("code") else {"valueString": inner_text(value)}
