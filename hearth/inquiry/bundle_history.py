"""What was measured, done and visited before, read from a bundle."""

from collections.abc import Iterator
from dataclasses import replace

from hearth.inquiry.bundle_codes import MEASURES, is_behavioural, is_procedure_of_note, measure_code
from hearth.inquiry.bundle_fhir import (
    Index,
    Json,
    concept,
    concepts,
    day,
    obj,
    objs,
    observations,
    observed_on,
    period,
    text,
    value_of,
)
from hearth.inquiry.packet import Measure, Procedure, Visit

_OTHER_STAYS_SHOWN = 10
_RESULTS_SHOWN = 5


def measures(index: Index) -> tuple[Measure, ...]:
    """Known measures, sent as observations or inside questionnaires: the newest results of each."""
    found = [*_observed_measures(index), *_answered_measures(index)]
    once = {(one.loinc, one.on, one.value): one for one in reversed(found)}
    by_name = sorted(once.values(), key=lambda one: (one.instrument, str(one.value)))
    newest_first = sorted(by_name, key=lambda one: one.on or "", reverse=True)
    shown: list[Measure] = []
    for one in newest_first:
        if sum(other.loinc == one.loinc for other in shown) < _RESULTS_SHOWN:
            shown.append(one)
    return tuple(shown)


def _observed_measures(index: Index) -> Iterator[Measure]:
    for resource in observations(index):
        for part in (resource, *objs(resource.get("component"))):
            code, value = measure_code(concept(part.get("code"))), value_of(part)
            if code and value is not None:
                unit = text(obj(part.get("valueQuantity")).get("unit"))
                yield Measure(MEASURES[code], code, value, unit, observed_on(resource))


def _answered_measures(index: Index) -> Iterator[Measure]:
    for response in index.of("QuestionnaireResponse"):
        if response.get("status") == "entered-in-error":
            continue
        waiting = objs(response.get("item"))
        while waiting:
            item = waiting.pop()
            answers = objs(item.get("answer"))
            waiting += [
                *objs(item.get("item")),
                *(deeper for one in answers for deeper in objs(one.get("item"))),
            ]
            code = (text(item.get("linkId")) or "").rsplit("/", 1)[-1]
            value = next((said for one in answers if (said := value_of(one)) is not None), None)
            if value is not None and code in MEASURES:
                yield Measure(MEASURES[code], code, value, None, day(response.get("authored")))


def procedures(index: Index) -> tuple[Procedure, ...]:
    """Procedures an intake should know of (screening, counselling, treatment), newest first."""
    told: dict[object, Procedure] = {}
    for resource in index.of("Procedure"):
        about = concept(resource.get("code"))
        if resource.get("status") in ("entered-in-error", "not-done") or not is_procedure_of_note(about):
            continue
        started, ended = period(resource.get("performedPeriod"))
        last, key = day(resource.get("performedDateTime")) or ended or started, about.code or about.text
        kept = told.get(key)
        told[key] = Procedure(
            text=about.text or "",
            code=about.code,
            last=max(filter(None, (kept.last if kept else None, last)), default=None),
            times=(kept.times if kept else 0) + 1,
        )
    return tuple(sorted(told.values(), key=lambda one: one.last or "", reverse=True))


_KINDS = {"IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient", "EMER": "emergency"}


def visits(index: Index) -> tuple[Visit, ...]:
    """All visits for mental health or substance use and the newest other stays, newest first."""
    found = [one for resource in index.of("Encounter") if (one := _visit(index, resource))]
    told: dict[object, Visit] = {}
    for one in sorted(found, key=lambda one: one.started or "", reverse=True):
        key = ("outpatient", one.reason or one.text) if one.kind == "outpatient" else id(one)
        told[key] = replace(told[key], times=told[key].times + 1) if key in told else one
    newest_first = list(told.values())
    others = [one for one in newest_first if not one.behavioural and one.kind != "outpatient"][:_OTHER_STAYS_SHOWN]
    return tuple(one for one in newest_first if one.behavioural or one in others)


def _visit(index: Index, resource: Json) -> Visit | None:
    if resource.get("status") in ("entered-in-error", "cancelled", "planned"):
        return None
    types, reasons = concepts(resource.get("type")), concepts(resource.get("reasonCode"))
    started, ended = period(resource.get("period"))
    place = resource.get("serviceProvider")
    return Visit(
        kind=_KINDS.get(concept(resource.get("class")).code or "", "outpatient"),
        text=types[0].text if types else None,
        reason=reasons[0].text if reasons else None,
        behavioural=any(is_behavioural(one) for one in (*types, *reasons)),
        started=started,
        ended=ended,
        place=text(index.resolve(place).get("name")) or text(obj(place).get("display")),
    )
