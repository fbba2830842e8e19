"""What is wrong with a document before it leaves: R4's structure, the rules of documents, lost references."""

from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

type Json = dict[str, Any]


class Faulty(Exception):
    """This document would not hold elsewhere; `faults` says why. It names places, never what stands there."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def faults(bundle: Json) -> tuple[str, ...]:
    """Everything wrong with this document; nothing if it may leave."""
    return (*_structure(bundle), *_document(bundle), *_references(bundle))


def _structure(bundle: Json) -> Iterator[str]:
    """Each record by itself: the Bundle's own model would say the same of all of them at once, and say no place."""
    for one in [bundle | {"entry": []}, *(entry["resource"] for entry in bundle["entry"])]:
        kind = one["resourceType"]
        try:
            get_fhir_model_class(kind).model_validate(one)
        except ValidationError as error:
            for fault in error.errors(include_input=False):
                yield f"{kind}: {'.'.join(map(str, fault['loc']))}: {fault['type']}."


def _document(bundle: Json) -> Iterator[str]:
    """bdl-7, bdl-9 to bdl-11 and cmp-1 of R4: hl7.org/fhir/R4/documents.html."""
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    first = bundle["entry"][0]["resource"] if bundle["entry"] else {}
    if bundle.get("type") != "document":
        yield "The Bundle is no document."
    if not bundle.get("timestamp") or not all(bundle.get("identifier", {}).get(one) for one in ("system", "value")):
        yield "The document has no identifier, or does not say when it was made."
    if first.get("resourceType") != "Composition":
        yield "The document does not begin with its Composition."
    if len(set(urls)) != len(urls):
        yield "Two records have the same full URL."
    for one in first.get("section", []):
        if not one.get("title") or not one.get("text"):
            yield "A section has no title or no narrative."


def _references(bundle: Json) -> Iterator[str]:
    """Every reference resolves, and every record is reached from the Composition."""
    found = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    reached, waiting = set(), list(found)[:1]
    while waiting:
        url = waiting.pop()
        if url in reached:
            continue
        reached.add(url)
        for target in referred(found[url]):
            if target in found:
                waiting.append(target)
            else:
                yield f"{found[url]['resourceType']} refers to a record that is not in the document."
    for url in found.keys() - reached:
        yield f"{found[url]['resourceType']} is in the document, but nothing refers to it."


def referred(value: object) -> Iterator[str]:
    """Every reference in here."""
    if isinstance(value, dict):
        if isinstance(target := value.get("reference"), str):
            yield target
        for inner in value.values():
            yield from referred(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from referred(inner)
