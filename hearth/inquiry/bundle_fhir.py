"""Reading FHIR's JSON without trusting it: each function takes anything and answers with what it promises."""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

type Json = dict[str, Any]

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"

_LONGEST_TEXT = 500
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?", re.ASCII)
_RELATIVE = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]+)?$")


def obj(value: object) -> Json:
    """This JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objs(value: object) -> list[Json]:
    """The JSON objects of this list; none for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: object) -> str | None:
    """This text on one line, without control characters or broken Unicode, of at most 500 characters."""
    if not isinstance(value, str):
        return None
    printable = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in value[: 4 * _LONGEST_TEXT])
    return " ".join(printable.split())[:_LONGEST_TEXT].rstrip() or None


def texts(value: object) -> tuple[str, ...]:
    """The texts of this list."""
    return tuple(clean for one in value if (clean := text(one))) if isinstance(value, list) else ()


def number(value: object) -> float | None:
    """This finite number; true and false are not numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def day(value: object) -> str | None:
    """The day of a FHIR date or dateTime, as precise as it was sent, in the sender's own time zone."""
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    year, month, month_day = found.groups()
    try:
        date(int(year), int(month or 1), int(month_day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, month_day) if part)


@dataclass(frozen=True, slots=True)
class Concept:
    """A CodeableConcept: its words, and its (system, code) pairs in the order they were sent."""

    text: str | None
    codes: tuple[tuple[str, str], ...]

    @property
    def system(self) -> str | None:
        return self.codes[0][0] or None if self.codes else None

    @property
    def code(self) -> str | None:
        return self.codes[0][1] if self.codes else None

    def in_system(self, system: str) -> tuple[str, ...]:
        return tuple(code for its_system, code in self.codes if its_system == system)


def concept(value: object) -> Concept:
    """A CodeableConcept, or a bare Coding; its words fall back from text to display to code."""
    whole = obj(value)
    codings = objs(whole.get("coding")) or ([whole] if "code" in whole else [])
    codes = tuple((text(one.get("system")) or "", code) for one in codings if (code := text(one.get("code"))))
    display = next((shown for one in codings if (shown := text(one.get("display")))), None)
    return Concept(text(whole.get("text")) or display or (codes[0][1] if codes else None), codes)


def concepts(value: object) -> list[Concept]:
    """The concepts of this list that say anything."""
    return [one for one in map(concept, objs(value)) if one.text]


def human_name(value: object) -> str | None:
    """A HumanName in one line: its text, else given names and family name."""
    name = obj(value)
    return text(name.get("text")) or text(" ".join((*texts(name.get("given")), text(name.get("family")) or "")))


def phone_of(resource: Json) -> str | None:
    """The first phone number of anything that has `telecom`."""
    points = objs(resource.get("telecom"))
    return next((text(one.get("value")) for one in points if one.get("system") == "phone"), None)


def period(value: object) -> tuple[str | None, str | None]:
    """First and last day of a Period."""
    return day(obj(value).get("start")), day(obj(value).get("end"))


class Index:
    """The resources of one bundle, found by whatever may stand in a reference.

    A full URL (`urn:uuid:…` or an address), `Type/id`, `#contained`, `Type?identifier=system|value`.
    """

    def __init__(self, entries: list[Json]) -> None:
        sent = (obj(entry.get("resource")) for entry in entries)
        self.resources = [one for one in sent if isinstance(one.get("resourceType"), str)]
        self._found: dict[str, Json] = {}
        for entry in entries:
            resource = obj(entry.get("resource"))
            for handle in self._handles(entry.get("fullUrl"), resource):
                self._found.setdefault(handle, resource)

    @staticmethod
    def _handles(full_url: object, resource: Json) -> Iterator[str]:
        kind, its_id = resource.get("resourceType"), resource.get("id")
        if isinstance(full_url, str):
            yield full_url
        if isinstance(its_id, str):
            yield f"{kind}/{its_id}"
            yield f"urn:uuid:{its_id}"
        for one in objs(resource.get("identifier")):
            yield f"{kind}?identifier={one.get('system')}|{one.get('value')}"

    def of(self, *kinds: str) -> list[Json]:
        """All resources of these types, in the order they were sent."""
        return [one for one in self.resources if one["resourceType"] in kinds]

    def resolve(self, reference: object, *, within: Json | None = None) -> Json:
        """The resource this Reference points to; empty if it was not sent."""
        target = obj(reference).get("reference")
        if not isinstance(target, str):
            return {}
        if target.startswith("#"):
            contained = objs(obj(within).get("contained"))
            return next((one for one in contained if one.get("id") == target[1:]), {})
        if target in self._found:
            return self._found[target]
        relative = _RELATIVE.search(target)
        return self._found.get(relative[1], {}) if relative else {}


def observations(index: Index) -> list[Json]:
    return [one for one in index.of("Observation") if one.get("status") not in ("entered-in-error", "cancelled")]


def observed_on(resource: Json) -> str | None:
    return (
        day(resource.get("effectiveDateTime"))
        or period(resource.get("effectivePeriod"))[0]
        or day(resource.get("effectiveInstant"))
        or day(resource.get("issued"))
    )


def value_of(part: Json) -> float | str | None:
    """The value of an observation, a component or an answer, whichever type it was sent as."""
    for sent in (
        obj(part.get("valueQuantity")).get("value"),
        part.get("valueInteger"),
        part.get("valueDecimal"),
    ):
        value = number(sent)
        if value is not None:
            return value
    chosen = concept(part.get("valueCodeableConcept")).text or concept(part.get("valueCoding")).text
    return chosen or text(part.get("valueString"))
