"""Which FHIR a bundle was written in, told by what changed between versions.

Bundles rarely say their version, so each record is asked for the signs of another one: elements and resource
types that exist there and not in R4 (hl7.org/fhir/R4/diff.html, R3/diff.html and R5/diff.html). A single odd
record does not condemn a file: signs of another version must outnumber the records that can only be R4.
"""

from collections import Counter

from hearth.inquiry.bundle_fhir import Index, Json, obj, objs

DSTU2, STU3, R5 = "DSTU2", "STU3", "R5"

_ONLY_IN = {
    DSTU2: {
        "MedicationOrder",
        "DiagnosticOrder",
        "DeviceUseRequest",
        "Conformance",
        "ImagingObjectSelection",
    },
    STU3: {
        "ProcessRequest",
        "ProcessResponse",
        "ImagingManifest",
        "EligibilityRequest",
        "DataElement",
        "Sequence",
    },
    R5: {"NutritionIntake", "EncounterHistory", "InventoryItem", "GenomicStudy", "ImagingSelection"},
}
_OLDER_THAN_R4 = {"ReferralRequest", "ProcedureRequest"}
_WITH_CONTEXT = {"Observation", "DiagnosticReport", "Condition", "Procedure", "MedicationRequest", "CarePlan"}


def other_version(index: Index) -> str | None:
    """The other version this bundle was written in; None if it is R4, or nothing says otherwise."""
    signs = Counter(version for resource in index.resources if (version := _sign(resource)))
    only_r4 = sum(_is_surely_r4(resource) for resource in index.resources)
    if not signs or signs.total() <= only_r4:
        return None
    # An element that DSTU2 and STU3 share is counted for STU3: any sign of DSTU2 decides.
    return next(version for version in (DSTU2, R5, STU3) if signs[version])


def _sign(resource: Json) -> str | None:
    kind = resource["resourceType"]
    for version, kinds in _ONLY_IN.items():
        if kind in kinds:
            return version
    if kind == "Patient":
        return DSTU2 if any(isinstance(name.get("family"), list) for name in objs(resource.get("name"))) else None
    if kind == "Condition" and ("patient" in resource or isinstance(resource.get("category"), dict)):
        return DSTU2
    if kind in ("Condition", "AllergyIntolerance") and isinstance(resource.get("clinicalStatus"), str):
        return STU3
    if kind in _OLDER_THAN_R4 or (kind in _WITH_CONTEXT and "context" in resource):
        return STU3
    if kind == "Encounter" and isinstance(resource.get("class"), list):
        return R5
    if kind == "MedicationRequest" and isinstance(resource.get("medication"), dict):
        return R5
    return None


def _is_surely_r4(resource: Json) -> bool:
    """A status as a CodeableConcept came with R4, and so did ServiceRequest."""
    kind = resource["resourceType"]
    if kind in ("Condition", "AllergyIntolerance"):
        return bool(obj(resource.get("clinicalStatus"))) and _sign(resource) is None
    return bool(kind == "ServiceRequest")
