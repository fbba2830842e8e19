"""A FHIR R4 document: a Composition first, then everything its sections name. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from unicodedata import category
from uuid import UUID

from hearth.fhir.codes import LOINC, PART_2, RESTRICTED

type Json = dict[str, Any]

URNS = "urn:ietf:rfc:3986"
LABELS = {"security": [RESTRICTED, PART_2]}
OF_NOBODY = ("Organization", "Practitioner", "PractitionerRole")


def urn(pk: str | UUID) -> str:
    """The full URL of a record."""
    return f"urn:uuid:{pk}"


def reference(pk: str | UUID, display: str = "") -> Json:
    """A reference to a record of the same document."""
    return {"reference": urn(pk)} | ({"display": display} if display else {})


def identifier(pk: str | UUID) -> Json:
    """What a record is known by wherever it goes: the same in every document that holds it."""
    return {"system": URNS, "value": urn(pk)}


def concept(text: str, *, system: str = "", code: str = "") -> Json:
    """A CodeableConcept: words, with their code where there is one."""
    if not code:
        return {"text": text}
    return {"coding": [({"system": system} if system else {}) | {"code": code, "display": text}], "text": text}


def coded(system: str, code: str) -> Json:
    """A CodeableConcept of one of FHIR's own code systems."""
    return {"coding": [{"system": system, "code": code}]}


def record(kind: str, pk: str | UUID, **content: Any) -> Json:
    """A record under its own id. What is empty is left out: FHIR knows no empty values."""
    filled = {name: value for name, value in content.items() if value not in (None, "", [], {})}
    return {"resourceType": kind, "id": str(pk), "language": "en", **filled}


@dataclass(frozen=True, slots=True)
class Section:
    """One section: what people read, and the records it speaks of. Rows without columns are pairs of name and words."""

    title: str
    words: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    loinc: str = ""
    records: Sequence[Json] = field(default=())

    @property
    def told(self) -> list[list[tuple[str, str]]]:
        """Each row with the names of its columns, for screens on which a row stands below the other."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def narrative(section: Section) -> Json:
    """What a section says, for readers who have nothing but the narrative."""
    parts = [f"<p>{escape(line)}</p>" for line in section.words.splitlines() if line.strip()]
    if section.rows:
        names = "".join(f"<th>{escape(name)}</th>" for name in section.columns)
        head = f"<thead><tr>{names}</tr></thead>" if names else ""
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in section.rows)
        lines = "".join(f"<tr>{line}</tr>" for line in cells)
        parts.append(f"<table>{head}<tbody>{lines}</tbody></table>")
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(parts)}</div>'}


def section_of(section: Section) -> Json:
    """This section as it stands in a Composition."""
    found: Json = {"title": section.title, "text": narrative(section)}
    if section.loinc:
        found["code"] = concept(section.title, system=LOINC, code=section.loinc)
    if section.records:
        found["entry"] = [reference(one["id"]) for one in section.records]
    return found


def document(*, pk: str, at: str, composition: Json, around: Iterable[Json], sections: Iterable[Section]) -> Json:
    """The Bundle. `composition` lacks its sections alone; `around` are the records that it names itself."""
    sections = list(sections)
    whole = composition | {"section": [section_of(one) for one in sections]}
    records = [whole, *around, *(one for each in sections for one in each.records)]
    labelled = [one if one["resourceType"] in OF_NOBODY else one | {"meta": LABELS} for one in records]
    once: dict[str, Json] = {one["id"]: printable(one) for one in labelled}
    return {
        "resourceType": "Bundle",
        "id": pk,
        "meta": LABELS,
        "language": "en",
        "identifier": identifier(pk),
        "type": "document",
        "timestamp": at,
        "entry": [{"fullUrl": urn(one["id"]), "resource": one} for one in once.values()],
    }


def printable(value: Any) -> Any:
    """The same without what neither FHIR's strings nor a narrative may hold: control characters that were pasted."""
    if isinstance(value, str):
        return "".join(sign for sign in value if sign in "\t\n\r" or _is_printable(sign))
    if isinstance(value, list):
        return [printable(one) for one in value]
    if isinstance(value, dict):
        return {name: printable(one) for name, one in value.items()}
    return value


def _is_printable(sign: str) -> bool:
    return category(sign) not in ("Cc", "Cs") and sign not in "\ufffe\uffff"
