"""What somebody answered as a FHIR R4 QuestionnaireResponse. Pure."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hearth.measures.fhir import LOCAL_ANSWER
from hearth.measures.instrument import Instrument

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def questionnaire_response(
    instrument: Instrument,
    *,
    pk: UUID,
    version: str,
    language: str,
    answers: Mapping[str, int | None],
    declined: Collection[str],
    total: int | None,
    patient_id: UUID,
    author_id: UUID | None,
    authored: datetime,
) -> dict[str, Any]:
    """These answers, whose source is always the patient. `author_id` is the staff member who wrote them down; None
    where the patient did that as well. A question that was declined says so; one that was left out is not there.
    """
    patient = {"reference": f"Patient/{patient_id}"}
    items = [*_items(instrument, answers, declined)]
    if total is not None:
        items.append({"linkId": "total", "answer": [{"valueInteger": total}]})
    return {
        "resourceType": "QuestionnaireResponse",
        "id": str(pk),
        "language": language,
        "questionnaire": f"urn:hearth:questionnaire:{instrument.id}|{version}",
        "status": "completed",
        "subject": patient,
        "authored": authored.isoformat(),
        "author": {"reference": f"Practitioner/{author_id}"} if author_id else patient,
        "source": patient,
        "item": items,
    }


def _items(
    instrument: Instrument, answers: Mapping[str, int | None], declined: Collection[str]
) -> Iterator[dict[str, Any]]:
    for item in instrument.items:
        value = answers.get(item.link_id)
        if value is not None:
            coding = {"system": LOCAL_ANSWER, "code": str(value)}
            yield {
                "linkId": item.link_id,
                "answer": [{"valueInteger": value} if item.numeric else {"valueCoding": coding}],
            }
        elif item.link_id in declined:
            yield {"linkId": item.link_id, "extension": [{"url": ABSENT, "valueCode": "asked-declined"}]}
