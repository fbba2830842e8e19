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
    total: int | None,
    patient_id: UUID,
    authored: datetime,
    declined: Collection[str] = (),
    source: str = "",
    author: str = "",
) -> dict[str, Any]:
    """These answers about a patient. `source` refers to whose they are and `author` to whose hand wrote them down, as
    `RelatedPerson/<id>` and the like: left empty, the patient did. A question that was declined says so; one that was
    left out is not there.
    """
    patient = f"Patient/{patient_id}"
    items = [*_items(instrument, answers, declined)]
    if total is not None:
        items.append({"linkId": "total", "answer": [{"valueInteger": total}]})
    return {
        "resourceType": "QuestionnaireResponse",
        "id": str(pk),
        "language": language,
        "questionnaire": f"urn:hearth:questionnaire:{instrument.id}|{version}",
        "status": "completed",
        "subject": {"reference": patient},
        "authored": authored.isoformat(),
        "author": {"reference": author or patient},
        "source": {"reference": source or patient},
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
