"""The assessment as a FHIR R4 Questionnaire, and a version of it as a QuestionnaireResponse. Pure.

What tells of substance use care carries the labels of HL7's security vocabulary, so that whoever receives it can
keep it apart (42 CFR Part 2).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hearth.background.questionnaire import Words
from hearth.background.rules import DECLINED, Item, Questions, Section
from hearth.fhir.codes import PART_2, RESTRICTED, SUBSTANCES
from hearth.measures.fhir import LOCAL_ANSWER
from hearth.measures.fhir_response import ABSENT

URL = "urn:hearth:questionnaire:background"
AUTHOR = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-author"
INLINE_LABEL = "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label"


def questionnaire(asked: Questions, words: Words, *, title: str, dated: str) -> dict[str, Any]:
    """The questions in one language, section by section."""
    return {
        "resourceType": "Questionnaire",
        "id": f"background-{words.language}",
        "language": words.language,
        "url": URL,
        "version": str(asked.version),
        "name": "BACKGROUND",
        "title": title,
        "status": "active",
        "subjectType": ["Patient"],
        "date": dated,
        "item": [_group(section, words) for section in asked.sections],
    }


def _group(section: Section, words: Words) -> dict[str, Any]:
    return {
        "linkId": f"section-{section.id}",
        "text": words.sections[section.id].staff,
        "type": "group",
        "item": [_question(item, words) for item in section.items],
    }


def _question(item: Item, words: Words) -> dict[str, Any]:
    row: dict[str, Any] = {
        "linkId": item.id,
        "text": words.items[item.id].text,
        "type": "text" if item.kind == "text" else "choice",
        "required": False,
    }
    if item.part2:
        row["extension"] = [{"url": INLINE_LABEL, "valueCoding": PART_2}]
    if item.kind == "many":
        row["repeats"] = True
    if item.kind != "text":
        row["answerOption"] = [
            {"valueCoding": {"system": LOCAL_ANSWER, "code": code, "display": said}}
            for code, said in words.items[item.id].choices
        ]
    if item.asked_if:
        row["enableBehavior"] = "any"
        row["enableWhen"] = [
            {
                "question": other,
                "operator": "=",
                "answerCoding": {"system": LOCAL_ANSWER, "code": code},
            }
            for other, codes in item.asked_if.items()
            for code in codes
        ]
    return row


def response(
    asked: Questions,
    body: Mapping[str, Any],
    *,
    pk: UUID,
    patient_id: UUID,
    author_id: UUID | None,
    authored: datetime,
    is_signed: bool,
) -> dict[str, Any]:
    """What stands in `body` (`paper.body_of`). The source is always the patient; staff who wrote an answer are its
    author, and the author of the whole is who signed it.
    """
    patient = {"reference": f"Patient/{patient_id}"}
    tells_of_substances = any(row["part2"] for row in body["items"].values())
    return {
        "resourceType": "QuestionnaireResponse",
        "id": str(pk),
        "meta": {"security": [RESTRICTED, *([PART_2, SUBSTANCES] if tells_of_substances else [])]},
        "language": body["language"],
        "questionnaire": f"{URL}|{body['questions']}",
        "status": "completed" if is_signed else "in-progress",
        "subject": patient,
        "authored": authored.isoformat(),
        "author": {"reference": f"Practitioner/{author_id}"} if author_id else patient,
        "source": patient,
        "item": [group for section in asked.sections if (group := _answered(section, body))],
    }


def _answered(section: Section, body: Mapping[str, Any]) -> dict[str, Any] | None:
    items = [_answer(item, body["items"][item.id]) for item in section.items if item.id in body["items"]]
    if section.id in body["skipped"] and not items:
        return {"linkId": f"section-{section.id}", "extension": [{"url": ABSENT, "valueCode": "asked-declined"}]}
    return {"linkId": f"section-{section.id}", "item": items} if items else None


def _answer(item: Item, row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"linkId": item.id, "text": row["text"]}
    extensions = []
    if row["by"]:
        extensions.append({"url": AUTHOR, "valueReference": {"reference": f"Practitioner/{row['by']}"}})
    if item.part2:
        extensions.append({"url": INLINE_LABEL, "valueCoding": PART_2})
    if row["value"] == DECLINED:
        extensions.append({"url": ABSENT, "valueCode": "asked-declined"})
    elif item.kind == "text":
        found["answer"] = [{"valueString": row["value"]}]
    else:
        codes = row["value"] if isinstance(row["value"], list) else [row["value"]]
        found["answer"] = [{"valueCoding": {"system": LOCAL_ANSWER, "code": code}} for code in codes]
    if extensions:
        found["extension"] = extensions
    return found
