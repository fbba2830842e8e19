"""Reading a C-CDA document's XML without trusting it: no document type, so that nothing is expanded or fetched."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from hearth.inquiry.bundle_fhir import Json, text
from hearth.inquiry.said import Said
from hearth.inquiry.said import mark as _

DEEPEST = 100
MOST_ELEMENTS = 300_000
"""A discharge summary of many years has some ten thousand. Product defaults."""
_LONGEST_WORDS = 4000  # letters, gaps included; fewer are shown
_HL7, _SDTC = "urn:hl7-org:v3 ", "urn:hl7-org:sdtc "
TYPE = "http://www.w3.org/2001/XMLSchema-instance type"
_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?\d*(?:\.\d+)?(?:[+-]\d{4})?", re.ASCII)

SYSTEMS = {
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
}
"""HL7's OIDs of code systems, as FHIR names them (terminology.hl7.org)."""


class NotCda(Exception):
    """This XML cannot be taken; `said` says why."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said


def parsed(data: bytes) -> Element:
    """The ClinicalDocument in these bytes, its elements named without HL7's namespace. Raises NotCda."""
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = reading.refuse_doctype
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.builder.data
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        if not reading.count:
            raise NotCda(_not_a_document()) from None
        told = _("The XML is damaged or cut short (line %(line)s). Please ask the sender to send the file again.")
        raise NotCda(Said(told, line=parser.ErrorLineNumber)) from None
    return reading.builder.close()


def _not_a_document() -> Said:
    return Said(
        _("The file is XML or a web page, but no C-CDA document. Please ask the sender for C-CDA, or FHIR R4 as JSON.")
    )


class _Reading:
    """One reading of one file: where it stands, and what was built of it."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.depth = self.count = 0

    def refuse_doctype(self, *_told: object) -> NoReturn:
        raise NotCda(Said(_("The file declares a document type (DOCTYPE), which no C-CDA does. It was not read.")))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.count and name != f"{_HL7}ClinicalDocument":
            raise NotCda(_not_a_document())
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise NotCda(Said(_("The file is nested too deeply to be a referral.")))
        self.builder.start(_local(name), attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(_local(name))


def _local(name: str) -> str:
    return name.removeprefix(_HL7).replace(_SDTC, "sdtc:")


def inner_text(element: Element | None) -> str | None:
    """The first words in here, in their order."""
    if element is None:
        return None
    said, length = [], 0
    for words in element.itertext():
        said.append(words)
        length += len(words)
        if length > _LONGEST_WORDS:
            break
    return text(" ".join(said))


def attribute(element: Element | None, path: str, name: str = "value") -> str | None:
    """This attribute of the first element at `path`."""
    found = element.find(path) if element is not None else None
    return text(found.get(name)) if found is not None else None


def day_of(value: str | None) -> str | None:
    """The day of an HL7 time stamp (20190512103000-0700), as FHIR writes it and as precise as it was sent."""
    found = _TIME.fullmatch(value or "")
    if found is None:
        return None
    parts = [part for part in found.groups() if part]
    try:
        date(int(parts[0]), *(int(part) for part in (*parts[1:], 1, 1)[:2]))
    except ValueError:
        return None
    return "-".join(parts)


def first_day(element: Element) -> str | None:
    """When something was or began."""
    return day_of(attribute(element, "effectiveTime")) or day_of(attribute(element, "effectiveTime/low"))


def last_day(element: Element) -> str | None:
    return day_of(attribute(element, "effectiveTime/high"))


def coded(element: Element | None, narrative: dict[str, str]) -> Json:
    """A coded value with its translations, as a CodeableConcept; `narrative` holds the words that it may point to."""
    if element is None:
        return {}
    codings = [
        {"system": SYSTEMS.get(one.get("codeSystem", ""), ""), "code": code, "display": one.get("displayName")}
        for one in (element, *element.findall("translation"))
        if (code := one.get("code"))
    ]
    shown = next((one["display"] for one in codings if one["display"]), None)
    said = shown or pointed_to(element.find("originalText"), narrative)
    return {"coding": codings, **({"text": said} if said else {})}


def pointed_to(element: Element | None, narrative: dict[str, str]) -> str | None:
    """Words that stand here, or in the narrative where this points."""
    target = attribute(element, "reference")
    return (narrative.get(target.removeprefix("#")) if target else None) or inner_text(element)


def narrative_of(document: Element) -> dict[str, str]:
    """What the narrative says at each ID that a record may point to."""
    return {its_id: said for one in document.iter() if (its_id := one.get("ID")) and (said := inner_text(one))}


def sections(document: Element) -> Iterator[Element]:
    """The sections of the body, and those within them."""
    for body in document.iterfind("component/structuredBody"):
        yield from body.iter("section")
