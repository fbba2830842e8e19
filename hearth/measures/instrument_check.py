"""What is wrong with an instrument's files, one sentence each. Pure: reads files, writes nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from fhir.resources.R4B.questionnaire import Questionnaire
from pydantic import ValidationError

from hearth.fhir.codes import LOINC
from hearth.measures.fhir import total_item
from hearth.measures.instrument import BrokenInstrument, Instrument, is_number, read
from hearth.measures.instrument_parts import ORDINAL, LicenceStatus, Severity


def problems(folder: Path) -> tuple[str, ...]:
    """Everything wrong with the instrument in this folder; empty if it is sound."""
    forms = sorted(folder.glob("questionnaire.*.json"))
    broken = [sentence for path in forms for sentence in _not_fhir(path)]
    if broken:
        return tuple(broken)
    try:
        instrument = read(folder)
    except BrokenInstrument as error:
        return error.problems
    scoring = folder / "scoring.toml"
    found = [f"{scoring}: {sentence}" for sentence in _scoring(instrument, folder.name)]
    for path in forms:
        found += [f"{path}: {sentence}" for sentence in _questionnaire(path, instrument)]
    return tuple(found)


def _not_fhir(path: Path) -> Iterator[str]:
    try:
        Questionnaire.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except json.JSONDecodeError as error:
        yield f"{path}: this is not JSON: {error}."
    except ValidationError as error:
        for one in error.errors():
            yield f"{path}: not a FHIR Questionnaire at {'.'.join(map(str, one['loc']))}: {one['msg']}."


def _scoring(instrument: Instrument, folder_name: str) -> Iterator[str]:
    links = [item.link_id for item in instrument.items]
    if instrument.id != folder_name:
        yield f"the id “{instrument.id}” is not the folder's name."
    if len(set(links)) != len(links):
        yield "two items have the same link id."
    for item in instrument.items:
        if len(item.values) < 2 or list(item.values) != sorted(set(item.values)):
            yield f"item {item.link_id} needs at least two values in rising order."
    for link_id in sorted(_named_items(instrument) - set(links)):
        yield f"a rule names item {link_id}, which does not exist."
    yield from _ranges(instrument)
    if instrument.asked_of not in ("patient", "guardian"):
        yield f"it is asked of “{instrument.asked_of}”, who is not known."
    if instrument.licence.status not in get_args(LicenceStatus):
        yield f"the licence status “{instrument.licence.status}” is not known."
    if instrument.licence.status == "permission" and instrument.forms:
        yield "its words need the holder's permission and may not ship."
    if instrument.licence.status != "ours" and not instrument.licence.source.startswith("https://"):
        yield "the licence has no source."
    if instrument.validated and not instrument.bands_paper:
        yield "no paper is named for its bands or cut-off."


def _named_items(instrument: Instrument) -> set[str]:
    named = {rule.item for rule in instrument.alerts} | set(instrument.positive_if_any)
    named |= {need.item for need in instrument.needs} | {instrument.acute_item} - {""}
    named |= {link_id for band in instrument.item_bands for link_id, _ in band.items}
    for order in instrument.lists:
        named |= set(order) - set(instrument.headings)
    for subscale in instrument.subscales:
        named |= set(subscale.items)
    for cluster in instrument.pattern.clusters if instrument.pattern else ():
        named |= set(cluster.items)
    for item in instrument.items:
        named |= set(item.asked_if_any)
    return named


def _ranges(instrument: Instrument) -> Iterator[str]:
    low, high = instrument.lowest, instrument.highest
    least = [band.least for band in instrument.bands]
    if least and (least != sorted(set(least)) or least[0] != low or least[-1] > high):
        yield f"the bands must rise from {low} and stay within {high}."
    for cut in instrument.cuts:
        if not low <= cut.least <= high:
            yield f"the cut-off {cut.least} lies outside {low} to {high}."
    for one in instrument.subscale_alerts:
        if one.subscale not in {subscale.name for subscale in instrument.subscales}:
            yield f"an alert names the subscale “{one.subscale}”, which does not exist."
    severities = [rule.severity for rule in instrument.alerts]
    severities += [one.severity for one in instrument.subscale_alerts]
    severities += [one.severity for one in instrument.total_alerts]
    severities += [instrument.silence.severity] if instrument.silence else []
    for severity in severities:
        if severity not in get_args(Severity):
            yield f"the severity “{severity}” is not known."
    for alert in instrument.total_alerts:
        if alert.when not in ("at_least", "at_most") or not low <= alert.total <= high:
            yield f"the alert on a total of {alert.total} is malformed."


def _questionnaire(path: Path, instrument: Instrument) -> Iterator[str]:
    resource = json.loads(path.read_text(encoding="utf-8"))
    language = path.name.split(".")[1]
    if resource["language"] != language:
        yield f"its language “{resource['language']}” is not its file's."
    if resource["version"] != instrument.version:
        yield f"its version {resource['version']} is not the scoring's {instrument.version}."
    if not resource.get("copyright"):
        yield "whose words these are is not said."
    if [row for row in resource["item"] if row.get("readOnly")] != list(total_item(instrument)):
        yield "its total does not add up as the scoring says."
    rows = [row for row in resource["item"] if row["type"] == "choice" or is_number(row)]
    asked, scored = [row["linkId"] for row in rows], [item.link_id for item in instrument.items]
    if asked != scored:
        yield f"it asks items {', '.join(asked)}, but the scoring knows {', '.join(scored)}."
        return
    for row, item in zip(rows, instrument.items, strict=True):
        if not item.numeric and _points(row) != item.values:
            yield f"the answers of item {item.link_id} have other points than the scoring."
        if _code(row) != item.code:
            yield f"item {item.link_id} has another LOINC code than the scoring."


def _points(row: dict[str, Any]) -> tuple[int, ...]:
    extensions = [one["extension"][0] for one in row["answerOption"]]
    return tuple(sorted(int(one["valueDecimal"]) for one in extensions if one["url"] == ORDINAL))


def _code(row: dict[str, Any]) -> str:
    return next((one["code"] for one in row.get("code", ()) if one["system"] == LOINC), "")
