"""An instrument's questions as a FHIR R4 Questionnaire, with the points of every answer and how they add up. Pure."""

from collections.abc import Iterator
from typing import Any

from hearth.fhir.codes import LOINC
from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import ORDINAL, Answer, Form, Item, Question

LOCAL_ITEM = "urn:hearth:item"  # our own code system, for items that have no LOINC code
LOCAL_ANSWER = "urn:hearth:answer"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
LEAST = "http://hl7.org/fhir/StructureDefinition/minValue"
MOST = "http://hl7.org/fhir/StructureDefinition/maxValue"


def questionnaire(instrument: Instrument, form: Form) -> dict[str, Any]:
    """This form as a Questionnaire that other FHIR clients render, and score where the instrument has a total."""
    questions = {question.link_id: question for question in form.questions}
    return {
        "resourceType": "Questionnaire",
        "id": f"{instrument.id}-{form.language}",
        "language": form.language,
        "url": f"urn:hearth:questionnaire:{instrument.id}",
        "version": instrument.version,
        "name": instrument.id.replace("-", "_").upper(),
        "title": form.title,
        "status": "active",
        "subjectType": ["Patient"],
        "date": instrument.licence.checked_on.isoformat(),
        "copyright": instrument.licence.attribution,
        "code": [code_of(instrument.panel_code, instrument.id)],
        "item": [
            {"linkId": "instruction", "type": "display", "text": form.instruction},
            *(_item(instrument, item, questions) for item in instrument.items),
            *total_item(instrument),
        ],
    }


def code_of(loinc: str, local: str) -> dict[str, str]:
    """The LOINC code, or one of our own code system where LOINC has none."""
    return {"system": LOINC, "code": loinc} if loinc else {"system": LOCAL_ITEM, "code": local}


def _item(instrument: Instrument, item: Item, questions: dict[str, Question]) -> dict[str, Any]:
    question = questions[item.link_id]
    row: dict[str, Any] = {
        "linkId": item.link_id,
        "code": [code_of(item.code, f"{instrument.id}.{item.link_id}")],
        "prefix": f"{item.link_id}.",
        "text": question.text,
        "type": "integer" if item.numeric else "choice",
        "required": False,
    }
    if item.asked_if_any:
        row["enableWhen"] = [one for other in item.asked_if_any for one in _when(instrument.item(other))]
        row["enableBehavior"] = "any"
    if item.numeric:
        limits = ((LEAST, item.values[0]), (MOST, item.values[-1]))
        row["extension"] = [{"url": url, "valueInteger": value} for url, value in limits]
    else:
        row["answerOption"] = [_option(answer) for answer in question.answers]
    return row


def _when(item: Item) -> Iterator[dict[str, Any]]:
    if item.numeric:
        yield {"question": item.link_id, "operator": ">", "answerInteger": 0}
        return
    for value in item.values:
        if value > 0:
            coding = {"system": LOCAL_ANSWER, "code": str(value)}
            yield {"question": item.link_id, "operator": "=", "answerCoding": coding}


def _option(answer: Answer) -> dict[str, Any]:
    points = {"url": ORDINAL, "valueDecimal": answer.value}
    coding = {"system": LOCAL_ANSWER, "code": str(answer.value), "display": answer.text}
    return {"extension": [points], "valueCoding": coding}


def total_item(instrument: Instrument) -> Iterator[dict[str, Any]]:
    """A read-only item with the total, as soon as every scored item is answered; none where there is no total.

    Totals that leave items out, or fill them in, are ours alone: other clients wait for all answers.
    """
    if instrument.total != "sum":
        return
    yield {
        "extension": [
            {"url": CALCULATED, "valueExpression": {"language": "text/fhirpath", "expression": _sum(instrument)}}
        ],
        "linkId": "total",
        "code": [code_of(instrument.total_code, f"{instrument.id}.total")],
        "text": "Total",
        "type": "integer",
        "readOnly": True,
    }


def _sum(instrument: Instrument) -> str:
    scored = [item for item in instrument.items if item.scored]
    reverse = [item for item in scored if item.reverse]
    mirror = sum(item.values[0] + item.values[-1] for item in reverse)
    points = _points([item for item in scored if not item.reverse])
    if reverse:
        points = f"({points} + {mirror} - {_points(reverse)})"
    if instrument.multiply != 1:
        points = f"{points} * {instrument.multiply}"
    return f"iif({' and '.join(_all_answered(instrument, scored))}, {points}, {{}})"


def _all_answered(instrument: Instrument, scored: list[Item]) -> Iterator[str]:
    """That every scored item has its answer, unless what leads to it was answered with zero alone."""
    groups: dict[tuple[str, ...], list[Item]] = {}
    for item in scored:
        groups.setdefault(item.asked_if_any, []).append(item)
    for leading, items in groups.items():
        answered = f"{_answers(items)}.count() = {len(items)}"
        above_zero = " or ".join(_above_zero(instrument.item(link_id)) for link_id in leading)
        yield f"({answered} or ({above_zero}).not())" if leading else answered


def _above_zero(item: Item) -> str:
    points = "value" if item.numeric else "value.ordinal()"
    return f"{_answers([item])}.{points}.where($this > 0).exists()"


def _answers(items: list[Item]) -> str:
    links = " or ".join(f"linkId = '{item.link_id}'" for item in items)
    return f"%resource.item.where({links}).answer"


def _points(items: list[Item]) -> str:
    return f"{_answers(items)}.value.ordinal().sum()"
